"""A life with security info: methods are kept, and again and again it is to be proved who one is."""

from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from security_info import proving
from security_info.methods import codes
from shared.contracts import security_info as contract
from shared.contracts.problem import Invalid, Problem
from shared.deciding import Decision
from tests.converging.living_with_codes import SENDING, Reaching
from tests.converging.living_with_methods import EVIL, Account, times, which
from tests.unit.furnished import CODES
from tests.unit.registering import PARTY

SESSIONS = ("s1", "s2")
WRONG = "none of them"


class Life(Reaching):
    """What is done to one account."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._taken: list[tuple[str, dict[str, Any]]] = []
        self._access: str | None = None
        self._access_ends = self._now
        self._access_wrong = 0

    @rule()
    def issue_access_code(self) -> None:
        code = f"ACCESS{next(self._chances)}"
        issued = self.do(proving.issue_access_code, digest=codes.digest(code), lifetime=timedelta(minutes=30))
        assert isinstance(issued, Decision) == (self.info.home() is not None)
        if isinstance(issued, Problem):
            return
        self._access, self._access_wrong = code, 0
        self._access_ends = self._now + timedelta(minutes=30)

    @rule(number=st.none() | which, session=st.sampled_from(SESSIONS), times=times)
    def ask(self, number: int | None, session: str, times: int) -> None:
        for _ in range(times):
            self._ask(self._one_of(self.info.methods, number) if number is not None else None, session)

    def _ask(self, method_id: str | None, session: str) -> str | None:
        outcome = self.do(
            proving.start,
            wish=contract.StartProof(method_id=method_id),
            session=session,
            auth_time=int(self._now.timestamp()),
            sending=SENDING,
            policies=self.policy_of,
        )
        if not isinstance(outcome, Decision):
            return None
        if "proof" in outcome.answer:
            assert method_id is None
            assert not self.info.proving()
        challenge_id: str | None = outcome.answer.get("challenge_id")
        if challenge_id and outcome.letters:
            to = self._reached[method_id or ""]
            self._challenged[challenge_id] = (self.sent(outcome.letters[0], to), to)
        return challenge_id

    @precondition(lambda self: self.info.proving())
    @rule(number=which, how=st.sampled_from(("right", "right", "wrong", "again")), times=times)
    def prove(self, number: int, how: str, times: int) -> None:
        """Ask and answer at once, several times."""
        method_id = self._one_of(self.info.proving(), number)
        for _ in range(times):
            if challenge_id := self._ask(method_id, "s1"):
                self._answer(challenge_id, "s1", how, number)

    @precondition(lambda self: self.info.challenges)
    @rule(
        number=which,
        session=st.sampled_from((SESSIONS[0], *SESSIONS)),
        how=st.sampled_from(("right", "wrong", "again")),
        times=times,
    )
    def answer(self, number: int, session: str, how: str, times: int) -> None:
        """Answer what was asked some time ago, several times."""
        challenge_id = self._one_of(self.info.challenges, number)
        for _ in range(times):
            self._answer(challenge_id, session, how, number)

    def _answer(self, challenge_id: str, session: str, how: str, number: int) -> None:
        challenge, witness = self.info.challenges.get(challenge_id), self._witness
        if challenge is None:
            given: dict[str, Any] = {"code": "123456", "credential": None}
        else:
            given = self._given(challenge_id, challenge, how, number)
        outcome = self.do(
            proving.answer,
            opens=partial(proving.secrets_for, challenge_id),
            challenge_id=challenge_id,
            session=session,
            party=PARTY,
            policies=self.policy_of,
            **given,
        )
        if isinstance(outcome, Invalid):
            return
        method_id, code = (challenge.method_id or "" if challenge else ""), given["code"] or ""
        if not isinstance(outcome, Decision):
            self._turned_away(challenge, session, outcome)
            return
        assert challenge is not None
        assert challenge.session == session
        assert self._now < challenge.expires_at
        if outcome.refusal:
            assert how != "right" or challenge.kind != "credential"
            self._refused(challenge_id, challenge, outcome.refusal, code)
            return
        witness.took(challenge_id, method_id, self._now)
        self._taken.append((challenge.kind, given))
        match challenge.kind:
            case "code":
                witness.took_step(method_id, code, self._app_keys[method_id], self._now)
            case "recovery_code":
                witness.took_code(self._recovery[method_id][code])
            case "sent_code":
                assert code == self._challenged[challenge_id][0]
            case "access_code":
                assert code == self._access
                assert self._now < self._access_ends
                witness.took_code(code)

    def _turned_away(self, challenge: Any, session: str, outcome: Problem) -> None:
        """See that nobody is turned away who may answer."""
        if isinstance(outcome, contract.MethodIsLocked):
            assert self._witness.locked(challenge.method_id, self._now)
            return
        assert isinstance(outcome, contract.ChallengeEnded)
        ended = challenge is None or challenge.session != session or self._now >= challenge.expires_at
        gone = challenge is not None and challenge.method_id not in {None, *self.info.methods}
        code = self.info.access_code
        void = challenge is not None and challenge.kind == "access_code"
        assert ended or gone or (void and (code is None or self._now >= code.expires_at))

    def _refused(self, challenge_id: str, challenge: Any, refusal: Problem, code: str) -> None:
        """See that only what is wrong is refused, and what it costs."""
        match challenge.kind:
            case "access_code":
                assert code != self._access
                self._access_wrong += 1
                assert isinstance(refusal, contract.AccessCodeVoid) == (self._access_wrong == 5)
                assert (self.info.access_code is None) == (self._access_wrong == 5)
            case "credential":
                assert isinstance(refusal, contract.CredentialRefused)
            case kind:
                if kind == "code":
                    key = self._app_keys[challenge.method_id]
                    assert not self._witness.fresh_steps(challenge.method_id, code, key, self._now)
                elif kind == "sent_code":
                    assert code != self._challenged[challenge_id][0]
                else:
                    right = self._recovery[challenge.method_id].get(code)
                    assert right is None or right in self._witness.spent
                self._witness.missed(challenge.method_id, refusal, self._now)

    def _given(self, challenge_id: str, challenge: Any, how: str, number: int) -> dict[str, Any]:
        """Give an answer: right, wrong, or one that was taken once already."""
        taken = [given for kind, given in self._taken if kind == challenge.kind]
        if how == "again" and taken:
            return taken[number % len(taken)]
        if challenge.kind == "credential":
            wrong = {} if how == "right" else {"origin": EVIL}
            return {"code": None, "credential": self._devices[challenge.method_id].answer(challenge.nonce, **wrong)}
        if challenge.kind == "access_code":
            code = self._access if how == "right" and self._access else WRONG
        elif challenge.kind == "recovery_code":
            code = CODES[number % len(CODES)] if how == "right" else WRONG
        elif challenge.kind == "sent_code":
            right = self._challenged[challenge_id][0]
            code = right if how == "right" else self.wrong(right)
        else:
            code = self._code(challenge.method_id, how, drift=number % 5 - 2)
        return {"code": code, "credential": None}
