"""The languages that people are told things in."""

from babel import Locale

LANGUAGES = {"en": "English", "sv": "Svenska"}
PSEUDO_LANGUAGES = {"en-XA": "Pseudo", "ar-XB": "Pseudo RTL"}
DEFAULT = "en"


def locale_of(language: str) -> Locale:
    """Give the CLDR locale for dates, numbers and names of countries."""
    return Locale(DEFAULT if language in PSEUDO_LANGUAGES else language)


def direction_of(language: str) -> str:
    """Tell which way *language* is written, as HTML's `dir` says it."""
    return "rtl" if language == "ar-XB" else locale_of(language).text_direction
