"""An account leaves an organization while something breaks: its devices there are disconnected, each once."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from onebox.house import Plan
from onebox.mongodb import MongoDB
from onebox.rabbitmq import RabbitMQ
from shared.connecting import close, connect
from shared.contracts.problem import Unavailable
from tests.faults.checking import Behind, what
from tests.faults.listening import emptied, waiting_in
from tests.faults.members import CONNECTED, DESKTOP, DISCONNECTED, HOME, LAPTOP, PHONE, Member
from tests.faults.outages import away
from tests.spawning import Spawned, until

EVERYTHING = [
    (CONNECTED, DESKTOP.title()),
    (CONNECTED, LAPTOP.title()),
    (CONNECTED, PHONE.title()),
    (DISCONNECTED, LAPTOP.title()),
    (DISCONNECTED, PHONE.title()),
]
"""What devices has to tell in the end."""


@pytest.fixture
async def queue(fault_plan: Plan) -> AsyncIterator[str]:
    """The queue of devices, empty; nothing of a test ends among its dead letters."""
    url = str(fault_plan.broker_url("devices"))
    await emptied(url, "devices")
    dead = await waiting_in(url, "devices.dead")
    yield url
    assert await waiting_in(url, "devices.dead") == dead


async def started(*processes: Spawned) -> None:
    """Start processes side by side."""
    for process in processes:
        await process.launch()
    for process in processes:
        await process.until_ready()


@pytest.fixture
def database(shared_database: str) -> str:
    return shared_database


@pytest.fixture(scope="module")
def both(shared_spawn) -> tuple[Spawned, Spawned]:
    """Organizations and devices, which run from when they are first needed."""
    return shared_spawn("organizations"), shared_spawn("devices")


@pytest.fixture
async def pair(both: tuple[Spawned, Spawned], queue, listener, member: Member) -> tuple[Spawned, Spawned]:
    """Organizations and devices that run, with a member who is equipped."""
    organizations, devices = both
    if not all([await process.health() == 200 for process in both]):
        await started(*both)
    await member.joined(organizations)
    await member.equipped(devices)
    return organizations, devices


PLACES = ("during a reaction", "after save", "after a reaction", "before publish", "before confirm", "before pull")


# It dies at all of them in a row below; one by one it takes a minute.
@pytest.mark.parametrize(
    "place", ["after save", *(pytest.param(place, marks=pytest.mark.long) for place in PLACES if place != "after save")]
)
async def test_devices_dies_over_it(place: str, pair, member: Member, behind_devices: Behind):
    organizations, devices = pair
    await behind_devices.outbox_empty(member)  # or it would die over the news of the devices that were put in
    await devices.kill9()
    await devices.start(failpoint=place)
    assert (await member.leave()(organizations)).status == 204
    await devices.ended()
    assert devices.died_by_sigkill
    await devices.start()
    await member.until_devices_are(devices, {DESKTOP})
    assert what(await behind_devices.news(member)) == EVERYTHING
    assert (await member.put(LAPTOP)(devices)).problem().key == "not_a_member"


async def test_devices_dies_over_it_again_and_again(pair, member: Member, behind_devices: Behind):
    organizations, devices = pair
    await behind_devices.outbox_empty(member)
    await devices.kill9()
    assert (await member.leave()(organizations)).status == 204
    for place in PLACES:
        await devices.launch(failpoint=place)
        await devices.ended()
        assert devices.died_by_sigkill
    await devices.start()
    await member.until_devices_are(devices, {DESKTOP})
    assert what(await behind_devices.news(member)) == EVERYTHING


async def test_organizations_dies_after_it_was_saved(
    pair, member: Member, behind_devices: Behind, behind_organizations: Behind
):
    organizations, devices = pair
    await behind_organizations.outbox_empty(member)
    await organizations.kill9()
    await organizations.start(failpoint="after save")
    leaving = member.leave()
    with pytest.raises(Unavailable):
        await leaving(organizations)
    await organizations.ended()
    assert organizations.died_by_sigkill
    assert await member.devices(devices) == {DESKTOP, LAPTOP, PHONE}, "its news went out, so this test tests nothing"
    await organizations.start()
    await member.until_devices_are(devices, {DESKTOP})
    assert (await leaving(organizations)).status == 204, "said again, it is done already"
    assert await member.memberships(organizations) == {HOME}
    told = [event["data"] for event in await behind_organizations.news(member)]
    assert [data.get("reason") for data in told] == [None, None, "left"]
    assert what(await behind_devices.news(member)) == EVERYTHING


async def test_the_broker_is_away(
    pair, member: Member, behind_devices: Behind, behind_organizations: Behind, broker: RabbitMQ
):
    organizations, devices = pair
    for behind in (behind_devices, behind_organizations):
        await behind.outbox_empty(member)
    gone, back = EVERYTHING[3:], [EVERYTHING[2], EVERYTHING[1]]  # the newest comes back first
    told = EVERYTHING[:3]
    for leave in (RabbitMQ.pause, RabbitMQ.kill):
        async with away(broker, leave):
            assert (await member.leave()(organizations)).status == 204
            assert (await member.join()(organizations)).status == 204
            assert (await member.removed()(organizations)).status == 204
            assert await member.devices(devices) == {DESKTOP, LAPTOP, PHONE}
            assert (await member.put(LAPTOP)(devices)).ok, "as far as is known here, it may be connected"
        await member.until_devices_are(devices, {DESKTOP})
        assert (await member.join()(organizations)).status == 204
        told = [*told, *(gone + back) * 2]
        number = len(told)

        async def all_heard(number=number):  # on the way there, devices are for a moment as in the end
            return await behind_devices.outbox_empty(member) >= number

        await until(all_heard, seconds=40, what="news of all that happened meanwhile")
        await member.until_devices_are(devices, {DESKTOP, LAPTOP, PHONE})
    assert what(await behind_devices.news(member, seconds=40)) == told
    assert len(await behind_organizations.news(member, seconds=40)) == 2 + 4 * 2


@pytest.fixture
async def own_mongodb(tmp_path: Path) -> AsyncIterator[list[MongoDB]]:
    """A database server that a test may end and put another in the place of."""
    servers = [await MongoDB.start(tmp_path)]
    yield servers
    await servers[-1].kill()


async def test_the_database_of_devices_is_away(
    *,
    both,
    queue,
    own_mongodb,
    tmp_path,
    spawn,
    member: Member,
    listener,
    subscriber_url,
    behind_organizations,
    database,
):
    for other in both:  # which would take the news out of the queue
        await other.kill9()
    url = own_mongodb[0].url
    organizations, devices = spawn("organizations"), spawn("devices", mongo_url=url)
    await started(organizations, devices)
    await member.joined(organizations)
    await member.equipped(devices)
    await own_mongodb[0].kill()
    assert (await member.leave()(organizations)).status == 204
    await behind_organizations.outbox_empty(member)
    await devices.wrote("our store takes nothing; events wait")
    assert await devices.health() == 503
    own_mongodb.append(await MongoDB.start(tmp_path, port=urlsplit(url).port))
    await member.until_devices_are(devices, {DESKTOP})
    client = connect(url)
    accounts = client[f"{database}_devices"]["accounts"]
    assert what(await Behind(accounts, listener, subscriber_url, source="/devices").news(member)) == EVERYTHING
    await close(client)
    await devices.kill9()
