"""Languages in which texts of others are written: what they are called, and which way they run."""

from babel import Locale, UnknownLocaleError


def direction_of_text(tag: str) -> str:
    """Tell which way a text in the language *tag* (BCP 47) runs, as HTML's `dir` says it."""
    known = _known(tag)
    return known.text_direction if known else "auto"


def own_name(tag: str) -> str:
    """Name a language as those who speak it do."""
    known = _known(tag)
    return _capital(known.get_display_name(known) or tag) if known else tag


def name_in(tag: str, locale: Locale) -> str:
    """Name a language as it stands within a sentence in another one."""
    known = _known(tag)
    return (known.get_display_name(locale) or tag) if known else tag


def is_same_language(tag: str, other: str) -> bool:
    """Tell whether who reads the one reads the other: regions differ in little."""
    return tag.partition("-")[0] == other.partition("-")[0]


def _known(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
