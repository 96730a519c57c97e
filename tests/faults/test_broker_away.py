"""RabbitMQ goes away and comes back, in order or as in a power cut, while people go on changing things."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from onebox.rabbitmq import RabbitMQ

from tests.faults.checking import Behind
from tests.faults.people import Holder
from tests.spawning import Spawned

WRITES = 10
"""How often each of four people changes something while the broker is away."""


@asynccontextmanager
async def away(broker: RabbitMQ, leave: Callable[[RabbitMQ], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep the broker away for the block; whatever happens there, the next test has it again."""
    await leave(broker)
    try:
        yield
    finally:
        await broker.resume()


async def renaming(who: Holder, method: str, process: Spawned, *, over: float) -> None:
    """Rename again and again, spread over so many seconds; each time there is an answer soon."""
    for number in range(WRITES):
        begun = time.monotonic()
        answer = await who.rename(method, f"Name {number}")(process)
        assert answer.ok, answer.body
        assert time.monotonic() - begun < 2
        assert await process.health() == 200
        await asyncio.sleep(over / WRITES)  # the length of the outage is what this test is about


async def outage(spawn, holder, behind: Behind, broker: RabbitMQ, leave, *, seconds: float) -> None:
    process = spawn("security-info")
    await process.start()
    people = [holder() for _ in range(4)]
    methods = [await who.registered(process) for who in people]
    for who in people:
        await behind.outbox_empty(who)
    async with away(broker, leave):
        writing = zip(people, methods, strict=True)
        await asyncio.gather(*(renaming(who, method, process, over=seconds) for who, method in writing))
    # Some go on while the broker is coming back, when it confirms what its log does not keep yet.
    writing = zip(people, methods, strict=True)
    await asyncio.gather(*(renaming(who, method, process, over=3) for who, method in writing))
    for who in people:
        assert len(await behind.news(who, seconds=30)) == 2 + 2 * WRITES


async def test_a_stop_of_seconds_loses_no_news(spawn, holder, behind: Behind, broker: RabbitMQ):
    await outage(spawn, holder, behind, broker, RabbitMQ.pause, seconds=8)


async def test_a_power_cut_loses_no_news(spawn, holder, behind: Behind, broker: RabbitMQ):
    await outage(spawn, holder, behind, broker, RabbitMQ.kill, seconds=2)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("leave", [RabbitMQ.pause, RabbitMQ.kill])
async def test_a_minute_away_loses_no_news(leave, spawn, holder, behind: Behind, broker: RabbitMQ):
    await outage(spawn, holder, behind, broker, leave, seconds=60)
