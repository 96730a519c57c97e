"""Two of every process: codes asked for at once are sent as often as the quotas allow, and never once more."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import cycle
from typing import Any

import aiohttp
import pytest

from onebox.house import Plan
from onebox.ports import free_port
from onebox.provider import Provider
from shared.contracts import security_info as contract
from tests.conftest import Caller
from tests.faults.conftest import Spawn, spawning
from tests.faults.listening import emptied
from tests.faults.members import Member
from tests.faults.portals import asking, gateway_before, started
from tests.faults.receiving import Operator, operator
from tests.proving import Prover
from tests.spawning import Spawned, until

AT_ONCE = 50
QUOTA, PAUSE = 5, 30.0
"""The defaults."""
CROWDED, MOST_TRIES = {409, 503}, 5
"""Changed meanwhile, or too slow for so many at once: by its key the same request is made again and counts once."""
PATH = "/security-info/methods"
_ASKED = ("security-info", "organizations")
_last = iter(range(10_000))


def a_number() -> str:
    """Give a mobile number that no other test uses."""
    return f"+4670174{next(_last):04}"


@dataclass
class Ask:
    """One request, with a key of its own; the same request may be sent again."""

    path: str
    body: dict[str, Any]
    method: str = "POST"
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


class Twice:
    """Two of every process, and an operator who takes what they send."""

    def __init__(
        self, processes: dict[str, list[Spawned]], database: Any, taking: Operator, http: aiohttp.ClientSession
    ) -> None:
        self.processes, self.operator = processes, taking
        self._database, self._http = database, http

    async def answers(self, asks: list[tuple[Caller, Caller, Ask]]) -> list[tuple[int, Any]]:
        """Send everything at once, every other request to the other gateway; what was in a crowd is sent again."""
        sides = cycle((0, 1))

        async def answer(caller: Caller, ask: Ask) -> tuple[int, Any]:
            again = False
            for _ in range(MOST_TRIES):
                told: tuple[int, Any] = await caller(
                    ask.method, ask.path, ask.body, headers={"Idempotency-Key": ask.key}
                )
                if told[0] not in CROWDED:
                    break
                again = True
            if again and told[0] == HTTPStatus.NOT_FOUND and ask.path == PATH:
                return HTTPStatus.CREATED, told[1]  # it was done the first time, and another setup overtook it since
            return told

        return await asyncio.gather(*(answer(both[next(sides)], ask) for *both, ask in asks))

    async def settled(self) -> None:
        """Wait until no letter waits any more."""

        async def none_waits() -> bool:
            return not await self._database["accounts"].count_documents({"letters.0": {"$exists": True}})

        await until(none_waits, what="the end of every letter")

    async def an_hour_later(self, account: str) -> None:
        """Let the account's codes lie so far back that they count no more."""
        await self._database["accounts"].update_one({"_id": account}, {"$set": {"sent_at": []}})
        await self._database["sends"].delete_many({})

    async def with_pause(self, seconds: float) -> None:
        """Let both of security-info have this pause between two codes, and start anew where they have another."""
        pair = self.processes["security-info"]
        if all(process.settings["code_pause_seconds"] == seconds for process in pair):
            return
        for process in pair:
            await process.kill9()
            process.settings["code_pause_seconds"] = seconds
        await started(pair)


@pytest.fixture(scope="module")
async def twice(
    *, fault_plan: Plan, provider: Provider, mongo: Any, shared_database: str, http: aiohttp.ClientSession
) -> AsyncIterator[Twice]:
    for name in ("security-info", "organizations", "gateway"):
        await emptied(str(fault_plan.broker_url(name)), name)
    async with operator() as taking, spawning(fault_plan, http, shared_database) as spawn:
        settings = {"code_pause_seconds": 0.0, **taking.settings}
        found = {name: pair(spawn, name, **settings) for name in _ASKED}
        found["gateway"] = [
            gateway_before({name: found[name][side] for name in _ASKED}, fault_plan, provider, spawn) for side in (0, 1)
        ]
        await started([process for processes in found.values() for process in processes])
        yield Twice(found, mongo[f"{shared_database}_security_info"], taking, http)


def pair(spawn: Spawn, name: str, **settings: Any) -> list[Spawned]:
    return [spawn(name, port=free_port(), **settings) for _ in range(2)]


@pytest.fixture
def person(
    twice: Twice, http: aiohttp.ClientSession, provider: Provider, prover: Prover, _unused_people: Iterator[str]
):
    """Make someone new, who asks at either gateway."""

    async def made() -> tuple[str, Caller, Caller]:
        account = next(_unused_people)
        gateways = twice.processes["gateway"]
        one, other = await asking(account, gateways, provider=provider, prover=prover, http=http)
        return account, one, other

    return made


