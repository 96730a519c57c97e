"""privacy ends as by `kill -9`, again and again, while it carries out what one organization decided for many."""

import sys
import uuid
from typing import Any

import pytest

from tests.faults.listening import emptied, waiting_in
from tests.faults.neighbourhood import Neighbourhood, System
from tests.spawning import Spawned, until

PEOPLE = 300
BLOWS = ("after save", None, None, "before pull", None, "after a reaction", None)
"""Where it dies by itself, or that it is killed from outside when a fourth of what was left is done."""
DYING = 5.0


@pytest.fixture
def neighbourhood(mongo: Any, database: str) -> Neighbourhood:
    tag = uuid.uuid4().hex[:8]
    names = [f"{tag}-{number:03}" for number in range(PEOPLE)]
    return Neighbourhood(mongo[f"{database}_privacy"], names)


async def blown(privacy: Spawned, neighbourhood: Neighbourhood, place: str | None) -> None:
    """Start it, and end it at the place or with more of the work done."""
    before = await neighbourhood.done()
    enough = before + (neighbourhood.everything - before) // 4

    async def more() -> bool:
        return await neighbourhood.done() >= enough

    await privacy.launch(failpoint=place)
    try:
        await (privacy.ended(seconds=DYING) if place else until(more, what="more of the work"))
    except TimeoutError:
        sys.stdout.write(f"nothing led it there: {place}\n")
    await privacy.kill9()


async def test_what_an_organization_decides_reaches_everyone_once(
    *, spawn, signer, prover, http, fault_plan, neighbourhood: Neighbourhood
):
    queue = fault_plan.broker_url("privacy")
    await emptied(queue, "privacy")
    dead = await waiting_in(queue, "privacy.dead")
    privacy, system = spawn("privacy", often=0.3, service="privacy"), System(signer, prover, http)
    privacy.module = "tests.faults.sweeping"
    await privacy.start()
    assert (await system.put_service()(privacy)).ok
    await neighbourhood.settled()
    for wish in (system.rule(), system.delete_service()):
        assert (await wish.insisted(privacy)).ok
    assert await neighbourhood.done() < neighbourhood.everything // 2, "it was done before, so this test tests nothing"
    for place in BLOWS:
        await blown(privacy, neighbourhood, place)
    assert await neighbourhood.done() < neighbourhood.everything, "nothing was left for the last blow"
    await privacy.start()

    async def all_done() -> bool:
        return await neighbourhood.done() == neighbourhood.everything

    await until(all_done, seconds=30, what="all of the work")
    await until(neighbourhood.nothing_waits, what="the end of all sweeps")
    await neighbourhood.assert_settled()
    assert await waiting_in(queue, "privacy.dead") == dead
