"""Anything that a person, a thief, an administrator and the news may do to security info, in any order."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any, Protocol

import pyotp
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from security_info import belonging, enrolling, managing, reaching
from security_info.methods import RecoveryCodes
from security_info.methods.security_key import SecurityKey
from security_info.model import SecurityInfo
from security_info.policy import Policy
from shared.contracts import security_info as contract
from shared.contracts.problem import Problem
from shared.contracts.security_policy import SecurityPolicy
from shared.deciding import Decision, Rule
from shared.facts import Facts
from shared.testing import facts_at
from tests.authenticators import SoftwareKey
from tests.converging.witnessing import STEP, Witness, none_lessened, steps_of
from tests.unit.furnished import ALL_TYPES, CODES, EVERYTHING, NOW, made, policies, policy, wish
from tests.unit.registering import PARTY

ORGANIZATIONS = ("contoso", "fabrikam")
SETTING_UP = ("authenticator-app", "security-key")
AT_ONCE = ("recovery-codes", "security-questions", "app-password")
EVIL = "https://evil.example"
times = st.sampled_from((1, 1, 2, 4, 5, 6))
which = st.integers(0, 99)
"""Which of the things that there are."""
purposes = st.fixed_dictionaries(
    {
        "methods": st.just(ALL_TYPES) | st.none() | st.lists(st.sampled_from(ALL_TYPES), unique=True),
        "required": st.sampled_from((0, 1, 2, 2)),
    }
)
some_policies = st.builds(policy, two_step=purposes, password_reset=purposes, app_passwords=st.booleans())


class Account(Protocol):
    """Where security info is kept."""

    def read(self) -> SecurityInfo:
        """Give it as it is kept."""

    def change(self, rule: Rule[SecurityInfo], facts: Facts, opens: Any) -> Decision[SecurityInfo]:
        """Change it by a rule; a refusal that was saved is part of the decision, one that was not is raised."""


class Keeping(RuleBasedStateMachine):
    """What is done to the methods of one account; a witness looks on."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self._account = account
        self._witness = Witness()
        self._now = NOW.now
        self._chances = count(1)
        self._policies: dict[str, SecurityPolicy] = {}
        self._app_keys: dict[str, str] = {}
        self._devices: dict[str, SoftwareKey] = {}
        self._recovery: dict[str, dict[str, str]] = {}
        self._setup_tries: dict[str, int] = {}
        self.info = account.read()

    def policy_of(self, organizations: Iterable[str]) -> Policy:
        return policies(nobody=EVERYTHING, **self._policies)(organizations)

    def do(self, rule: Any, opens: Any = (), **known: Any) -> Decision[SecurityInfo] | Problem:
        """Carry a command out; give the decision, or the problem where nothing was saved."""
        facts = facts_at(self._now, chance=next(self._chances))
        before = self.info

        def places(info: SecurityInfo) -> Iterable[str]:
            return (*(opens(info) if callable(opens) else opens), *reaching.places_of(info))

        try:
            decision = self._account.change(partial(rule, **known), facts, places)
        except Problem as problem:
            assert self._account.read() == before, "what is refused without being saved changes nothing"
            return problem
        self.info = self._account.read()
        self._witness.hear(decision.news)
        if rule not in {belonging.note, reaching.withdraw}:
            none_lessened(before, self.info, self._policies, EVERYTHING)
        return decision

    @initialize(types=st.lists(st.sampled_from((*SETTING_UP, *AT_ONCE)), max_size=4), told=st.none() | some_policies)
    def begin(self, types: list[str], told: SecurityPolicy | None) -> None:
        for type_ in types:
            self.add(type_, None, "right")
        if told is not None:
            self.say_what_is_allowed(ORGANIZATIONS[0], told)
            self.come_or_go(ORGANIZATIONS[0], 15, True)  # told by its place

    @rule(seconds=st.sampled_from((-40, 1, 20, 30, 60, 299, 300, 900, 1800, 4000, 90_000)))
    def wait(self, seconds: int) -> None:
        """Let time pass; or let a replica answer whose clock is behind."""
        self._now += timedelta(seconds=seconds)

    @rule(
        type_=st.sampled_from((*SETTING_UP, *SETTING_UP, *AT_ONCE)),
        replaced=st.none() | which,
        how=st.sampled_from(("right", "later")),
    )
    def add(self, type_: str, replaced: int | None, how: str) -> None:
        replaces = self._one_of(self.info.methods, replaced) if replaced is not None else None
        known = {"wish": wish(type_, replaces=replaces), "language": "en", "policies": self.policy_of}
        if type_ in SETTING_UP:
            decision = self.do(enrolling.start_setup, **known)
        else:
            tag = str(next(self._chances))
            decision = self.do(enrolling.add, made=made(type_, tag), **known)
        if not isinstance(decision, Decision):
            return
        method_id = decision.answer["method_id"]
        method = decision.state.methods[method_id]
        if isinstance(method, RecoveryCodes):
            self._recovery[method_id] = {code: f"{method_id} {code}" for code in CODES}
        elif type_ == "authenticator-app":
            self._app_keys[method_id] = method.key.value  # type: ignore[union-attr]  # it is an app
        elif type_ == "security-key":
            self._devices[method_id] = SoftwareKey(
                PARTY.id, PARTY.origins[0], algorithm="EdDSA", credential_id=method_id.encode()
            )
        if type_ in SETTING_UP and how == "right":
            self._confirm(method_id, "right")

    @rule(type_=st.sampled_from(SETTING_UP), times=times)
    def give_setups_up(self, type_: str, times: int) -> None:
        for _ in range(times):
            self.add(type_, None, "later")

    @precondition(lambda self: len(self.info.methods) > len(self.info.confirmed()))
    @rule(number=which, how=st.sampled_from(("right", "wrong")), times=times)
    def confirm(self, number: int, how: str, times: int) -> None:
        pending = [id_ for id_ in self.info.methods if id_ not in self.info.confirmed()]
        method_id = pending[number % len(pending)]
        for _ in range(times if how == "wrong" else 1):
            self._confirm(method_id, how)

    def _confirm(self, method_id: str, how: str) -> None:
        method, tried = self.info.methods[method_id], self._setup_tries.get(method_id, 0)
        known: dict[str, Any] = {"method_id": method_id, "policies": self.policy_of}
        if isinstance(method, SecurityKey):
            origin = {} if how == "right" else {"origin": EVIL}
            credential = self._devices[method_id].register(method.challenge, **origin)
            outcome = self.do(enrolling.confirm_credential, credential=credential, party=PARTY, **known)
        else:
            code = self._code(method_id, how)
            opens = (f"methods.{method_id}.key",)
            outcome = self.do(enrolling.confirm_code, opens=opens, code=code, **known)
        if not isinstance(outcome, Decision):
            return
        assert tried < 5
        assert self._now < method.started_at + timedelta(minutes=15)
        assert (outcome.refusal is None) == (how == "right")
        if outcome.refusal:
            self._setup_tries[method_id] = tried + 1
            assert isinstance(outcome.refusal, contract.SetupEnded) == (tried == 4)
        elif not isinstance(method, SecurityKey):
            self._witness.took_step(method_id, code, self._app_keys[method_id], self._now)

    @precondition(lambda self: self.info.methods)
    @rule(number=which)
    def remove(self, number: int) -> None:
        self.do(managing.remove, method_id=self._one_of(self.info.methods, number), policies=self.policy_of)

    @precondition(lambda self: self.info.methods)
    @rule(number=which, name=st.sampled_from(("One", "Two")))
    def rename(self, number: int, name: str) -> None:
        self.do(managing.rename, method_id=self._one_of(self.info.methods, number), name=name)

    @precondition(lambda self: self.info.methods)
    @rule(number=which)
    def set_default(self, number: int) -> None:
        self.do(managing.set_default, method_id=self._one_of(self.info.methods, number))

    @rule()
    def lift_locks(self) -> None:
        assert isinstance(self.do(managing.lift_locks), Decision)
        self._witness.forget_tries(list(self.info.methods))

    @rule(organization=st.sampled_from(ORGANIZATIONS), told=some_policies)
    def say_what_is_allowed(self, organization: str, told: SecurityPolicy) -> None:
        self._policies[organization] = told

    @rule(organization=st.sampled_from(ORGANIZATIONS), sequence=st.integers(1, 30), member=st.booleans())
    def come_or_go(self, organization: str, sequence: int, member: bool) -> None:  # noqa: FBT001  # drawn by name
        known = self.info.memberships.get(organization)
        told = f"{sequence:010}"
        home = member and organization == ORGANIZATIONS[0]
        self.do(belonging.note, organization_id=organization, sequence=told, member=member, home=home)
        if known is None or known.sequence < told:
            assert self.info.memberships[organization].member == member
        else:
            assert self.info.memberships[organization] == known

    def _code(self, method_id: str, how: str, drift: int = 0) -> str:
        key = self._app_keys[method_id]
        if how == "right":
            return pyotp.TOTP(key).generate_otp(int(self._now.timestamp()) // STEP + drift)
        return next(code for code in (f"{n:06}" for n in range(9)) if not steps_of(code, key, self._now))

    @staticmethod
    def _one_of(things: Iterable[str], number: int) -> str | None:
        known = list(things)
        return known[number % len(known)] if known else None

    @invariant()
    def the_witness_agrees(self) -> None:
        self._witness.agrees(self.info, self._now)
