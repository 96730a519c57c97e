"""Countries to choose from for a telephone number: their names, their calling codes, and which one is likely."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.core import get_global

_LAST = {"sv": "åäö"}
"""Letters that come after z, by language, where they are letters of their own."""
_AFTER_Z = "{|}~"


@dataclass(frozen=True, slots=True)
class Country:
    """A country as it is chosen: its code (ISO 3166-1 alpha-2), its name, and what its numbers begin with."""

    code: str
    name: str
    calling_code: str


def countries_of(codes: Iterable[str], locale: Locale) -> tuple[Country, ...]:
    """Give the countries whose numbers are known, by name as *locale* sorts them."""
    known = (
        Country(code, str(locale.territories.get(code, code)), f"+{calling_code}")
        for code in codes
        if (calling_code := phonenumbers.country_code_for_region(code))
    )
    return tuple(sorted(known, key=lambda country: place_in_order(country.name, locale.language)))


def likely(countries: tuple[Country, ...], locale: Locale, zone: ZoneInfo | None, visited_from: str | None) -> str:
    """Choose one to begin with: of the visit, else of its time zone, else of the language, else the first."""
    codes = [country.code for country in countries]
    home = get_global("likely_subtags").get(locale.language, "")
    wished = (visited_from, get_global("zone_territories").get(zone.key) if zone else None, home.rpartition("_")[2])
    return next((code for code in wished if code in codes), codes[0] if codes else "")


def place_in_order(name: str, language: str) -> str:
    """Give what sorts *name* where those who read *language* look for it."""
    own = dict(zip(_LAST.get(language, ""), _AFTER_Z, strict=False))
    return "".join(own.get(sign) or unicodedata.normalize("NFD", sign)[0] for sign in name.casefold())
