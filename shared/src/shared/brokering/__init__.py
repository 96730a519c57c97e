"""The street of news: how events leave a process and how they come in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Protocol, TypeAlias


class Verdict(Enum):
    """What became of a delivered event."""

    DONE = "done"
    AGAIN = "again"
    """It failed; it is handed back after a pause and counted."""
    NEVER = "never"
    """It is not an event that may be taken here; it goes to the dead letters."""


class Unreachable(Exception):  # noqa: N818  # reads as what it says
    """The broker did not confirm; whether it has the event is not known."""


class NotTaken(Unreachable):
    """The broker is there and did not take this one event now: a queue is full or a binding is missing."""


class Rejected(Exception):  # noqa: N818  # reads as what it says
    """The broker will never take this event as it is."""


Take: TypeAlias = Callable[[bytes, str | None, int], Awaitable[Verdict]]
"""Take a message: its body, the broker user that published it, and how often it was delivered before."""


class Broker(Protocol):
    """Carry events; `RabbitBroker` over the network, `LocalBroker` inside one process."""

    async def publish(self, event: Mapping[str, Any]) -> None:
        """Return when the event is safe; raise `Unreachable` or `Rejected`."""

    async def consume(self, queue: str, names: Sequence[str], take: Take, *, ready: Callable[[bool], None]) -> None:
        """Feed *take* with events of these *names* until cancelled; tell *ready* while it does."""

    async def answers(self) -> bool:
        """Tell whether events can be published now."""

    async def close(self) -> None:
        """Let the connections go."""
