"""People come and go while services are killed and the broker is away; in the end all is as was accepted."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from functools import partial
from random import Random
from typing import Any

import pytest

from onebox.ports import free_port
from onebox.rabbitmq import RabbitMQ
from tests.faults.checking import Behind
from tests.faults.comings_and_goings import AWAYS, Client, Person
from tests.faults.listening import emptied, waiting_in
from tests.faults.members import HOME
from tests.faults.portals import asking, gateway_before, started
from tests.faults.towns import NAMES, Town, settled

BLOWS = (
    ("organizations", "after save"),
    ("devices", "during a reaction"),
    ("organizations", "before confirm"),
    ("devices", "after save"),
    ("gateway", "after a reaction"),
    ("security-info", "after save"),
    ("organizations", "before pull"),
    ("devices", "before publish"),
)
"""Who is killed, and where it dies the first time that it is started again."""
EVERYTHING = {("started", "anew"), ("started", "restored"), ("ended", "left"), ("ended", "removed"), ("purged", "")}
CLIENTS, OF_ONE, OF_ALL = 4, 6, 2


async def suffered(town: Town, blows: list[tuple[str, str]], broker: RabbitMQ) -> None:
    """Let everything happen, the broker going away after half of it, while all clients live."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        living = [group.create_task(client.live(over)) for client in town.clients]
        try:
            for number, (name, place) in enumerate(blows):
                if number == len(blows) // 2:
                    await town.strike_twice("organizations", broker)
                await town.strike(name, place)
            await town.answered()
        finally:
            over.set()
    assert all(task.done() for task in living)


@pytest.fixture
def chance() -> Random:
    """A chance that is told where the test fails, and can be given as `SEED`."""
    seed = os.environ.get("SEED") or secrets.token_hex(4)
    sys.stdout.write(f"SEED={seed}\n")
    return Random(seed)  # noqa: S311  # what happens is no secret


@pytest.fixture
async def queues(fault_plan) -> AsyncIterator[dict[str, str]]:
    """The queues of all, empty; nothing ends among their dead letters."""
    urls = {name: str(fault_plan.broker_url(name)) for name in NAMES}
    for name, url in urls.items():
        await emptied(url, name)
    dead = {name: await waiting_in(url, f"{name}.dead") for name, url in urls.items()}
    yield urls
    assert {name: await waiting_in(url, f"{name}.dead") for name, url in urls.items()} == dead


@pytest.fixture
async def town(
    *, queues, spawn, fault_plan, provider, prover, signer, http, mongo, database, chance, listener, _unused_people
) -> Town:
    """Everything runs, and everyone is at home."""

    def accounts(name: str) -> Any:
        return mongo[f"{database}_{name.replace('-', '_')}"]["accounts"]

    processes = {
        "organizations": spawn("organizations", port=free_port(), often=0.5),
        "devices": spawn("devices", port=free_port(), devices_per_account=200),
        "security-info": spawn("security-info", port=free_port()),
    }
    processes["organizations"].module = "tests.faults.sweeping"
    processes["gateway"] = gateway_before(processes, fault_plan, provider, spawn)
    town = Town(processes, [], [], accounts)
    make = partial(Person, signer=signer, prover=prover, http=http)
    town.people += [make(next(_unused_people), one=number < OF_ONE) for number in range(OF_ONE + OF_ALL)]
    places = {name: town.place(name) for name in NAMES}
    for number in range(CLIENTS):
        town.clients.append(Client(Random(f"{chance.random()} {number}"), town.people, places, accounts))  # noqa: S311  # as above
    await started(processes.values())
    for name in (HOME, *AWAYS):
        assert (await town.people[0].organization(name).insisted(places["organizations"])).ok
    for who in town.people:
        await who.come(places["organizations"])
        (town.api[who.account],) = await asking(
            who.account, [processes["gateway"]], provider=provider, prover=prover, http=http
        )
    return town


@pytest.fixture
def behind(behind_organizations: Behind, behind_devices: Behind) -> dict[str, Behind]:
    """What can be seen behind the two that tell."""
    return {"organizations": behind_organizations, "devices": behind_devices}


@pytest.mark.timeout(240)
async def test_in_the_end_all_is_as_was_accepted(town: Town, queues, behind, broker: RabbitMQ, chance: Random):
    await suffered(town, chance.sample(BLOWS, 3), broker)
    told = await settled(town, queues, behind)
    sys.stdout.write(f"{dict(told)}, by {town.given} commands\n")
    assert told.keys() == EVERYTHING, "or this tests less than it says"


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_however_long_it_goes_on(town: Town, queues, behind, broker: RabbitMQ, chance: Random):
    for _ in range(4):
        await suffered(town, chance.sample(BLOWS, len(BLOWS)), broker)
        await settled(town, queues, behind)
