"""A life with phones and addresses: codes are sent and typed, targets change, organizations put phones in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from security_info import enrolling, reaching
from security_info.methods import Reachable
from security_info.quotas import Allowance
from security_info.reaching import Sending
from shared.contracts import security_info as contract
from shared.contracts.organizations import AccountNotFound
from shared.deciding import Decision
from shared.letters import Letter
from tests.converging.living_with_methods import Account, Keeping, times, which
from tests.unit.furnished import target, wish

MOST_SENT = 20
SENDING = Sending("en", Allowance(sends=MOST_SENT, pause=timedelta()))
OFFICES = ("office-1", "office-2")
targets = st.integers(1, 4)
ways = st.sampled_from(("text", "call"))
CONFIRMING = (
    contract.CodeExpired,
    contract.SetupEnded,
    contract.MethodConfirmedAlready,
    contract.MethodLimitReached,
    contract.MethodNeeded,
    contract.MethodTypeNotAllowed,
)


@dataclass
class Awaited:
    """What waits for its code: where it went, since when, and what was tried."""

    to: str
    code: str
    good_until: datetime
    begun: datetime
    tried: int = 0


def place(kind: str, number: int) -> str:
    """Give a number or an address to which codes can go."""
    places = {"phone": f"+4670174060{number}", "office": f"+4681234567{number}", "email": f"to{number}@home.example"}
    return places[kind]


class Reaching(Keeping):
    """What is done with codes; where they go and what they are good for is kept here once more."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._awaited: dict[str, Awaited] = {}
        self._reached: dict[str, str] = {}
        self._challenged: dict[str, tuple[str, str]] = {}
        self._sent: list[datetime] = []
        self._old_codes: list[str] = ["000000"]

    def sent(self, letter: Letter, to: str) -> str:
        """See that a code went where it was to go, and no more often than may be; give it."""
        assert letter.to == to
        minutes = 5 if letter.channel == "mail" else 3
        assert letter.expires_at == self._now + timedelta(minutes=minutes)
        self._sent.append(self._now)
        assert sum(self._now - at < timedelta(hours=1) for at in self._sent) <= MOST_SENT
        self._old_codes.append(letter.fields["code"])
        return str(letter.fields["code"])

    def _waits(self, method_id: str, letter: Letter, to: str, begun: datetime, tried: int = 0) -> None:
        code = self.sent(letter, to)
        self._awaited = {id_: other for id_, other in self._awaited.items() if other.to != to}  # it is given up
        self._awaited[method_id] = Awaited(to, code, letter.expires_at, begun, tried)

    @rule(
        type_=st.sampled_from(("phone", "phone", "email")),
        to=targets,
        way=ways,
        replaced=st.none() | st.none() | which,
        how=st.sampled_from(("right", "right", "later")),
    )
    def add_reachable(self, type_: str, to: int, way: Any, replaced: int | None, how: str) -> None:
        replaces = self._one_of(self.info.methods, replaced) if replaced is not None else None
        goal = target(place(type_, to), way if type_ == "phone" else "mail")
        known = {"sending": SENDING, "policies": self.policy_of, "target": goal}
        decision = self.do(enrolling.start_reaching, wish=wish(type_, replaces=replaces), **known)
        if not isinstance(decision, Decision):
            return
        assert place(type_, to) not in {self._reached.get(id_) for id_ in self.info.reachable() if id_ != replaces}
        method_id = decision.answer["method_id"]
        self._waits(method_id, decision.letters[0], place(type_, to), self._now)
        if how == "right":
            self._confirm(method_id, "right")

    @precondition(lambda self: self._awaited)
    @rule(number=which, way=st.none() | ways)
    def send_again(self, number: int, way: Any) -> None:
        method_id = self._one_of(self._awaited, number) or ""
        before = self._awaited[method_id]
        decision = self.do(reaching.send_again, method_id=method_id, way=way, sending=SENDING, policies=self.policy_of)
        if isinstance(decision, Decision):
            assert before.tried < 5
            assert self._now < before.begun + timedelta(minutes=15)
            self._waits(method_id, decision.letters[0], before.to, before.begun, before.tried)

    @precondition(lambda self: self.info.reachable())
    @rule(number=which, to=targets, way=ways)
    def change_target(self, number: int, to: int, way: Any) -> None:
        method_id = self._one_of(self.info.reachable(), number) or ""
        method = self.info.reachable()[method_id]
        goal = target(place(method.type, to), way if method.type == "phone" else "mail")
        known = {"type_": method.type, "target": goal, "sending": SENDING, "policies": self.policy_of}
        decision = self.do(reaching.start_change, method_id=method_id, **known)
        if isinstance(decision, Decision):
            assert not method.managed
            self._waits(method_id, decision.letters[0], place(method.type, to), self._now)

    @precondition(lambda self: self._awaited)
    @rule(number=which, how=st.sampled_from(("right", "right", "wrong", "old")), times=times)
    def type_a_code(self, number: int, how: str, times: int) -> None:
        method_id = self._one_of(self._awaited, number) or ""
        for _ in range(times if how == "wrong" else 1):
            if method_id in self._awaited:
                self._confirm(method_id, how)

    def _confirm(self, method_id: str, how: str) -> None:
        if method_id not in self._awaited:
            super()._confirm(method_id, how)
            return
        awaited, changing = self._awaited[method_id], method_id in self.info.reachable()
        old = self._old_codes[len(self._old_codes) // 2]
        code = {"right": awaited.code, "old": old}.get(how, self.wrong(awaited.code))
        outcome = self.do(enrolling.confirm_code, method_id=method_id, code=code, policies=self.policy_of)
        late = self._now >= awaited.begun + timedelta(minutes=15)
        if not isinstance(outcome, Decision):
            assert isinstance(outcome, CONFIRMING)
            assert not isinstance(outcome, contract.SetupEnded) or late or awaited.tried >= 5
            assert not isinstance(outcome, contract.CodeExpired) or self._now >= awaited.good_until
            return
        assert not late
        assert awaited.tried < 5
        assert self._now < awaited.good_until
        assert (outcome.refusal is None) == (code == awaited.code)
        if outcome.refusal is None:
            self._reached[method_id] = self._awaited.pop(method_id).to
            return
        awaited.tried += 1
        assert isinstance(outcome.refusal, contract.SetupEnded) == (awaited.tried == 5)
        if changing and awaited.tried == 5:
            self._awaited.pop(method_id)

    @rule(office=st.sampled_from(OFFICES), to=targets, name=st.none() | st.sampled_from(("Desk", "Hall")))
    def put_phone_in(self, office: str, to: int, name: str | None) -> None:
        goal = target(place("office", to), "call")
        outcome = self.do(
            reaching.put, method_id=office, name=name, target=goal, language="en", policies=self.policy_of
        )
        if isinstance(outcome, Decision):
            self._reached[office] = place("office", to)
        else:
            assert isinstance(outcome, AccountNotFound)
            assert self.info.home() is None

    @rule(office=st.sampled_from(OFFICES))
    def withdraw_phone(self, office: str) -> None:
        outcome = self.do(reaching.withdraw, method_id=office)
        assert isinstance(outcome, Decision) == (self.info.home() is not None)
        if isinstance(outcome, Decision):
            assert office not in self.info.methods
            self._witness.forget_tries([office])

    @staticmethod
    def wrong(code: str) -> str:
        return f"{(int(code) + 1) % 1_000_000:06}"

    @invariant()
    def codes_go_where_they_should(self) -> None:
        for gone in set(self._awaited) - set(self.info.methods):
            del self._awaited[gone]
        for method_id, method in self.info.methods.items():
            if not isinstance(method, Reachable):
                continue
            assert method.managed == (method_id in OFFICES)
            waiting = self._awaited.get(method_id)
            if method.confirmed_at:
                assert method.target.digest == f"digest of {self._reached[method_id]}"
            assert (method.change is not None) == (bool(method.confirmed_at) and waiting is not None)
            aim = method.change.target if method.change else method.target
            assert waiting is None or aim.digest == f"digest of {waiting.to}"
        for challenge_id, challenge in self.info.challenges.items():
            if challenge.kind == "sent_code" and challenge.method_id in self.info.methods:
                assert self._challenged[challenge_id][1] == self._reached[challenge.method_id]
