"""Words for the terms of the Data Privacy Vocabulary; one without any is told as what its organization calls it."""

import re
from collections.abc import Iterable

from markupsafe import Markup

from gateway.words.data_categories import CATEGORIES
from gateway.words.data_purposes import PURPOSES_OF_USE
from gateway.words.legal_bases import BASES, OBJECT
from shared.telling.message import Message, marked

SOURCES: dict[str, Message] = {
    "person": marked("You"),
    "organization": marked("The organization"),
    "observed": marked("What you do in its systems"),
    "other": marked("Somebody else"),
}
_ITS_OWN = marked("“%(term)s” (in its own words)")
_NAME = re.compile(r"[A-Za-z]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def category_said(term: str, language: str) -> str:
    """Tell what a category of data is."""
    return _said(CATEGORIES.get(term), term, language)


def purpose_said(term: str, language: str) -> str:
    """Tell what data is used for."""
    return _said(PURPOSES_OF_USE.get(term), term, language)


def basis_said(term: str, language: str) -> str:
    """Tell why data may be used."""
    words = BASES.get(term)
    return _said(words.label if words else None, term, language)


def basis_right(term: str, language: str) -> str | None:
    """Tell what one can do about it, as far as it is known."""
    words = BASES.get(term)
    return words.right.said(language) if words and words.right else None


def objectable(terms: Iterable[str]) -> bool:
    """Tell whether there is a basis among these to which one can object."""
    return any(BASES[term].right is OBJECT for term in terms if term in BASES)


def basis_cited(term: str, language: str) -> str | None:
    """Tell where the law says so, as far as it is known."""
    words = BASES.get(term)
    return words.cited.said(language, {"letter": words.letter}) if words and words.letter else None


def source_said(source: str, language: str) -> str:
    """Tell where data comes from; a source that is newer than this gateway is somebody else."""
    return SOURCES.get(source, SOURCES["other"]).said(language)


def readable(term: str) -> str:
    """Make words of a term's name: `pd:EyeColour` is "Eye colour", and `xx:A49-1-a` stays "A49-1-a"."""
    name = term.partition(":")[2] or term
    if not _NAME.fullmatch(name):
        return name
    words = " ".join(part if part.isupper() else part.lower() for part in _PARTS.findall(name))
    return words[:1].upper() + words[1:]


def _said(words: Message | None, term: str, language: str) -> str:
    if words:
        return words.said(language)
    name = Markup('<span lang="en" dir="ltr">{}</span>').format(readable(term))  # names of terms are English
    return Markup(_ITS_OWN.said(language, {"term": name}))  # noqa: S704 - a text of ours around what is escaped
