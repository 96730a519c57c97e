"""Two processes of security-info on one database: as safe as one."""

import asyncio
from itertools import cycle

import pytest

from shared.contracts import security_info as contract
from tests.faults.checking import Behind, what
from tests.spawning import Spawned


@pytest.fixture
def database(shared_database: str) -> str:
    return shared_database


@pytest.fixture(scope="module")
async def replicas(shared_spawn) -> tuple[Spawned, Spawned]:
    pair = shared_spawn("security-info"), shared_spawn("security-info")
    for process in pair:
        await process.launch()
    for process in pair:
        await process.until_ready()
    return pair


def spread(wishes, replicas):
    """Send all wishes at once, every other one to the other replica."""
    return asyncio.gather(*(wish(process) for wish, process in zip(wishes, cycle(replicas), strict=False)))


async def test_of_25_changes_at_once_nothing_acknowledged_is_lost(replicas, holder, behind: Behind):
    who = holder()
    method = await who.registered(replicas[0])
    wishes = [who.rename(method, f"Name {number}") for number in range(25)]
    answers = await spread(wishes, replicas)
    acknowledged = {f"Name {number}" for number, answer in enumerate(answers) if answer.ok}
    assert {answer.status for answer in answers} <= {200, 409}
    assert len(acknowledged) > 20
    told = [name for kind, name in what(await behind.news(who)) if kind == "method.renamed.v1"]
    assert sorted(told) == sorted(acknowledged)
    for process in replicas:
        assert await who.names(process) == [told[-1]]
        for wish, answer in zip(wishes, answers, strict=True):
            if answer.ok:
                assert (await wish(process)).ok, "said again, it is done already"
    assert len(what(await behind.news(who))) == 2 + len(told)


async def test_of_20_wrong_codes_at_once_five_are_tried(replicas, holder, behind: Behind):
    who = holder()
    setup = await who.started(replicas[0])
    right = who.confirm(setup)
    answers = await spread([who.confirm(setup, right=False) for _ in range(20)], replicas)
    told = sorted((answer.status, answer.problem().attempts_left) for answer in answers if answer.status == 422)
    assert told == [(422, left) for left in (1, 2, 3, 4)]
    refused = [answer.problem().key for answer in answers if answer.status == 409]
    assert refused == ["setup_ended"] * 16
    for process in replicas:
        assert (await right(process)).problem().key == "setup_ended"
    assert what(await behind.news(who)) == [("method.setup-failed.v1", None)]


async def test_one_code_finishes_one_setup_once(replicas, holder, behind: Behind):
    who = holder()
    setup = await who.started(replicas[1])
    answers = await spread([who.confirm(setup) for _ in range(10)], replicas)
    assert sorted(answer.status for answer in answers) == [200] + [409] * 9
    assert {answer.problem().key for answer in answers if not answer.ok} == {"method_confirmed_already"}
    assert [kind for kind, _ in what(await behind.news(who))] == ["method.added.v1", "default-method.changed.v1"]


async def test_one_command_sent_to_both_happens_once(replicas, holder, behind: Behind):
    who = holder()
    wish = who.add()
    setups = [answer.read(contract.AuthenticatorAppSetup) for answer in await spread([wish] * 6, replicas)]
    assert len({setup.method_id for setup in setups}) == 1
    assert len({setup.key for setup in setups}) == 1
