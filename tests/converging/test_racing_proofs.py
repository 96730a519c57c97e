"""Two replicas that are answered at once accept what is good once exactly once, and count every wrong answer."""

import asyncio
import uuid
from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import Any, TypeAlias

import pytest

from security_info import proving
from security_info.methods import codes
from security_info.model import SecurityInfo
from shared.connecting import safe
from shared.contracts import security_info as contract
from shared.contracts.problem import Problem
from shared.deciding import Actor, Command, Decision
from shared.sealing import Sealer
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from shared.testing import facts_at
from tests.converging.conftest import RealDatabase
from tests.unit.asking_for_proof import LATER, asked
from tests.unit.furnished import CODES, NOW, PARTY, USUAL, member_of, right_code, with_methods, wrong_code

MASTER = {"local": {"key": bytes(range(96))}}
MANY = 20
Asked: TypeAlias = tuple[str, str]
"""The session that was asked, and its challenge."""


class Replicas:
    """Two stores with connections and keys of their own, on one database."""

    def __init__(self, databases: list[Any]) -> None:
        self.sealers = [Sealer(one.client, vault=f"{one.name}.keys", kms=MASTER, master=None) for one in databases]
        self._stores = [
            Store(
                MongoShelf(safe(database, "accounts")),
                SecurityInfo,
                source="/t",
                empty=SecurityInfo,
                sealer=sealer,
                draw=lambda: LATER,
            )
            for database, sealer in zip(databases, self.sealers, strict=True)
        ]

    async def put(self, name: str, info: SecurityInfo) -> None:
        await self._change(0, name, lambda _info, _facts: Decision(info))

    async def read(self, name: str) -> SecurityInfo:
        return await self._stores[1].read(name)

    async def answers(self, name: str, given: list[tuple[Asked, str]]) -> Counter[str]:
        """Give answers to challenges at once, at both replicas in turn; count what comes of them."""
        outcomes = await asyncio.gather(
            *(self._answer(replica, name, *one) for replica, one in zip(cycle((0, 1)), given, strict=False))
        )
        return Counter(outcomes)

    async def _answer(self, replica: int, name: str, challenge: Asked, code: str) -> str:
        session, challenge_id = challenge
        rule = partial(
            proving.answer,
            challenge_id=challenge_id,
            session=session,
            code=code,
            credential=None,
            party=PARTY,
            policies=USUAL,
        )
        try:
            await self._change(replica, name, rule, opens=partial(proving.secrets_for, challenge_id))
        except Problem as problem:
            return problem.key
        return "accepted"

    async def _change(self, replica: int, name: str, rule: Any, opens: Any = ()) -> None:
        command = Command(uuid.uuid4().hex, "", Actor("user", name))
        await self._stores[replica].change(name, rule, command=command, opens=opens)


@pytest.fixture(scope="module")
def replicas(real: RealDatabase) -> Any:
    async def made() -> Replicas:
        both = Replicas([await real.connect() for _ in range(2)])
        await both.sealers[0].prepare()
        return both

    both = real.run(made())
    yield both
    for sealer in both.sealers:
        real.run(sealer.close())


def challenged(*types: str, challenges: int, info: SecurityInfo | None = None) -> tuple[SecurityInfo, Any, list[Asked]]:
    """Give an account with methods, the ids of these, and challenges of the first one, each in a session of its own."""
    info, ids = with_methods(*types, info=info)
    asking = []
    for number in range(challenges):
        session = f"s{number}"
        decision = asked(info, ids[0] if ids else None, facts_at(LATER.now, chance=100 + number), session=session)
        info, asking = decision.state, [*asking, (session, decision.answer["challenge_id"])]
    return info, ids, asking


def raced(real: RealDatabase, replicas: Replicas, info: SecurityInfo, given: Any) -> tuple[Counter[str], SecurityInfo]:
    name = f"alice{real.tag()}"
    real.run(replicas.put(name, info))
    return real.run(replicas.answers(name, given)), real.run(replicas.read(name))


@pytest.mark.parametrize("turn", range(5))
@pytest.mark.parametrize("challenges", [1, 8])
def test_a_code_is_accepted_once(real: RealDatabase, replicas: Replicas, challenges: int, turn: int):
    info, (app,), asking = challenged("authenticator-app", challenges=challenges)
    code = right_code(info, app, LATER)
    came, left = raced(real, replicas, info, [(asking[n % challenges], code) for n in range(8)])
    if challenges == 1:
        assert came == {"accepted": 1, "challenge_ended": 7}
    else:
        assert came == {"accepted": 1, "code_incorrect": 4, "method_locked": 3}
    assert left.methods[app].last_used_at == LATER.now


@pytest.mark.parametrize("turn", range(3))
def test_twenty_wrong_answers_at_once_count_as_five(real: RealDatabase, replicas: Replicas, turn: int):
    info, (app, other), asking = challenged("authenticator-app", "authenticator-app", challenges=10)
    wrong = wrong_code(info, app, LATER)
    came, left = raced(real, replicas, info, [(asking[n % 10], wrong) for n in range(MANY)])
    assert came == {"code_incorrect": 4, "method_locked": MANY - 4}
    tries = left.methods[app].tries_for("proof")
    assert (tries.failures, tries.locks) == (0, 1)
    assert left.methods[other].tries == {}


@pytest.mark.parametrize("turn", range(3))
def test_a_recovery_code_is_accepted_once(real: RealDatabase, replicas: Replicas, turn: int):
    info, (recovery,), asking = challenged("recovery-codes", challenges=4)
    came, left = raced(real, replicas, info, [(challenge, CODES[0]) for challenge in asking])
    assert came == {"accepted": 1, "code_incorrect": 3}
    assert left.methods[recovery].remaining == 9


def test_ten_recovery_codes_at_once_are_all_used_up(real: RealDatabase, replicas: Replicas):
    info, (recovery,), asking = challenged("recovery-codes", challenges=10)
    came, left = raced(real, replicas, info, list(zip(asking, CODES, strict=True)))
    assert came == {"accepted": 10}
    assert left.methods[recovery].remaining == 0


@pytest.mark.parametrize("turn", range(3))
def test_an_access_code_is_accepted_once(real: RealDatabase, replicas: Replicas, turn: int):
    digest, lifetime = codes.digest("ACCESS"), timedelta(hours=1)
    issued = proving.issue_access_code(member_of("contoso"), NOW, digest=digest, lifetime=lifetime)
    info, _, asking = challenged(challenges=6, info=issued.state)
    came, left = raced(real, replicas, info, [(challenge, "access") for challenge in asking])
    assert came == {"accepted": 1, contract.ChallengeEnded.key: 5}
    assert left.access_code is None
