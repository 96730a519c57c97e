"""A letter written out: as an e-mail in two parts that say the same, as a text message, and as a voice says it."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared.telling.languages import DEFAULT, LANGUAGES, PSEUDO_LANGUAGES, direction_of
from shared.telling.look import Look
from shared.telling.message import Message

_TEMPLATES = Path(__file__).parent / "templates"
_WIDTH = 72
_LONGEST_SUBJECT = 140


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of a letter."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What the words below are about."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code, large and easy to copy."""

    kind: ClassVar[str] = "code"
    code: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the portal; a text spells out its address."""

    kind: ClassVar[str] = "link"
    label: str
    url: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a list, and what is known of it; without a *title*, what is known of the heading."""

    title: str | None
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things."""

    kind: ClassVar[str] = "items"
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do."""

    text: str
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """Things to do, one after the other."""

    kind: ClassVar[str] = "steps"
    steps: tuple[Step, ...]


Block: TypeAlias = Paragraph | Heading | Code | Link | Items | Steps


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an e-mail says; *preheader* is shown beside the subject before it is opened."""

    subject: str
    preheader: str
    heading: str
    blocks: tuple[Block, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a letter says, for each of the channels."""

    sheet: Sheet
    text: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Speech:
    """The voice of one letter: a language, and what most of its sentences need."""

    language: str
    fields: Mapping[str, Any]

    def __call__(self, message: Message, **more: Any) -> str:
        """Say *message*."""
        return message.said(self.language, {**self.fields, **more})


@dataclass(frozen=True, slots=True)
class Written:
    """An e-mail's subject and its two parts."""

    subject: str
    text: str
    html: str


def language_of(language: str) -> str:
    """Give the language that a letter in *language* is written in: that one, where it is known here."""
    return language if language in LANGUAGES or language in PSEUDO_LANGUAGES else DEFAULT


def written(sheet: Sheet, look: Look, language: str) -> Written:
    """Write an e-mail out."""
    context = {"sheet": sheet, "look": look, "language": language, "direction": direction_of(language)}
    subject = sheet.subject
    if len(subject) > _LONGEST_SUBJECT:
        subject = f"{subject[: _LONGEST_SUBJECT - 1].rstrip()}…"
    text, html = (_environment().get_template(name).render(context) for name in ("mail.txt", "mail.html"))
    return Written(subject, text, html)


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """Break *text* into lines of at most 72 characters; a longer word, such as an address, stays whole."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters["wrapped"] = wrapped
    return made
