"""What is common to methods that a code is sent to: phones and e-mail addresses."""

import hmac
from datetime import datetime, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict

from security_info.methods.kind import Method
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
    """A code that was sent; it is good once, and not for long."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    code: Secret
    expires_at: datetime

    def is_right(self, code: str, now: datetime) -> bool:
        """Tell whether *code* is the one, in time; it must be opened."""
        return now < self.expires_at and hmac.compare_digest(self.code.value.encode(), code.encode())


class Target(BaseModel):
    """Where codes go: the number or address, sealed, what is shown of it, and the way."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    value: Secret
    hint: str
    way: Channel


class Reachable(Method):
    """A method that a code is sent to; a *changed* target takes the place of the old one when it is confirmed."""

    target: Target
    changed: Target | None = None
    sent: SentCode | None = None

    @property
    def asked(self) -> Target:
        """Give the target that is to be confirmed: the changed one, or that of a setup."""
        return self.changed or self.target

    def confirmed_with(self, now: datetime) -> Self:
        """Give the method after its code came back."""
        return self.with_changes(
            target=self.asked, changed=None, sent=None, confirmed_at=self.confirmed_at or now, attempts_left=0
        )


def new_code(facts: Facts, way: Channel, label: str = "sent-code") -> tuple[str, SentCode]:
    """Draw a code, and what is kept of it."""
    number = int.from_bytes(facts.secret(label, _CHANCE_BYTES), "big") % _RANGE
    code = f"{number:0{DIGITS}}"
    return code, SentCode(code=Secret(code), expires_at=facts.now + LIFETIMES[way])


def places(method_id: str) -> tuple[str, ...]:
    """Name the places of the secrets that sending and confirming a code take."""
    place = f"methods.{method_id}"
    return (f"{place}.target.value", f"{place}.changed.value", f"{place}.sent.code")
