"""Two processes each of organizations and of devices: as safe as one each."""

import asyncio
from itertools import cycle

import pytest

from shared.contracts import devices as contract
from tests.faults.checking import Behind, what
from tests.faults.listening import emptied
from tests.faults.members import AWAY, CONNECTED, DESKTOP, DISCONNECTED, HOME, LAPTOP, PHONE, Member
from tests.faults.people import Wish
from tests.spawning import Spawned


class Four:
    """Two replicas of each."""

    def __init__(self, organizations: tuple[Spawned, Spawned], devices: tuple[Spawned, Spawned]) -> None:
        self.organizations, self.devices = organizations, devices

    async def at_once(self, wishes: list[Wish]) -> list[int]:
        """Give all wishes at once, every other one to the other replica of who it is for; give the statuses."""
        organizations, devices = cycle(self.organizations), cycle(self.devices)
        answers = await asyncio.gather(
            *(wish(next(devices if wish.endpoint in contract.ENDPOINTS else organizations)) for wish in wishes)
        )
        return [answer.status for answer in answers]


@pytest.fixture
def database(shared_database: str) -> str:
    return shared_database


@pytest.fixture(scope="module")
async def processes(shared_spawn, fault_plan) -> Four:
    await emptied(fault_plan.broker_url("devices"), "devices")
    made = Four(
        (shared_spawn("organizations"), shared_spawn("organizations")),
        (shared_spawn("devices"), shared_spawn("devices")),
    )
    for process in (*made.organizations, *made.devices):
        await process.launch()
    for process in (*made.organizations, *made.devices):
        await process.until_ready()
    return made


@pytest.fixture
def four(processes: Four, listener) -> Four:
    """All four, while a listener listens."""
    return processes


async def test_of_many_comings_and_goings_at_once_each_is_told_once(
    four: Four, member: Member, behind_organizations: Behind, behind_devices: Behind
):
    await member.joined(four.organizations[0])
    statuses = await four.at_once([wish() for _ in range(12) for wish in (member.join, member.removed)])
    assert set(statuses) <= {204, 409}
    told = [event["type"].split(".")[3] for event in await behind_organizations.news(member)][2:]
    assert told == [("ended", "started")[turn % 2] for turn in range(len(told))], "it starts and ends by turns"
    belongs = {HOME, AWAY} if len(told) % 2 == 0 else {HOME}
    for process in four.organizations:
        assert await member.memberships(process) == belongs
    await member.put_as_soon_as_known(four.devices[0], DESKTOP, HOME)
    if AWAY not in belongs:
        assert (await member.join()(four.organizations[0])).ok
    await member.put_as_soon_as_known(four.devices[1], LAPTOP)
    assert (await member.leave()(four.organizations[1])).ok
    for process in four.devices:
        await member.until_devices_are(process, {DESKTOP})
    assert what(await behind_devices.news(member))[-1] == (DISCONNECTED, LAPTOP.title())


async def test_a_device_that_is_put_in_twenty_times_at_once_is_connected_once(
    four: Four, member: Member, behind_devices: Behind
):
    await member.joined(four.organizations[0])
    await member.put_as_soon_as_known(four.devices[0], DESKTOP, HOME)
    await member.put_as_soon_as_known(four.devices[1], PHONE)
    statuses = await four.at_once([member.put(LAPTOP) for _ in range(20)])
    assert set(statuses) <= {200, 409}
    assert 200 in statuses
    for process in four.devices:
        assert await member.devices(process) == {DESKTOP, LAPTOP, PHONE}
    assert what(await behind_devices.news(member))[2:] == [(CONNECTED, LAPTOP.title())]


async def test_devices_that_are_put_in_while_their_account_leaves_are_disconnected_once(
    four: Four, member: Member, behind_devices: Behind
):
    await member.joined(four.organizations[0])
    await member.equipped(four.devices[0])
    names = [f"tablet{number}" for number in range(20)]
    wishes = [member.put(name) for name in names]
    statuses = await four.at_once([*wishes[:10], member.leave(), *wishes[10:]])
    assert statuses[10] == 204
    for process in four.devices:
        await member.until_devices_are(process, {DESKTOP})
    told = what(await behind_devices.news(member))[3:]
    assert len(set(told)) == len(told), "each device is connected and disconnected once"
    taken = {
        name.title() for name, status in zip(names, [*statuses[:10], *statuses[11:]], strict=True) if status == 200
    }
    assert {name for kind, name in told if kind == CONNECTED} == taken
    assert {name for kind, name in told if kind == DISCONNECTED} == taken | {LAPTOP.title(), PHONE.title()}
