"""How much is sent: to one account, to one target, and at all. Pure."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from shared.contracts.security_info import TooManySends
from shared.deciding import Decision
from shared.facts import Facts

WINDOW = timedelta(hours=1)
SENDS = 5
"""Sends in an hour, to one account and to one target."""
PAUSE = timedelta(seconds=30)
"""Between two sends to one account."""


class Sends(BaseModel):
    """When something was sent to a target, or at all; a target goes by a keyed hash."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    at: tuple[datetime, ...] = ()


def after(
    sends: tuple[datetime, ...], now: datetime, *, limit: int, pause: timedelta = timedelta()
) -> tuple[datetime, ...]:
    """Give the sends of the window with one more; raises `TooManySends` with the moment from when there is room."""
    recent = tuple(at for at in sends if now - at < WINDOW)
    free_at = now
    if len(recent) >= limit:
        free_at = recent[-limit] + WINDOW
    if recent and now - recent[-1] < pause:
        free_at = max(free_at, recent[-1] + pause)
    if free_at > now:
        raise TooManySends(until=free_at, retry_after=int((free_at - now).total_seconds()) + 1)
    return (*recent, now)


def reserve(sends: Sends, facts: Facts, *, limit: int) -> Decision[Sends]:
    """Reserve one send, before it is made: of many at once only as many as there may be get on."""
    return Decision(Sends(at=after(sends.at, facts.now, limit=limit)))
