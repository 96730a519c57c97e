"""The languages that people are told things in."""

from functools import cache

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

LANGUAGES = {"en": "English", "sv": "Svenska"}
PSEUDO_LANGUAGES = {"en-XA": "Pseudo", "ar-XB": "Pseudo RTL"}
DEFAULT = "en"


def locale_of(language: str) -> Locale:
    """Give the CLDR locale for dates, numbers and names of countries."""
    return Locale(DEFAULT if language in PSEUDO_LANGUAGES else language)


def regional(language: str, region: str | None) -> Locale:
    """Give the CLDR locale for dates and numbers of *region* (ISO 3166-1); of the usual one where it has none there."""
    plain = locale_of(language)
    return Locale(plain.language, region if region in regions_of(plain.language) else usual_region(plain.language))


def usual_region(language: str) -> str:
    """Name the region by whose habits *language* is written where none is chosen.

    English is for readers all over the world, most of whom put the day before the month and count 24 hours.
    """
    plain = locale_of(language).language
    return "GB" if plain == DEFAULT else str(get_global("likely_subtags")[plain]).rpartition("_")[2]


@cache
def regions_of(language: str) -> frozenset[str]:
    """Name the regions for which CLDR knows how dates and numbers are written in *language*."""
    known = (Locale.parse(name) for name in locale_identifiers() if name.partition("_")[0] == language)
    return frozenset(one.territory for one in known if one.territory and one.territory.isalpha() and not one.script)


def direction_of(language: str) -> str:
    """Tell which way *language* is written, as HTML's `dir` says it."""
    return "rtl" if language == "ar-XB" else locale_of(language).text_direction
