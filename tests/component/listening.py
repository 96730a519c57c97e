"""A subscriber of its own: it knows the broker's address and the names of exchange and log, and no code of ours."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from shared.brokering.dialing import dial

EXCHANGE = "account.events"
LOG = "account.events.log"


class Heard:
    """The messages that came in so far."""

    def __init__(self) -> None:
        self.messages: list[AbstractIncomingMessage] = []

    def about(self, account: str) -> list[AbstractIncomingMessage]:
        """Give those about an account in the order in which they first came: each may come again."""
        found: dict[str, AbstractIncomingMessage] = {}
        for message in self.messages:
            found.setdefault(event(message)["id"], message)
        return [message for message in found.values() if event(message).get("account") == account]


def event(message: AbstractIncomingMessage) -> dict[str, Any]:
    return json.loads(message.body)


@asynccontextmanager
async def listening(url: str, name: str) -> AsyncIterator[Heard]:
    """Listen to all news in a queue of one's own until the block ends."""
    heard = Heard()
    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(f"subscriber.{name}", exclusive=True)
        await queue.bind(EXCHANGE, "#")
        await queue.consume(_into(heard))
        yield heard


@asynccontextmanager
async def replaying(url: str) -> AsyncIterator[Heard]:
    """Read the log from its first event on."""
    heard = Heard()
    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=100)
        log = await channel.get_queue(LOG, ensure=False)
        await log.consume(_into(heard), arguments={"x-stream-offset": "first"})
        yield heard


def _into(heard: Heard):
    async def take(message: AbstractIncomingMessage) -> None:
        heard.messages.append(message)
        await message.ack()

    return take


async def publish(url: str, name: str, body: Any, **properties: Any) -> None:
    """Publish as any client could, with confirms; raise what the broker says against it."""
    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        message = aio_pika.Message(content, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, **properties)
        await asyncio.wait_for(exchange.publish(message, name, timeout=5), 10)


async def waiting_in(url: str, queue: str) -> int:
    """Count the messages that wait in a queue."""
    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        found = await channel.declare_queue(queue, passive=True)
        return found.declaration_result.message_count or 0
