"""Where documents lie: what a store needs of a database, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shared.letters import Channel, Waiting


class LettersFull(Exception):  # noqa: N818  # reads as what it says
    """The document has as many letters to send as it may hold."""


class OutboxFull(Exception):  # noqa: N818  # reads as what it says
    """The document has as much to announce as it may hold: the broker has been away for long."""


MOST_WAITING = 1_000
"""Events that a document holds until the broker takes them."""
MOST_LETTERS = 100
"""Letters that a document holds until they are sent or given up."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A change to a document: top-level fields, the command that made it, its news, and letters that come and go.

    Letters come or go in one change, never both.
    """

    fields: Mapping[str, Any]
    command_id: str
    command: Mapping[str, Any]
    forget: Sequence[str] = ()
    news: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    letters: Sequence[Mapping[str, Any]] = ()
    settled: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.letters and self.settled:
            raise TypeError("letters come or go in one change, never both")


class Shelf(Protocol):
    """Keep documents with a version, the commands of the last day, and an outbox.

    Every call raises `StoreUnavailable` when the database does not answer in time.
    """

    async def load(self, key: str, *, commands: bool, without: Sequence[str] = ()) -> Mapping[str, Any] | None:
        """Give the document without its outbox and the fields *without*; with its *commands* only for a decision."""

    async def load_many(self, keys: Sequence[str], *, without: Sequence[str] = ()) -> Mapping[str, Mapping[str, Any]]:
        """Give those of the documents that there are, by their keys, without outboxes, commands and those fields."""

    async def save(self, key: str, version: int, filed: Filed) -> bool:
        """File the change in one write if the document still has *version* (0: there is none yet).

        Raises `OutboxFull` where the change has news and `MOST_WAITING` events wait already, `LettersFull` where it
        has letters and `MOST_LETTERS` wait.
        """

    async def outbox(self, key: str) -> list[Mapping[str, Any]]:
        """Give what the document has to announce, in order."""

    async def sent(self, key: str, event_ids: Sequence[str]) -> None:
        """Take announced entries out of the outbox."""

    async def park(self, key: str, event_id: str, reason: str) -> None:
        """Set an entry aside that the broker will never take, for a person to look at."""

    async def waiting(self, before: datetime, limit: int, *, skip: int = 0) -> list[str]:
        """Name documents that have had something to announce since *before*, the longest waiting first."""

    async def letters(self, key: str) -> list[Waiting]:
        """Give the letters that a document has to send, the first due first."""

    async def claim(self, letter: Waiting, until: datetime) -> Waiting | None:
        """Take a letter to be sent, for oneself until then; None where someone else did, or it is gone.

        Counts as an attempt: whoever dies after sending it is followed by another attempt when the claim ends.
        """

    async def postpone(self, letter: Waiting, until: datetime) -> None:
        """Let a letter, as it was claimed, wait until then; someone else's by now is left to them."""

    async def with_letters_due(
        self,
        before: datetime,
        limit: int,
        *,
        skip: int = 0,
        channel: Channel | None = None,
        expiring: datetime | None = None,
    ) -> list[str]:
        """Name documents that have a letter due *before*, the longest due first.

        With a *channel* only letters of it count, with *expiring* only those that expire before then.
        """