def adding(number: str, way: str = "text") -> Ask:
    return Ask(PATH, {"type": "phone", "number": {"country": "SE", "typed": number}, "way": way})


async def with_phone_that_changes(twice: Twice, account: str, one: Caller, member: Member) -> tuple[str, set[str]]:
    """Have a phone that proves, and another number for it under way; give its id and both numbers."""
    old, new = a_number(), a_number()
    member.account = account
    for process in twice.processes["organizations"]:
        for wish in (member.organization("contoso"), member.belonging()):
            assert (await wish(process)).ok
    ask = adding(old)
    status, setup = await one("POST", ask.path, ask.body)
    assert status == 201, setup
    path = f"{PATH}/{setup['method_id']}"
    assert (await one("POST", f"{path}/confirm", {"code": await twice.operator.code(old)}))[0] == 200
    await twice.an_hour_later(account)
    wish = {"number": {"country": "SE", "typed": new}, "way": "text"}
    assert (await one("PATCH", path, wish))[0] == 200
    await twice.operator.code(new)
    return setup["method_id"], {old, new}


def check(answers: list[tuple[int, Any]], sent: int) -> None:
    """Check that so many were sent, and that all others were refused in the same way."""
    statuses = Counter(status for status, _ in answers)
    others = [answer for answer in answers if answer[0] not in {200, 201, 429}]
    assert not others
    assert statuses[429] == len(answers) - sent, answers
    assert statuses[200] + statuses[201] == sent
    refused = [problem for status, problem in answers if status == 429]
    assert {problem["key"] for problem in refused} == {"too_many_sends"}
    assert all(problem["until"] and problem["retry_after"] > 0 for problem in refused)


async def one_account_asks(
    twice: Twice, person, member: Member, *, only_proofs: bool = False
) -> tuple[list[tuple[int, Any]], list[Any]]:
    """Ask at once for codes in every way there is, of an account that had none in this hour."""
    account, one, other = await person()
    method_id, known = await with_phone_that_changes(twice, account, one, member)
    await twice.settled()
    await twice.an_hour_later(account)
    third, before = a_number(), len(twice.operator.taken)
    asks = [
        ask
        for _ in range(AT_ONCE)
        for ask in (
            adding(third),
            Ask(f"{PATH}/{method_id}/send-code", {"way": "text"}),
            Ask("/security-info/proofs", {"method_id": method_id}),
        )
        if ask.path.endswith("/proofs") or not only_proofs
    ][:AT_ONCE]
    answers = await twice.answers([(one, other, ask) for ask in asks])
    await twice.settled()
    return answers, [told for told in twice.operator.taken[before:] if told["to"] in known | {third}]


async def test_one_account_gets_five_codes_in_an_hour(twice: Twice, person, member: Member):
    answers, taken = await one_account_asks(twice, person, member, only_proofs=True)
    check(answers, QUOTA)
    assert len({told["id"] for told in taken}) == len(taken) == QUOTA


async def test_in_however_many_ways_it_asks_and_what_was_overtaken_is_not_sent(twice: Twice, person, member: Member):
    answers, taken = await one_account_asks(twice, person, member)
    check(answers, QUOTA)
    assert 0 < len({told["id"] for told in taken}) == len(taken) <= QUOTA


async def test_fifty_accounts_get_five_codes_to_one_number(twice: Twice, person):
    number = a_number()
    people = [await person() for _ in range(AT_ONCE)]
    answers = await twice.answers([(one, other, adding(number, "call")) for _, one, other in people])
    check(answers, QUOTA)
    await twice.settled()
    taken = twice.operator.to(number)
    assert len({told["id"] for told in taken}) == len(taken) == QUOTA


async def test_one_account_gets_one_code_in_the_usual_pause(twice: Twice, person, member: Member):
    await twice.with_pause(PAUSE)
    answers, taken = await one_account_asks(twice, person, member)
    check(answers, 1)
    assert len(taken) == 1


async def test_one_key_fifty_times_is_one_code_and_one_answer(twice: Twice, person):
    await twice.with_pause(PAUSE)
    number = a_number()
    _, one, other = await person()
    answers = await twice.answers([(one, other, adding(number))] * AT_ONCE)
    assert {status for status, _ in answers} == {201}
    assert [answer for _, answer in answers] == [answers[0][1]] * AT_ONCE
    await twice.settled()
    assert len(twice.operator.to(number)) == 1
    setup = contract.CodeSetup.model_validate(answers[0][1])
    right = {"code": await twice.operator.code(number)}
    assert (await other("POST", f"{PATH}/{setup.method_id}/confirm", right))[0] == 200
