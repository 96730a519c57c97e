"""Words for the terms of the Data Privacy Vocabulary; a term without any shows its own name, readably."""

import re

from markupsafe import Markup

from gateway.words.data_categories import CATEGORIES
from gateway.words.data_purposes import PURPOSES_OF_USE
from gateway.words.legal_bases import BASES, CITED
from shared.telling.message import Message, marked

SOURCES: dict[str, Message] = {
    "person": marked("You"),
    "organization": marked("The organization"),
    "observed": marked("What you do in its systems"),
    "other": marked("Somebody else"),
}
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


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


def basis_more(term: str, language: str) -> tuple[str, ...]:
    """Tell what one can do about it and where the law says so, as far as it is known."""
    words = BASES.get(term)
    if words is None:
        return ()
    right = (words.right.said(language),) if words.right else ()
    return (*right, CITED.said(language, {"letter": words.letter})) if words.letter else right


def source_said(source: str, language: str) -> str:
    """Tell where data comes from; a source that is newer than this gateway is somebody else."""
    return SOURCES.get(source, SOURCES["other"]).said(language)


def readable(term: str) -> str:
    """Make words of a term's name: `pd:EyeColour` is "Eye colour"."""
    name = term.partition(":")[2] or term
    parts = _PARTS.findall(name)
    words = " ".join(part if part.isupper() else part.lower() for part in parts) or name
    return words[:1].upper() + words[1:]


def _said(words: Message | None, term: str, language: str) -> str:
    if words:
        return words.said(language)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(readable(term))  # the vocabulary's names are English
