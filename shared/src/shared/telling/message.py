"""A text that is marked where it is written and translated when it is shown."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from shared.telling.languages import locale_of
from shared.telling.translations import load

_RIGHT_TO_LEFT = {"R", "AL", "AN", "RLE", "RLO", "RLI"}


@dataclass(frozen=True, slots=True)
class Message:
    """A text with `%(field)s` in it; with *many* there are two forms and the field *by* tells which."""

    one: str
    many: str | None = None
    by: str | None = None

    def said(self, language: str, fields: Mapping[str, Any] | None = None) -> str:
        """Give the text in *language*; a field that it needs and does not get raises `KeyError`."""
        translations = load(language)
        fields = fields or {}
        if self.many is None or self.by is None:
            text = translations.gettext(self.one)
        else:
            text = translations.ngettext(self.one, self.many, fields[self.by])
        return text % {name: _shown(value, language) for name, value in fields.items()}


def marked(text: str) -> Message:
    """Mark *text* for translation."""
    return Message(text)


def counted(one: str, many: str, *, by: str) -> Message:
    """Mark a text that depends on the number in the field *by*."""
    return Message(one, many, by)


def isolated(label: str) -> str:
    """Keep a label that runs from right to left from reordering the sentence around it (UAX #9)."""
    if any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in label):
        return f"\N{FIRST STRONG ISOLATE}{label}\N{POP DIRECTIONAL ISOLATE}"
    return label


def _shown(value: Any, language: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return format_decimal(value, locale=locale_of(language))
    return isolated(str(value))
