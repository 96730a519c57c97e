"""Phones and e-mail addresses as a service would tell of them."""

from datetime import timedelta
from typing import Any

from shared.contracts import security_info as contract
from shared.facts import now
from tests.pages.method_types import HINTS, USUAL_WAYS


def code_setup(type_: str = "phone", **changed: Any) -> contract.MethodStarted:
    """Give a setup whose code was sent a while ago."""
    facts = {
        "method_id": "m9",
        "type": type_,
        "name": "Phone",
        "hint": HINTS[type_],
        "way": USUAL_WAYS[type_],
        "changes": False,
        "code_expires_at": now() + timedelta(minutes=2, seconds=50),
        "send_again_at": now(),
        "expires_at": now() + timedelta(minutes=14, seconds=50),
    }
    return contract.MethodStarted(contract.CodeSetup(**facts | changed))


def too_soon(after: timedelta = timedelta(minutes=12)) -> contract.TooManySends:
    """Give the refusal to send another code before that time has passed."""
    return contract.TooManySends(until=now() + after, retry_after=int(after.total_seconds()))
