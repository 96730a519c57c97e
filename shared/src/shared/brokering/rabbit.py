"""Events over RabbitMQ (AMQP 0-9-1, by aio-pika)."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelPreconditionFailed, DeliveryError
from aiormq.exceptions import ChannelAccessRefused
from pydantic_core import to_json
from yarl import URL

from shared.brokering import NotTaken, Rejected, Take, Unreachable, Verdict
from shared.brokering.dialing import dial
from shared.brokering.topology import EXCHANGE
from shared.contracts.envelope import CONTENT_TYPE
from shared.failpoints import failpoint_during

CONFIRM_TIMEOUT = 5.0
PREFETCH = 16
SETTLE = 2.0
"""Seconds that a broker is given before anything is published over a new connection: while it starts, RabbitMQ lets
clients in, and confirms to them, up to half a second before its streams take anything (seen with 3.10)."""
LONGEST_PAUSE = 5.0
"""Seconds between two attempts to connect, or before a failed message is handed back."""

_CLOSE_TIMEOUT = 1.0
_BETWEEN_TRIES = 0.5
"""Seconds between two attempts to connect for publishing, however many events wait."""

_REFUSALS = (ChannelPreconditionFailed, ChannelAccessRefused)
_FAILURES = (AMQPError, ConnectionError, OSError, TimeoutError, RuntimeError)
_log = structlog.get_logger(__name__)


class RabbitBroker:
    """Publish with confirms and consume with acknowledgements, each over a connection of its own.

    Exchange and queues are declared by the definitions file, before anyone publishes; this process has the
    right to use them and none to make them.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._user = URL(url).user or "guest"
        self._own_names = f"profile.{self._user}."
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None
        self._connecting = asyncio.Lock()
        self._connect_after = 0.0

    async def publish(self, event: Mapping[str, Any]) -> None:
        """Publish a CloudEvent and return when the broker has confirmed it."""
        message = aio_pika.Message(
            to_json(event),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=event["id"],
            type=event["type"],
            timestamp=datetime.fromisoformat(event["time"]),
            correlation_id=event.get("correlationid"),
            user_id=self._user,
        )
        try:
            with _not_cancelled():
                exchange = await self._publishing()
                await failpoint_during(
                    "before confirm",
                    exchange.publish(message, event["type"], mandatory=True, timeout=CONFIRM_TIMEOUT),
                )
        except DeliveryError as error:
            # A nack (a full queue) or a return (a binding is missing) says "not now", not "never".
            raise NotTaken(type(error).__name__) from error
        except _REFUSALS:
            await self._publish_alone(message, event["type"])
        except _FAILURES as error:
            raise Unreachable(type(error).__name__) from error

    async def _publish_alone(self, message: aio_pika.Message, name: str) -> None:
        """Publish over a channel of its own.

        A refusal closes the channel and fails everything that waits on it: only alone can it be told who is meant.
        Missing rights to one's own names are the operator's to mend, so that waits.
        """
        try:
            with _not_cancelled():
                await self._publishing()
                async with asyncio.timeout(CONFIRM_TIMEOUT), await self._own_channel() as channel:
                    exchange = await channel.get_exchange(EXCHANGE, ensure=False)
                    await exchange.publish(message, name, mandatory=True, timeout=CONFIRM_TIMEOUT)
        except DeliveryError as error:
            raise NotTaken(type(error).__name__) from error
        except _REFUSALS as error:
            if name.startswith(self._own_names) and isinstance(error, ChannelAccessRefused):
                raise NotTaken(type(error).__name__) from error
            raise Rejected(type(error).__name__) from error
        except _FAILURES as error:
            raise Unreachable(type(error).__name__) from error

    async def _publishing(self) -> AbstractExchange:
        async with self._connecting:
            if self._exchange and self._channel and not self._channel.is_closed:
                return self._exchange
            # A connection that was lost is not `is_closed`, which only tells that we closed it.
            if self._connection is None or not self._connection.connected.is_set():
                await self.close()
                self._connection = await self._connected()
            try:
                async with asyncio.timeout(CONFIRM_TIMEOUT):
                    self._channel = await self._own_channel()
                    self._exchange = await self._channel.get_exchange(EXCHANGE, ensure=False)
            except TimeoutError:
                await self.close()
                raise
            return self._exchange

    async def _connected(self) -> AbstractConnection:
        if time.monotonic() < self._connect_after:
            raise ConnectionError("it was away a moment ago")
        try:
            fresh = await dial(self._url)
        except _FAILURES:
            self._connect_after = time.monotonic() + _BETWEEN_TRIES
            raise
        try:
            await asyncio.sleep(SETTLE)
        except BaseException:
            await fresh.close()
            raise
        return fresh

    async def _own_channel(self) -> AbstractChannel:
        if self._connection is None:
            raise ConnectionError("there is no connection")
        return await self._connection.channel(publisher_confirms=True, on_return_raises=True)

    async def answers(self) -> bool:
        """Tell whether a channel for publishing is, or can be, open."""
        try:
            with _not_cancelled():
                await self._publishing()
        except _FAILURES:
            return False
        return True

    async def consume(self, queue: str, names: Sequence[str], take: Take, *, ready: Callable[[bool], None]) -> None:
        """Consume *queue* until cancelled, through lost connections and a broker that is away."""
        pause = 0.2
        while True:
            try:
                with _not_cancelled():
                    await self._consume_once(queue, names, take, ready)
                    pause = 0.2
            except _FAILURES as error:
                _log.warning("consumer lost the broker", queue=queue, error=type(error).__name__)
            finally:
                ready(False)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # jitter is no secret
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _consume_once(self, queue: str, names: Sequence[str], take: Take, ready: Callable[[bool], None]) -> None:
        connection = await dial(self._url)
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def end(*_: object) -> None:
            if not over.done():
                over.set_result(None)

        async def on_message(message: AbstractIncomingMessage) -> None:
            if not over.done():
                await _settle(message, take)

        async with connection:
            async with asyncio.timeout(len(names) + CONFIRM_TIMEOUT):
                channel: AbstractChannel = await connection.channel()
                connection.close_callbacks.add(end)
                channel.close_callbacks.add(end)
                # The broker takes the consumer away without closing anything when its queue is deleted.
                (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(end)
                await channel.set_qos(prefetch_count=PREFETCH)
                found = await channel.get_queue(queue)
                for name in names:
                    # Binding again what is bound already is how a binding is checked: a stream bound to `#` makes
                    # `mandatory` content even where this queue would get nothing.
                    await found.bind(EXCHANGE, name)
                await found.consume(on_message)
            ready(True)
            await over

    async def close(self) -> None:
        """Close the publishing connection; consumers close theirs when they are cancelled."""
        dropped, self._connection = self._connection, None
        if dropped:
            with suppress(*_FAILURES):
                async with asyncio.timeout(_CLOSE_TIMEOUT):
                    await dropped.close()


@contextmanager
def _not_cancelled() -> Iterator[None]:
    """Take it for a lost connection when the library cancels us with one that hangs: nobody asked us to stop."""
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise ConnectionError("the connection was given up") from error


async def _settle(message: AbstractIncomingMessage, take: Take) -> None:
    """Let a message be taken and tell the broker what became of it."""
    delivered = message.headers.get("x-delivery-count", 0)
    count = delivered if isinstance(delivered, int) else 0
    verdict = await take(message.body, message.user_id, count)
    # Where the channel is gone meanwhile, the broker hands the message out again.
    with suppress(*_FAILURES):
        if verdict is Verdict.DONE:
            await message.ack()
        elif verdict is Verdict.NEVER:
            await message.reject(requeue=False)
        elif verdict is Verdict.AGAIN:
            await asyncio.sleep(min(0.05 * 2**count, LONGEST_PAUSE))
            await message.nack(requeue=True)
