"""A letter as a rule writes it: what kind it is, where it goes, and until when it is worth sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

    def claimed(self, until: datetime) -> "Waiting":
        """Give the letter as it waits while it is one sender's."""
        return replace(self, due_at=whole(until), attempts=self.attempts + 1)


def whole(moment: datetime) -> datetime:
    """Give a moment in whole milliseconds, as the database gives it back: who claims or postpones compares it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def place_of(letter_id: str) -> str:
    """Name the place that a letter's content is sealed for."""
    return f"letters.{letter_id}"
