"""What a system that knows nothing of ours hears: from a queue of its own, and from the log."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import aio_pika

from shared.brokering.dialing import dial
from shared.brokering.topology import EXCHANGE, LOG
from tests.spawning import until

Heard = list[dict[str, Any]]


class Listener:
    """A queue of one's own, bound to everything."""

    def __init__(self, url: str, queue: str) -> None:
        self._url, self.queue = url, queue
        self._heard: Heard = []
        self._one_by_one = asyncio.Lock()

    @classmethod
    async def listen(cls, url: str) -> Self:
        listener = cls(url, f"subscriber.{uuid.uuid4().hex}")
        async with await dial(url, timeout=10) as connection:
            channel = await connection.channel()
            queue = await channel.declare_queue(listener.queue, durable=True, arguments={"x-queue-type": "quorum"})
            await queue.bind(EXCHANGE, "#")
        return listener

    async def heard(self, account: str) -> Heard:
        """Give all that came of an account so far, in the order in which it came, repetitions included."""
        async with self._one_by_one, await dial(self._url, timeout=10) as connection:
            channel = await connection.channel()
            queue = await channel.get_queue(self.queue, ensure=False)
            while message := await queue.get(no_ack=True, fail=False):
                self._heard.append(json.loads(message.body))
        return [event for event in self._heard if event.get("account") == account]

    async def leave(self) -> None:
        async with await dial(self._url, timeout=10) as connection:
            channel = await connection.channel()
            await channel.queue_delete(self.queue)


@asynccontextmanager
async def timing(url: str) -> AsyncIterator[list[tuple[float, dict[str, Any]]]]:
    """Give all news as it comes, each with the moment on the clock of `time.monotonic`, until the block ends."""
    heard: list[tuple[float, dict[str, Any]]] = []

    async def take(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        heard.append((time.monotonic(), json.loads(message.body)))

    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(f"subscriber.{uuid.uuid4().hex}", exclusive=True)
        await queue.bind(EXCHANGE, "#")
        await queue.consume(take, no_ack=True)
        yield heard


async def waiting_in(url: str, queue: str) -> int:
    """Count the messages that wait in a queue."""
    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0


async def emptied(url: str, queue: str) -> None:
    """Throw away what earlier tests left in a queue."""
    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        await (await channel.get_queue(queue, ensure=False)).purge()


async def logged(url: str, account: str, number: int, *, source: str | None = None) -> Heard:
    """Read the log from its beginning until *number* different events of the account have come, or no more come.

    With a *source* only the events of that process count.
    """
    events: Heard = []

    async def take(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        event = json.loads(message.body)
        if event.get("account") == account and source in {None, event.get("source")}:
            events.append(event)
        await message.ack()

    async def all_came() -> bool:
        return len({event["id"] for event in events}) >= number

    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        await channel.set_qos(200)
        log = await channel.get_queue(LOG, ensure=False)
        await log.consume(take, arguments={"x-stream-offset": "first"})
        with suppress(AssertionError):  # the caller sees what is missing
            await until(all_came, seconds=10)
    return events


async def whole_log(url: str, known: set[str]) -> list[bytes]:
    """Read the log from its beginning until all events whose ids are *known* have come; give all that came."""
    bodies: dict[str, bytes] = {}

    async def take(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        bodies[json.loads(message.body)["id"]] = message.body + repr(message.headers).encode()
        await message.ack()

    async def all_came() -> bool:
        return known <= bodies.keys()

    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        await channel.set_qos(200)
        log = await channel.get_queue(LOG, ensure=False)
        await log.consume(take, arguments={"x-stream-offset": "first"})
        await until(all_came, what="the log")
    return list(bodies.values())


def assert_complete(events: Heard, number: int) -> Heard:
    """Check that each of *number* events came, first in its order and without a gap; give each once."""
    seen: set[str] = set()
    once = [event for event in events if event["id"] not in seen and not seen.add(event["id"])]
    assert [int(event["sequence"]) for event in once] == list(range(1, number + 1))
    return once
