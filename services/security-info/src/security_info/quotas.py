"""How many codes are sent in an hour, and how close to each other. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.security_info import TooManySends

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many codes go to one account and to one target in an hour, and how far apart those to a target are."""

    sends: int = 5
    pause: timedelta = timedelta(seconds=30)


def free_at(sends: tuple[datetime, ...], now: datetime, allowance: Allowance) -> datetime:
    """Tell from when on an account has room for one more send; *now* where it has."""
    recent = within(sends, now)
    return recent[-allowance.sends] + WINDOW if len(recent) >= allowance.sends else now


def within(sends: tuple[datetime, ...], now: datetime) -> tuple[datetime, ...]:
    """Give the sends that still count."""
    return tuple(at for at in sends if now - at < WINDOW)


def refuse_until(moment: datetime, now: datetime) -> None:
    """Raise `TooManySends` where the moment is yet to come."""
    if moment > now:
        raise TooManySends(until=moment, retry_after=int((moment - now).total_seconds()) + 1)
