"""Ask for proofs and answer, right but for what a test wants otherwise."""

from datetime import timedelta
from typing import Any

from security_info import proving
from security_info.model import SecurityInfo
from security_info.reaching import Sending
from shared.contracts import security_info as contract
from shared.facts import Facts
from shared.testing import facts_at
from tests.unit.furnished import (
    NOW,
    PARTY,
    USUAL,
)

APP, KEY = "authenticator-app", "security-key"
LATER = facts_at(NOW.now + timedelta(minutes=5), chance=2)
SIGNED_IN = int(NOW.now.timestamp())


def asked(info: SecurityInfo, method_id: str | None = None, facts: Facts = LATER, **other: Any) -> Any:
    wish = contract.StartProof(method_id=method_id, way=other.pop("way", None))
    known = {"session": "s1", "auth_time": SIGNED_IN, "policies": USUAL, "sending": Sending("en"), **other}
    return proving.start(info, facts, wish=wish, **known)


def challenged(info: SecurityInfo, method_id: str | None, facts: Facts = LATER) -> tuple[SecurityInfo, str]:
    decision = asked(info, method_id, facts)
    return decision.state, decision.answer["challenge_id"]


def answered(
    info: SecurityInfo, challenge_id: str, code: str | None = None, *, facts: Facts = LATER, **other: Any
) -> Any:
    known = {"session": "s1", "credential": None, "policies": USUAL, **other}
    return proving.answer(info, facts, challenge_id=challenge_id, code=code, party=PARTY, **known)


def after_minutes(minutes: float, chance: int = 3) -> Facts:
    return facts_at(LATER.now + timedelta(minutes=minutes), chance=chance)
