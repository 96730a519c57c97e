"""Two processes of security-info on one database: a code proves once, and guesses are counted once, at both."""

import asyncio
import time
from itertools import cycle

import pyotp
import pytest

from security_info.model import MOST_CHALLENGES
from shared.contracts import security_info as contract
from tests.faults.checking import Behind, what
from tests.faults.people import Holder, Wish
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


async def asked(who: Holder, method_id: str, replicas, number: int) -> list[str]:
    """Ask for challenges, at either replica, and give their ids."""
    wishes = [Wish(who, contract.START_PROOF, {"method_id": method_id}) for _ in range(number)]
    found = [await wish(process) for wish, process in zip(wishes, cycle(replicas), strict=False)]
    return [answer.read(contract.ProofChallenge).id for answer in found]


def answers(who: Holder, challenges: list[str], code: str) -> list[Wish]:
    return [Wish(who, contract.ANSWER_PROOF, {"code": code}, challenge_id=id_) for id_ in challenges]


async def with_app(who: Holder, process: Spawned) -> tuple[str, pyotp.TOTP]:
    setup = await who.started(process)
    assert (await who.confirm(setup)(process)).ok
    return setup.method_id, pyotp.TOTP(setup.key.replace(" ", ""))


def told(news):
    return [kind for kind, _ in what(news) if kind.startswith(("identity", "recovery", "method.locked"))]


async def test_one_code_answers_one_of_five_challenges(replicas, holder, behind: Behind):
    who = holder()
    method_id, totp = await with_app(who, replicas[0])
    challenges = await asked(who, method_id, replicas, MOST_CHALLENGES)
    found = await spread(answers(who, challenges, totp.at(time.time() + totp.interval)), replicas)
    assert sorted(answer.status for answer in found) == [200] + [422] * 4
    assert told(await behind.news(who)).count("identity.proved.v1") == 1


async def test_one_challenge_is_answered_once(replicas, holder, behind: Behind):
    who = holder()
    method_id, totp = await with_app(who, replicas[1])
    challenges = await asked(who, method_id, replicas, 1) * 10
    found = await spread(answers(who, challenges, totp.at(time.time() + totp.interval)), replicas)
    assert sorted(answer.status for answer in found) == [200] + [409] * 9
    assert {answer.problem().key for answer in found if not answer.ok} == {"challenge_ended"}
    assert told(await behind.news(who)) == ["identity.proved.v1"]


async def test_a_recovery_code_is_used_up_once_and_five_of_them_by_five(replicas, holder, behind: Behind):
    who = holder()
    shown = await Wish(who, contract.ADD_METHOD, {"type": "recovery-codes"})(replicas[0])
    codes = shown.read(contract.RecoveryCodesShown)
    challenges = await asked(who, codes.method_id, replicas, MOST_CHALLENGES)
    wishes = [answers(who, [id_], code)[0] for id_, code in zip(challenges, codes.codes, strict=False)]
    found = await spread([wish for wish in wishes for _ in replicas], replicas)
    assert [answer.status for answer in found] == [200] * 10, "the second of each is the same command"
    assert len({answer.read(contract.ProofGiven).proof for answer in found}) == 5
    assert told(await behind.news(who)).count("recovery-code.used.v1") == 5
    info = (await who.call(replicas[1], contract.GET_SECURITY_INFO)).read(contract.SecurityInfo)
    assert [method.remaining for method in info.methods] == [5]


async def test_of_20_guesses_at_once_five_are_tried(replicas, holder, behind: Behind):
    who = holder()
    method_id, totp = await with_app(who, replicas[0])
    guess = f"{(int(totp.now()) + 500_000) % 1_000_000:06}"
    challenges = await asked(who, method_id, replicas, 1) * 20
    found = await spread(answers(who, challenges, guess), replicas)
    missed = sorted((answer.problem().attempts_left for answer in found if answer.status == 422), reverse=True)
    assert missed == [4, 3, 2, 1]
    refused = [answer.problem().key for answer in found if answer.status == 429]
    assert refused == ["method_locked"] * 16
    assert told(await behind.news(who)) == ["method.locked.v1"]
    for process in replicas:
        right = answers(who, challenges[:1], totp.at(time.time() + totp.interval))[0]
        assert (await right(process)).status == 429
