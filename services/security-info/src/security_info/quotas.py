"""How many codes are sent in an hour, and how close to each other. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.security_info import TooManySends

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many codes go to one account in an hour, and how far apart; and how many to one target, whosever it is."""

    sends: int = 5
    pause: timedelta = timedelta(seconds=30)


def free_at(sends: tuple[datetime, ...], now: datetime, allowance: Allowance) -> datetime:
    """Tell from when on there is room for one more send; *now* where there is."""
    recent = within(sends, now)
    room_at = recent[-allowance.sends] + WINDOW if len(recent) >= allowance.sends else now
    rested_at = recent[-1] + allowance.pause if recent else now
    return max(now, room_at, rested_at)


def within(sends: tuple[datetime, ...], now: datetime) -> tuple[datetime, ...]:
    """Give the sends that still count."""
    return tuple(at for at in sends if now - at < WINDOW)


def one_more(sends: tuple[datetime, ...], now: datetime, allowance: Allowance) -> tuple[datetime, ...]:
    """Give the sends that count with one more, or raise `TooManySends`."""
    refuse_until(free_at(sends, now, allowance), now)
    return (*within(sends, now), now)


def refuse_until(moment: datetime, now: datetime) -> None:
    """Raise `TooManySends` where the moment is yet to come."""
    if moment > now:
        raise TooManySends(until=moment, retry_after=int((moment - now).total_seconds()) + 1)
