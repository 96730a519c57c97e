"""Servers that go away for a while."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from onebox.rabbitmq import RabbitMQ


@asynccontextmanager
async def away(broker: RabbitMQ, leave: Callable[[RabbitMQ], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep the broker away for the block; whatever happens there, the next test has it again."""
    await leave(broker)
    try:
        yield
    finally:
        await broker.resume()
