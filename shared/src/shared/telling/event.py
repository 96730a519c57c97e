"""What happened to an account, and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.telling.message import Message


class Happening(Protocol):
    """Something that happened to an account: an entry of its history, or of a notice."""

    @property
    def type(self) -> str:
        """Give the wire name of the event."""

    @property
    def by(self) -> str:
        """Tell who did it."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Give the event's data."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """The sentence for what the person did, for what the system did, and for when there is no name to tell.

    *by_reason* has other ones where the event tells a reason, or what else *by* names, for which the usual one would
    mislead; *by_type* has other ones, first for what the person did, for types of methods that it does not suit.
    """

    icon: str
    you: Message
    system: Message
    nameless: Message | None = None
    by_reason: Mapping[str, Message] = field(default_factory=dict)
    by: str = "reason"
    by_type: Mapping[str, tuple[Message, Message]] = field(default_factory=dict)
