"""How often a method may be tried: too many wrong answers in a row lock it for a purpose, for a time. Pure."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict

MOST_FAILURES = 5
"""Wrong answers in a row after which a method is locked."""
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
_DOUBLINGS = 7


class Tries(BaseModel):
    """The wrong answers since the last right one; each lock in a row is twice as long as the one before."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    failures: int = 0
    locks: int = 0
    locked_until: datetime | None = None

    def lock(self, now: datetime) -> datetime | None:
        """Give when the lock ends, where there is one."""
        return self.locked_until if self.locked_until and now < self.locked_until else None

    @property
    def left(self) -> int:
        """Give how many more wrong answers lock the method."""
        return MOST_FAILURES - self.failures

    def failed(self, now: datetime) -> Self:
        """Count a wrong answer."""
        failures = self.failures + 1
        if failures < MOST_FAILURES:
            return self.model_copy(update={"failures": failures})
        duration = min(FIRST_LOCK * 2 ** min(self.locks, _DOUBLINGS), LONGEST_LOCK)
        return self.model_copy(update={"failures": 0, "locks": self.locks + 1, "locked_until": now + duration})
