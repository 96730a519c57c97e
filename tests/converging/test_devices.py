"""Devices end up connected or not whatever way the news of memberships comes."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import count, cycle
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import managing
from devices.app import EVENTS
from devices.model import CEILING, Devices
from devices.reactions import Reactions
from shared.contracts.devices import DeviceConnected, DeviceDisconnected, DeviceLimitReached, NotAMember
from shared.contracts.organizations import MembershipEnded, MembershipPurged, MembershipStarted
from shared.deciding import Actor, Command
from shared.serving import bound
from shared.storing import Store
from tests.converging.delivering import (
    REPLICAS,
    Delivery,
    Job,
    Schedule,
    SlowShelf,
    carry_out,
    consumer,
    deliver,
    in_order,
    remembering,
    replicas,
    schedules,
)
from tests.converging.histories import ORGANIZATIONS, Lived, Step, lived, steps, ticking
from tests.converging.steadily import run, steadily

DEVICES = ("laptop", "phone")
KNOWN = {"name": "A device", "kind": "laptop"}


class Put(NamedTuple):
    """A device that management puts in."""

    device: str
    organization: str


puts = st.builds(Put, st.sampled_from(DEVICES), st.sampled_from(ORGANIZATIONS))


class House:
    """Two replicas of devices on one shelf."""

    def __init__(self, life: Lived) -> None:
        self.shelf = SlowShelf()
        self.accepted: defaultdict[str, set[str | None]] = defaultdict(set)
        draw = ticking(1000)
        self._life = life
        self._numbers = count()
        self._stores = [
            Store(self.shelf, Devices, source="/devices", empty=Devices, draw=draw) for _ in range(REPLICAS)
        ]
        self._consumers = [consumer(bound(EVENTS, Reactions(store, limit=CEILING))) for store in self._stores]

    async def put(self, put: Put, replica: int = 0) -> bool:
        """Put a device in; tell whether it was taken."""
        rule = partial(managing.put, device_id=put.device, organization_id=put.organization, known=KNOWN, limit=CEILING)
        command = Command(f"put{next(self._numbers)}", "", Actor("system", "management"))
        try:
            taken = (await self._stores[replica].change(self._life.name, rule, command=command)).state
        except (NotAMember, DeviceLimitReached):
            return False
        self.accepted[put.device].add(taken.devices[put.device].membership)
        return True

    async def told(self, schedule: Schedule, between: Sequence[tuple[int, Put, int]] = ()) -> None:
        """Deliver the news, with devices put *between* at these places of the schedule, at these replicas."""
        jobs: list[Job] = [
            partial(deliver, self._life.news[delivery.event], self._consumers[delivery.replica])
            for delivery in schedule.deliveries
        ]
        for place, put, replica in sorted(between, key=lambda one: -one[0]):
            jobs.insert(place, partial(self.put, put, replica))
        self.shelf.pauses = cycle(schedule.pauses)
        with remembering(schedule.remembered):
            await carry_out(jobs, schedule.workers)
        self.shelf.pauses = cycle((0,))

    async def state(self) -> Devices:
        return await self._stores[0].read(self._life.name)

    async def seen(self) -> tuple[Any, Any]:
        """Give what the world sees: the connected devices, under which membership each, and the memberships."""
        state = await self.state()
        return {id_: (one.organization_id, one.under) for id_, one in state.connected().items()}, state.memberships

    async def told_of(self, device: str) -> list[str]:
        """Give what this service told of a device, in order."""
        kinds = (DeviceConnected.wire, DeviceDisconnected.wire)
        events = [entry["event"] for entry in await self.shelf.outbox(self._life.name)]
        return [one["type"] for one in events if one["type"] in kinds and one["data"]["device_id"] == device]


async def assert_right(house: House, life: Lived) -> None:
    """Check what must be so when all news has come at least once, whatever was put in and when."""
    state = await house.state()
    assert {id_ for id_, one in state.memberships.items() if one.member} == set(life.account.memberships)
    purged = {one.data["membership_id"] for one in life.news if one.type == MembershipPurged.wire}
    live = {one.id for one in life.account.memberships.values()}
    forgotten = house.accepted.keys() - state.devices.keys()
    assert state.devices.keys() <= house.accepted.keys()
    assert all(house.accepted[id_] & purged for id_ in forgotten)
    for id_, device in state.devices.items():
        connected = device.disconnected_at is None
        assert device.membership not in purged
        assert connected == (device.membership in live)
        told = await house.told_of(id_)
        assert (
            told
            == [DeviceConnected.wire, DeviceDisconnected.wire] * (len(told) // 2) + [DeviceConnected.wire] * connected
        ), "each time it was connected or disconnected was told once"


async def assert_settled(house: House, life: Lived) -> None:
    """Check that nothing that comes again changes anything, and that members and nobody else may connect devices."""
    before, told = await house.state(), await house.shelf.outbox(life.name)
    with remembering(1):
        await house.told(in_order(len(life.news)))
    assert (await house.state(), await house.shelf.outbox(life.name)) == (before, told)
    for organization in ORGANIZATIONS:
        assert await house.put(Put("one more", organization)) == (organization in life.account.memberships)


@steadily(examples=250)
@given(steps=steps, data=st.data())
def test_devices_that_were_put_in_before_end_as_if_all_news_had_come_in_order(steps: list[Step], data: st.DataObject):
    life = lived(steps)
    heard = data.draw(st.integers(0, len(life.news)), "told before")
    before = [
        (place, put, 0)
        for place, put in data.draw(st.lists(st.tuples(st.integers(0, heard), puts), max_size=12), "put in")
    ]
    rest = data.draw(schedules(len(life.news), first=heard))

    async def once() -> Any:
        house = House(life)
        await house.told(in_order(len(life.news)), before)
        await assert_right(house, life)
        return await house.seen()

    async def anyhow() -> Any:
        house = House(life)
        await house.told(in_order(heard), before)
        await house.told(rest)
        await assert_right(house, life)
        seen = await house.seen()
        await assert_settled(house, life)
        return seen

    assert run(anyhow()) == run(once())


AWAY_AND_BACK = [Step("join", "fabrikam"), Step("leave", "fabrikam"), Step("join", "fabrikam")]


@steadily(examples=350)
@given(steps=steps, data=st.data())
def test_devices_that_are_put_in_meanwhile_end_right(steps: list[Step], data: st.DataObject):
    life = lived(steps)
    schedule = data.draw(schedules(len(life.news)))
    places = st.integers(0, len(schedule.deliveries))
    between = data.draw(st.lists(st.tuples(places, puts, replicas), min_size=1, max_size=16), "put in meanwhile")

    async def meanwhile() -> None:
        house = House(life)
        await house.told(schedule, between)
        await assert_right(house, life)
        await assert_settled(house, life)

    run(meanwhile())


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_a_device_is_put_in_at_any_moment_of_leaving_and_coming_back(order: tuple[int, ...], place: int):
    life = lived(AWAY_AND_BACK)
    memberships = [
        index
        for index, one in enumerate(life.news)
        if one.type in {MembershipStarted.wire, MembershipEnded.wire} and one.data["organization_id"] == "fabrikam"
    ]

    async def come_back() -> None:
        house = House(life)
        others = [Delivery(index, 0) for index in range(len(life.news)) if index not in memberships]
        await house.told(Schedule(tuple(others)))
        await house.told(
            Schedule(tuple(Delivery(memberships[one], one % 2) for one in order)),
            [(place, Put("laptop", "fabrikam"), 1)],
        )
        await assert_right(house, life)
        await assert_settled(house, life)

    run(come_back())


@pytest.mark.parametrize("pauses", [(0,), (1, 0), (0, 3, 1), (2, 0, 0, 1, 4)])
@pytest.mark.parametrize("place", range(3))
def test_a_device_is_put_in_by_both_replicas_while_its_account_leaves(place: int, pauses: tuple[int, ...]):
    life = lived(AWAY_AND_BACK[:2])
    (leaving,) = [index for index, one in enumerate(life.news) if one.type == MembershipEnded.wire]

    async def leave() -> None:
        house = House(life)
        await house.told(in_order(leaving))
        puts = [(min(place, 1), Put("laptop", "fabrikam"), 0), (place // 2, Put("laptop", "fabrikam"), 1)]
        await house.told(Schedule((Delivery(leaving, 0), Delivery(leaving, 1)), workers=4, pauses=pauses), puts)
        assert (await house.state()).connected() == {}
        await assert_right(house, life)
        await assert_settled(house, life)

    run(leave())
