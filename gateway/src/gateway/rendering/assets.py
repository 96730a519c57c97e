"""The stylesheet, the script and the pictures: read once, named by their content, cached for good."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from aiohttp import web

STATIC = Path(__file__).parent.parent / "static"
PREFIX = "/static/"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
_HASH_LENGTH = 12
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and compressed."""

    content: bytes
    compressed: bytes
    content_type: str

    def response(self, *, compressed: bool) -> web.Response:
        """Serve the file; a changed one gets another address, so nobody has to ask again."""
        headers = {"Cache-Control": _FOREVER, "Content-Type": self.content_type, "Vary": "Accept-Encoding"}
        if compressed:
            return web.Response(body=self.compressed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=self.content, headers=headers)


class Assets:
    """The static files by their content-hashed names, `<name>.<hash>.<ext>`."""

    def __init__(self, folder: Path) -> None:
        self._urls: dict[str, str] = {}
        self._by_name: dict[str, Asset] = {}
        for file in sorted(folder.iterdir()):
            if file.suffix in _TYPES:
                self._take(file)

    @classmethod
    @cache
    def load(cls) -> Self:
        """Give the gateway's own static files, read the first time."""
        return cls(STATIC)

    def url(self, name: str) -> str:
        """Give the address of a file by its plain name; an unknown one is a `KeyError`."""
        return self._urls[name]

    def urls(self) -> Mapping[str, str]:
        """Give the addresses of all files by their plain names."""
        return self._urls

    async def response(self, request: web.Request) -> web.Response:
        """Answer for `/static/{name}`."""
        asset = self._by_name.get(request.match_info["name"])
        if asset is None:
            return web.Response(status=404, text="404: Not Found")
        return asset.response(compressed=_takes_gzip(request.headers.get("Accept-Encoding", "")))

    def _take(self, file: Path) -> None:
        content = file.read_bytes()
        hashed = f"{file.stem}.{hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]}{file.suffix}"
        self._urls[file.name] = PREFIX + hashed
        self._by_name[hashed] = Asset(content, gzip.compress(content, mtime=0), _TYPES[file.suffix])


def _takes_gzip(header: str) -> bool:
    """Tell whether an `Accept-Encoding` header (RFC 9110, section 12.5.3) asks for gzip."""
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        if coding.strip() == "gzip":
            weight = parameter.replace(" ", "").removeprefix("q=")
            return not weight or weight.strip("0.") != ""
    return False
