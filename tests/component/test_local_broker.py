"""News inside one process: an entry leaves its outbox when every reaction to it succeeded."""

import asyncio
import json
from typing import ClassVar

import pytest
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict

from shared.brokering import Unreachable, Verdict
from shared.brokering.local import LocalBroker
from shared.brokering.topology import DELIVERY_LIMIT
from shared.contracts.event import REGISTER, Event
from shared.deciding import Actor, Command, Decision
from shared.publishing import Gauges, Relay
from shared.storing import Store
from shared.testing import MemoryShelf
from tests.waiting import until


class Rung(Event):
    wire: ClassVar[str] = "profile.test.bell.rung.v1"
    count: int


REGISTER.pop(Rung.wire)  # known to this test alone


class Bell(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    count: int = 0


def ring(bell, _facts):
    return Decision(Bell(count=bell.count + 1), news=(Rung(count=bell.count + 1),))


class House:
    """A store, its relay, and consumers that answer what a test tells them to."""

    def __init__(self):
        self.shelf, self.buried, self.taken = MemoryShelf(), [], {}
        self.broker = LocalBroker(self._bury, pause=1e-7)
        registry = CollectorRegistry()
        self.relay = Relay(self.shelf, self.broker, source="bells", gauges=Gauges(registry))
        self.store = Store(self.shelf, Bell, source="/test", empty=Bell)
        self.store.on_saved = self.relay.nudge
        self.tasks = []

    async def _bury(self, queue, event):
        self.buried.append((queue, event["data"]["count"]))

    def begin(self, running):
        self.tasks.append(asyncio.create_task(running))

    def consume(self, queue, answer):
        """Consume in *queue*; *answer* gives the verdict, from how often this was delivered before."""
        self.taken[queue] = []

        async def take(_body, user, count):
            assert user == "test"
            self.taken[queue].append(count)
            return answer(count)

        self.begin(self.broker.consume(queue, [Rung.wire], take, ready=lambda _ready: None))

    async def ring(self, number=1):
        command = Command(f"c{number}", "d", Actor("user", "alice"))
        await self.store.change("alice", ring, command=command)

    async def outbox(self):
        return [entry["event"]["data"]["count"] for entry in await self.shelf.outbox("alice")]

    async def silent(self):
        return not await self.outbox()


@pytest.fixture
async def house():
    made = House()
    made.begin(made.relay.run())
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


async def test_an_entry_stays_until_the_last_reaction_succeeded(house):
    begun, may_end = asyncio.Event(), asyncio.Event()
    house.consume("quick", lambda _count: Verdict.DONE)

    async def slow(_body, _user, _count):
        begun.set()
        await may_end.wait()
        return Verdict.DONE

    house.begin(house.broker.consume("slow", [Rung.wire], slow, ready=lambda _ready: None))
    await until(lambda: len(house.broker._takers) == 2)
    await house.ring()
    await asyncio.wait_for(begun.wait(), 5)
    assert house.taken["quick"] == [0]
    assert await house.outbox() == [1]
    may_end.set()
    await until(house.silent)


async def test_a_failing_reaction_is_tried_again_and_then_the_event_is_buried(house):
    house.consume("failing", lambda _count: Verdict.AGAIN)
    house.consume("working", lambda _count: Verdict.DONE)
    await until(lambda: len(house.broker._takers) == 2)
    await house.ring()
    await until(house.silent)
    assert house.taken["failing"] == list(range(DELIVERY_LIMIT + 1)) == list(range(21))
    assert house.taken["working"] == [0]
    assert house.buried == [("failing", 1)]


async def test_a_reaction_that_works_at_last_buries_nothing(house):
    house.consume("limping", lambda count: Verdict.DONE if count == 3 else Verdict.AGAIN)
    await until(lambda: house.broker._takers)
    await house.ring()
    await until(house.silent)
    assert house.taken["limping"] == [0, 1, 2, 3]
    assert house.buried == []


async def test_what_nobody_may_take_is_buried_at_once(house):
    house.consume("refusing", lambda _count: Verdict.NEVER)
    await until(lambda: house.broker._takers)
    await house.ring()
    await until(house.silent)
    assert (house.taken["refusing"], house.buried) == ([0], [("refusing", 1)])


async def test_nothing_is_published_before_those_who_are_expected_are_there(house):
    house.broker.expect("late")
    event = {"type": Rung.wire, "id": "e", "data": {"count": 1}}
    with pytest.raises(Unreachable):
        await house.broker.publish(event)
    await house.ring()
    house.consume("late", lambda _count: Verdict.DONE)
    await until(lambda: house.broker._takers)
    house.relay.nudge("alice")
    await until(house.silent)
    assert house.taken["late"] == [0]
    assert house.buried == []


async def test_who_does_not_ask_for_an_event_does_not_get_it(house):
    house.consume("asking", lambda _count: Verdict.DONE)

    async def never(*_):
        raise AssertionError

    house.begin(house.broker.consume("other", ["profile.test.bell.melted.v1"], never, ready=lambda _ready: None))
    await until(lambda: len(house.broker._takers) == 2)
    await house.ring()
    await until(house.silent)
    assert house.taken["asking"] == [0]


async def test_many_rings_are_taken_in_their_order(house):
    counts = []

    async def note(body, _user, _count):
        counts.append(Rung.model_validate(json.loads(body)["data"]).count)
        return Verdict.DONE

    house.begin(house.broker.consume("noting", [Rung.wire], note, ready=lambda _ready: None))
    await until(lambda: house.broker._takers)
    for number in range(20):
        await house.ring(number)
    await until(house.silent)
    assert counts == list(range(1, 21))
