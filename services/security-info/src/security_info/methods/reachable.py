"""What is common to methods that a code is sent to: phones and e-mail addresses."""

import hmac
from datetime import datetime, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict

from security_info.methods.kind import SETUP_ATTEMPTS, SETUP_LIFETIME, Method
from shared.contracts import security_info as contract
from shared.facts import Facts
from shared.letters import Channel
from shared.sealing import Secret

LIFETIMES: dict[Channel, timedelta] = {
    "mail": timedelta(minutes=5),
    "text": timedelta(minutes=3),
    "call": timedelta(minutes=3),
}
"""For how long a code is good."""
DIGITS = 6
_RANGE = 10**DIGITS
_CHANCE_BYTES = 16


class SentCode(BaseModel):
    """A code that was sent, by which letter; it is good once, and not for long."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    code: Secret
    way: Channel
    expires_at: datetime
    letter: str

    def is_right(self, code: str, now: datetime) -> bool:
        """Tell whether *code* is the one, in time; it must be opened."""
        return now < self.expires_at and hmac.compare_digest(self.code.value.encode(), code.encode())


class Target(BaseModel):
    """Where codes go: the number or address, sealed, what is shown of it, and the way.

    *digest* is a keyed hash: by it quotas are counted and the same target is known again, with nothing opened.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    value: Secret
    digest: str
    hint: str
    way: Channel


class Change(BaseModel):
    """Another target, which waits for its code."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    target: Target
    started_at: datetime
    attempts_left: int = SETUP_ATTEMPTS

    def ended(self, now: datetime) -> contract.SetupEnded | None:
        """Tell why this change cannot be finished any more, if it cannot."""
        if self.attempts_left <= 0:
            return contract.SetupEnded(reason="too_many_attempts")
        if now >= self.started_at + SETUP_LIFETIME:
            return contract.SetupEnded(reason="expired")
        return None


class Reachable(Method):
    """A method that a code is sent to; a *change* takes the place of the target when it is confirmed."""

    target: Target
    change: Change | None = None
    sent: SentCode | None = None

    def asked(self, now: datetime) -> Target:
        """Give the target that waits to be confirmed; raises `SetupEnded` or `MethodConfirmedAlready`."""
        if self.change is None and self.confirmed_at:
            raise contract.MethodConfirmedAlready
        if ended := self.change.ended(now) if self.change else self.setup_ended(now):
            raise ended
        return self.change.target if self.change else self.target

    def began_at(self) -> datetime:
        """Tell when what waits to be confirmed was asked for."""
        return self.change.started_at if self.change else self.started_at

    def failed(self) -> tuple[Self, int]:
        """Give the method after a wrong code, and how many may follow."""
        if self.change is None:
            left = self.attempts_left - 1
            return self.with_changes(attempts_left=left), left
        left = self.change.attempts_left - 1
        return self.with_changes(change=self.change.model_copy(update={"attempts_left": left})), left

    def changed(self) -> Self:
        """Give the method with its new target, which must be opened: it is sealed anew, for its new place."""
        if self.change is None:
            raise TypeError("no change is under way")
        target = self.change.target
        moved = target.model_copy(update={"value": Secret(target.value.value)})
        return self.with_changes(target=moved, change=None, sent=None)


def new_code(facts: Facts, way: Channel) -> SentCode:
    """Draw a code."""
    number = int.from_bytes(facts.secret("sent-code", _CHANCE_BYTES), "big") % _RANGE
    ends = facts.now + LIFETIMES[way]
    return SentCode(code=Secret(f"{number:0{DIGITS}}"), way=way, expires_at=ends, letter=facts.id("code-letter"))
