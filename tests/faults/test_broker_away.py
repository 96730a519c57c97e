"""RabbitMQ goes away and comes back, in order or as in a power cut, while people go on changing things."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from onebox.rabbitmq import RabbitMQ
from tests.faults.checking import Behind
from tests.faults.outages import away
from tests.faults.people import Holder
from tests.spawning import Spawned

WRITES = 10
"""How often each of four people changes something while the broker is away."""


async def renaming(who: Holder, method: str, process: Spawned, *, over: float) -> None:
    """Rename again and again, spread over so many seconds; each time there is an answer soon."""
    for number in range(WRITES):
        begun = time.monotonic()
        answer = await who.rename(method, f"Name {number}")(process)
        assert answer.ok, answer.body
        took = time.monotonic() - begun
        assert took < 2, f"an answer took {took:.2f} s"
        assert await process.health() == 200
        await asyncio.sleep(over / WRITES)  # the length of the outage is what this test is about


Leave = Callable[[RabbitMQ], Awaitable[None]]


async def outages(process: Spawned, people: list[Holder], broker: RabbitMQ, ways: dict[Leave, float]) -> int:
    """Let the broker go away in each of these ways for so many seconds; give the number of events there must be."""
    methods = [await who.registered(process) for who in people]
    for leave, seconds in ways.items():
        async with away(broker, leave):
            writing = zip(people, methods, strict=True)
            await asyncio.gather(*(renaming(who, method, process, over=seconds) for who, method in writing))
        # They go on while the broker is coming back, when it confirms what its log does not keep yet.
        writing = zip(people, methods, strict=True)
        await asyncio.gather(*(renaming(who, method, process, over=3) for who, method in writing))
    return 2 + 2 * WRITES * len(ways)


async def test_a_stop_and_a_power_cut_lose_no_news(spawn, holder, behind: Behind, broker: RabbitMQ):
    process, people = spawn("security-info"), [holder() for _ in range(4)]
    await process.start()
    number = await outages(process, people, broker, {RabbitMQ.pause: 4, RabbitMQ.kill: 1})
    for who in people:
        assert len(await behind.news(who, seconds=30)) == number


async def test_one_that_lost_its_broker_stops_in_order(spawn, holder, behind: Behind, broker: RabbitMQ):
    who, process = holder(), spawn("security-info")
    await process.start()
    method = await who.registered(process)
    await behind.outbox_empty(who)
    async with away(broker, RabbitMQ.kill):
        assert (await who.rename(method, "Renamed")(process)).ok
        assert await process.terminate() == 0
    await process.start()
    assert len(await behind.news(who)) == 3


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_minute_away_loses_no_news(spawn, holder, behind: Behind, broker: RabbitMQ):
    process, people = spawn("security-info"), [holder() for _ in range(4)]
    await process.start()
    number = await outages(process, people, broker, {RabbitMQ.pause: 60, RabbitMQ.kill: 15})
    for who in people:
        assert len(await behind.news(who, seconds=60)) == number
