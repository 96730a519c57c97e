"""The organization's logo: a picture that can do nothing but be looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from xml.parsers import expat

_LIMIT = 64 * 1024
_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_ACTIVE = frozenset({"script", "handler", "listener", "foreignobject", "iframe", "object", "embed"})
_REACHING_OUT = re.compile(r"@import|image-set\(|src\(|url\((?!\s*['\"]?\s*#)|\\", re.IGNORECASE)
"""What loads something in CSS (Values and Units 4, section 4.5), and the escapes by which it could be hidden."""
_PNG = re.compile(rb"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR.{17}.*\x00\x00\x00\x00IEND\xae\x42\x60\x82", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that was checked."""

    content: bytes
    suffix: str
    content_type: str

    @classmethod
    def read(cls, path: str) -> Self:
        """Read an SVG or PNG file of at most 64 KiB; anything else is a `ValueError`."""
        try:
            with Path(path).open("rb") as file:
                content = file.read(_LIMIT + 1)
        except OSError as error:
            raise ValueError(f"the file cannot be read: {error.strerror}") from None
        if len(content) > _LIMIT:
            raise ValueError("the file is larger than 64 KiB")
        if _PNG.fullmatch(content):
            return cls(content, ".png", "image/png")
        _Inspector().inspect(content)
        return cls(content, ".svg", "image/svg+xml")


class _Inspector:
    """Look through an SVG for what runs, and for what reaches out of it."""

    def __init__(self) -> None:
        self._root: str | None = None
        self._styling = False
        self._style = ""

    def inspect(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError):
            raise ValueError("an SVG or PNG file is needed") from None
        _refuse_reaching_out(self._style)

    def _doctype(self, *_: object) -> None:
        raise ValueError("the SVG has a document type, which it does not need")

    def _instruction(self, *_: object) -> None:
        raise ValueError("the SVG holds a processing instruction")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self._root is None:
            self._root = name
            if name != f"{_SVG} svg":
                raise ValueError("an SVG or PNG file is needed")
        if local.casefold() in _ACTIVE or space == _XHTML:
            raise ValueError(f"the SVG holds something that may run: {local}")
        self._styling = local.casefold() == "style"
        for attribute, value in attributes.items():
            _check(attribute.rpartition(" ")[2].casefold(), value)

    def _end(self, _name: str) -> None:
        self._styling = False

    def _text(self, text: str) -> None:
        if self._styling:
            self._style += text


def _check(attribute: str, value: str) -> None:
    changed = value.rpartition(":")[2].strip().casefold() if attribute == "attributename" else ""
    if attribute.startswith("on") or changed.startswith("on"):
        raise ValueError(f"the SVG holds an event handler: {changed or attribute}")
    if changed == "href" or (attribute in {"href", "src", "base"} and not value.strip().startswith("#")):
        raise ValueError("the SVG refers to something outside of it")
    _refuse_reaching_out(value)


def _refuse_reaching_out(style: str) -> None:
    if _REACHING_OUT.search(style):
        raise ValueError("the SVG refers to something outside of it")
