"""What a search looks through: what an entry shows in any language of the portal, without case and diacritics."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.privacy import SIGN_IN
from shared.telling import event_sentence
from shared.telling.languages import LANGUAGES, locale_of

_UNHEARD = {"Mn", "Cf"}
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "’": "'"}  # noqa: RUF001  # as people write them
    | dict.fromkeys('“”„«»"', "")
)
"""Letters that have no mark to leave out, and marks of quotation, which nobody types as they are shown."""


@dataclass(frozen=True, slots=True)
class _Happened:
    type: str
    by: str
    facts: Mapping[str, Any]


def folded(text: str) -> str:
    """Give *text* without case, diacritics and marks of quotation, as it is searched."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(sign for sign in plain if unicodedata.category(sign) not in _UNHEARD).translate(_LETTERS)


def words_of(type_: str, by: str, client: Mapping[str, str], facts: Mapping[str, Any]) -> str:
    """Gather what a search may find: what an entry shows, but for its time, who did it and the portal's own name."""
    shown = dict.fromkeys(_shown(_Happened(type_, by, facts), client))
    return " ".join(folded(" ".join(shown)).split())


def searched(q: str | None) -> list[str]:
    """Give the words that an entry must hold, each of them anywhere."""
    return folded(q).split() if q else []


def _shown(happened: _Happened, client: Mapping[str, str]) -> Iterator[str]:
    yield _joined(client.get("browser"), client.get("os"))
    for language in LANGUAGES:
        country = client.get("country")
        yield event_sentence(happened, language, product="")
        yield _joined(client.get("city"), locale_of(language).territories.get(country or "", country))
    if happened.type == SIGN_IN:
        yield " ".join(happened.facts[name] for name in ("organization_name", "ip") if name in happened.facts)


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
