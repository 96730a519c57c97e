"""What a carrier takes, and how it says that it could not."""

from dataclasses import dataclass, field
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail in one language, as text and as HTML."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    id: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text message to a telephone number (E.164)."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    id: str


@dataclass(frozen=True, slots=True)
class Call:
    """What a voice says to a telephone number (E.164), digits one by one."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    id: str


Message: TypeAlias = Mail | Text | Call


class NotNow(Exception):  # noqa: N818  # reads as what it says
    """The letter could not be carried now; later it may. The reason names no number and no address."""


class Never(Exception):  # noqa: N818  # reads as what it says
    """The letter will never be carried: the other side refused it for good."""


class Overtaken(Never):
    """The letter says what is not so any more."""


class Carrier(Protocol):
    """Carry messages of one channel."""

    async def carry(self, message: Message) -> None:
        """Carry a message, or raise `NotNow` or `Never`; the same message may come twice, with the same id."""
