"""Time and chance come in through one door, drawn once per command."""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime


def now() -> datetime:
    """Tell the time, in UTC and whole milliseconds, which is what the database keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Facts:
    """The moment and the chance of one command.

    Ids and secrets are derived from one draw by label: a decision that runs again after a version conflict
    meets the same ones.
    """

    now: datetime = field(default_factory=now)
    entropy: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def id(self, label: str, order: int = 0) -> str:
        """Give the id for *label*: a UUID version 7 (RFC 9562), so that ids sort by time, then by *order*.

        *order* (0 to 4095) stands where RFC 9562, section 6.2, has a counter.
        """
        chance = int.from_bytes(self.secret(f"id:{label}:{order}", 8), "big")
        stamp = int(self.now.timestamp() * 1000) & (1 << 48) - 1
        number = stamp << 80 | 7 << 76 | (order & 0xFFF) << 64 | 2 << 62 | chance & (1 << 62) - 1
        return str(uuid.UUID(int=number))

    def secret(self, label: str, size: int) -> bytes:
        """Give *size* unguessable bytes (at most 64) for *label*."""
        return hmac.digest(self.entropy, label.encode(), hashlib.sha512)[:size]
