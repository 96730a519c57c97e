"""A witness of all that is done with an account's security info, who counts by itself what must hold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pyotp

from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.event import Event
from shared.contracts.security_policy import SecurityPolicy

LIMITS = {
    "authenticator-app": 5,
    "security-key": 10,
    "phone": 2,
    "email": 1,
    "security-questions": 1,
    "recovery-codes": 1,
    "app-password": 40,
}
DEFAULTS = {"authenticator-app", "security-key", "phone"}
SATISFYING = {"two_step": DEFAULTS, "password_reset": {*DEFAULTS, "email", "security-questions"}}
STEP = 30


def steps_of(code: str, key: str, now: datetime) -> set[int]:
    """Name the time steps for which a code is right now."""
    totp = pyotp.TOTP(key)
    around = int(now.timestamp()) // STEP
    return {step for step in (around - 1, around, around + 1) if totp.generate_otp(step) == code}


def standing(
    info: SecurityInfo, policies: Sequence[SecurityPolicy], purpose: str, usual: SecurityPolicy
) -> tuple[int, int]:
    """Count what serves a purpose, and what is required of it; *usual* is what holds where nothing is said."""
    types = [method.type for method in info.confirmed().values() if method.type in SATISFYING[purpose]]
    for policy in policies:
        chosen = getattr(policy, purpose).methods
        allowed = getattr(usual, purpose).methods if chosen is None else chosen
        types = [type_ for type_ in types if type_ in allowed]
    required = max((getattr(policy, purpose).required for policy in policies), default=0)
    return len(types) if purpose == "two_step" else len(set(types)), required


class Witness:
    """Remember what was told and tried; it knows nothing of how the account keeps it."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.default: str | None = None
        self.answered: set[str] = set()
        self.spent: set[str] = set()
        self._steps: dict[str, set[int]] = {}
        self._wrong: Counter[str] = Counter()
        self._locks: Counter[str] = Counter()
        self._locked: dict[str, datetime] = {}

    def hear(self, news: Sequence[Event]) -> None:
        """Follow the news as a subscriber does."""
        for event in news:
            match event:
                case contract.MethodAdded():
                    assert event.method_id not in self.names
                    self.names[event.method_id] = event.name
                case contract.MethodRemoved():
                    assert self.names.pop(event.method_id) == event.name
                case contract.MethodRenamed():
                    assert self.names[event.method_id] == event.previous_name
                    self.names[event.method_id] = event.name
                case contract.MethodChanged():
                    assert self.names[event.method_id] == event.name
                case contract.DefaultMethodChanged():
                    assert self.default != event.method_id
                    self.default = event.method_id

    def locked(self, method_id: str, now: datetime) -> bool:
        until = self._locked.get(method_id)
        return until is not None and now < until

    def forget_tries(self, method_ids: Sequence[str]) -> None:
        for method_id in method_ids:
            self._wrong.pop(method_id, None)
            self._locks.pop(method_id, None)
            self._locked.pop(method_id, None)

    def took(self, challenge_id: str, method_id: str, now: datetime) -> None:
        """See that an answer was taken: the first to its challenge, and of a method that is not locked."""
        assert challenge_id not in self.answered
        assert not self.locked(method_id, now)
        self.answered.add(challenge_id)
        self.forget_tries([method_id])

    def took_step(self, method_id: str, code: str, key: str, now: datetime) -> None:
        """See that a code was taken: for a step that is later than all that were used."""
        used = self._steps.setdefault(method_id, set())
        fresh = self.fresh_steps(method_id, code, key, now)
        assert fresh, "a time step was used twice"
        used.add(max(fresh))

    def fresh_steps(self, method_id: str, code: str, key: str, now: datetime) -> set[int]:
        latest = max(self._steps.get(method_id, set()), default=0)
        return {step for step in steps_of(code, key, now) if step > latest}

    def took_code(self, code: str) -> None:
        """See that a recovery code or an access code was taken."""
        assert code not in self.spent, "a code was used twice"
        self.spent.add(code)

    def missed(self, method_id: str, refusal: Any, now: datetime) -> None:
        """See that a wrong answer was counted: the fifth in a row locks, each time for twice as long."""
        assert not self.locked(method_id, now)
        self._wrong[method_id] += 1
        left = 5 - self._wrong[method_id]
        if left:
            assert isinstance(refusal, contract.CodeIncorrect)
            assert refusal.attempts_left == left
            return
        assert isinstance(refusal, contract.MethodIsLocked)
        minutes = min(15 * 2 ** self._locks[method_id], 24 * 60)
        assert refusal.until == now + timedelta(minutes=minutes)
        self._locked[method_id] = refusal.until
        self._locks[method_id] += 1
        self._wrong[method_id] = 0

    def agrees(self, info: SecurityInfo, now: datetime) -> None:
        """Compare the account with what was told, and with what may be."""
        methods = info.confirmed()
        assert {id_: method.name for id_, method in methods.items()} == self.names
        assert info.default_method == self.default
        able = [id_ for id_, method in methods.items() if method.type in DEFAULTS]
        assert info.default_method in able or (info.default_method is None and not able)
        own = [method for method in methods.values() if not method.managed]
        for type_, number in Counter(method.type for method in own).items():
            assert number <= LIMITS[type_]
        assert len(info.methods) - len(methods) <= 5
        asked = Counter(one.session for one in info.challenges.values())
        assert all(times <= 5 for times in asked.values())
        assert not self.answered & set(info.challenges)
        for id_, method in methods.items():
            tries = method.tries_for("proof")
            assert tries.failures == self._wrong[id_] < 5
            assert (tries.lock(now) is not None) == self.locked(id_, now)


def none_lessened(
    before: SecurityInfo, after: SecurityInfo, policies: Mapping[str, SecurityPolicy], usual: SecurityPolicy
) -> None:
    """See that no purpose is left with less than is required, and less than it had."""
    holding = [policies.get(id_, usual) for id_ in before.organizations()]
    for purpose in SATISFYING:
        had, required = standing(before, holding, purpose, usual)
        has, _ = standing(after, holding, purpose, usual)
        assert has >= min(had, required), f"less than is required of {purpose}"
