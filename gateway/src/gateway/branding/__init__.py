"""The organization's name, logo and accent colour, in place of our own."""

import hashlib
from pathlib import Path
from typing import Final

from aiohttp import web

from gateway.branding.accent import mark, stylesheet
from gateway.branding.logo import Logo

__all__ = ["PREFIX", "PRODUCT", "Brand", "Logo"]

PRODUCT: Final = "My Profile"
PREFIX: Final = "/brand/"
_HASH_LENGTH = 12
_FOREVER = "public, max-age=31536000, immutable"
_ICON = Path(__file__).parent.parent / "static" / "favicon.svg"
_ICON_COLOUR = "#3a45b5"
"""The only colour in our icon besides white."""


class Brand:
    """What pages are called and look like; logo and colours are served under addresses made of their content."""

    def __init__(self, name: str = PRODUCT, logo: Logo | None = None, accent: str | None = None) -> None:
        self._files: dict[str, tuple[bytes, str]] = {}
        self.name = name
        self.logo = logo and self._take("logo", logo.suffix, logo.content, logo.content_type)
        """The address of the logo, if there is one."""
        self.stylesheet = accent and self._take("accent", ".css", stylesheet(accent).encode(), "text/css")
        """The address of the stylesheet with the colours, if there are other ones than our own."""
        self.icon = (self.logo, logo.content_type) if logo and self.logo else (self._tinted(accent), "image/svg+xml")
        """The address of the icon for tabs and bookmarks, None where it is our own, and its media type."""

    async def response(self, request: web.Request) -> web.Response:
        """Answer for `/brand/{name}`; a changed file gets another address, so nobody has to ask again."""
        found = self._files.get(request.match_info["name"])
        if found is None:
            return web.Response(status=404, text="404: Not Found")
        content, content_type = found
        return web.Response(body=content, headers={"Cache-Control": _FOREVER, "Content-Type": content_type})

    def _tinted(self, accent: str | None) -> str | None:
        if accent is None:
            return None
        content = _ICON.read_text().replace(_ICON_COLOUR, str(mark(accent))).encode()
        return self._take("icon", ".svg", content, "image/svg+xml")

    def _take(self, stem: str, suffix: str, content: bytes, content_type: str) -> str:
        name = f"{stem}.{hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]}{suffix}"
        self._files[name] = (content, content_type)
        return PREFIX + name
