"""A letter as a rule writes it: what kind it is, where it goes, and until when it is worth sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Channel: TypeAlias = Literal["mail", "text", "call"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter; *to* and *fields*, which may hold a code, are sealed, and no log, event or error shows them.

    *kind* names the words. After *expires_at* it is abandoned, unsent. *due_at* may be later than now, to let what
    follows at once come along. *about* is opaque and small, and goes out with the news of what became of it.
    """

    id: str
    kind: str
    channel: Channel
    to: str = field(repr=False)
    language: str
    expires_at: datetime
    due_at: datetime
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits in a document, sealed, with what has been tried."""

    key: str
    id: str
    kind: str
    channel: Channel
    language: str
    due_at: datetime
    expires_at: datetime
    attempts: int
    about: str | None
    content: bytes = field(repr=False)


def place_of(letter_id: str) -> str:
    """Name the place that a letter's content is sealed for."""
    return f"letters.{letter_id}"
