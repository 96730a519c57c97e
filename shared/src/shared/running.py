"""A process's life: start in order, serve, stop in reverse without losing what was begun."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
import uvloop
from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from pydantic_core import from_json
from pymongo.errors import ConnectionFailure, PyMongoError

from shared.brokering import Broker
from shared.brokering.rabbit import RabbitBroker
from shared.connecting import Client, Collection, ServerTooOld, close, connect, refuse_old_server, safe
from shared.consuming import Consumer, Reaction
from shared.contracts.event import Event
from shared.letters import Channel, Letter
from shared.observing import log_to_stderr, trace_to_collector
from shared.publishing import Gauges, Relay
from shared.sealing import Sealer
from shared.sending import Carrier, Sender, Settlement
from shared.sending.carrying import Message
from shared.sending.sender import Gauges as LetterGauges
from shared.settings import ProcessSettings
from shared.storing import Store
from shared.storing.mongo import MongoShelf

State = TypeVar("State", bound=BaseModel | None)

START_PATIENCE = 60.0
"""Seconds that a starting process waits for its database."""
_LETTERS_SHARE = 0.85
"""Of the time to stop in: what became of the last letters is news, which goes out after them."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """How the letters of one kind of aggregate go out: by whom, in which words, and what is told of it."""

    carriers: Mapping[Channel, Carrier]
    compose: Callable[[Letter, Any], Awaitable[Message]]
    settlement: Settlement


@dataclass
class Process:
    """What a process that owns data is made of, while it lives."""

    name: str
    settings: ProcessSettings
    client: Client
    broker: Broker
    sealer: Sealer
    registry: CollectorRegistry
    relays: list[Relay] = field(default_factory=list)
    senders: list[Sender] = field(default_factory=list)
    besides: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    """What else runs while it serves, until cancelled."""
    stopping: bool = False

    def __post_init__(self) -> None:
        self._gauges = Gauges(self.registry)

    def collection(self, name: str) -> Collection:
        """Give a collection of this process's own database."""
        return safe(self.client[self.settings.database], name)

    async def store(
        self,
        collection: str,
        kind: type[BaseModel],
        *,
        empty: Callable[[], State],
        account_of: Callable[[str, State], str | None] = lambda key, _state: key,
        post: Post | None = None,
    ) -> Store[State]:
        """Make the store of one kind of aggregate, with the relay of its news, and with *post* a sender of letters."""
        shelf = MongoShelf(self.collection(collection))
        await patiently(shelf.prepare)
        store = Store(shelf, kind, source=f"/{self.name}", empty=empty, sealer=self.sealer, account_of=account_of)
        relay = Relay(shelf, self.broker, source=collection, gauges=self._gauges)
        store.on_saved = relay.nudge
        self.relays.append(relay)
        if post:
            sender = Sender(
                shelf,
                store,
                carriers=post.carriers,
                compose=post.compose,
                settlement=post.settlement,
                gauges=LetterGauges(self.registry),
            )
            store.on_written = sender.nudge
            self.senders.append(sender)
        return store

    def consumer(self, reactions: Mapping[type[Event], Reaction]) -> Consumer:
        """Make the consumer of this process's queue."""
        return Consumer(
            self.name,
            reactions,
            self.broker,
            store_answers=self.store_answers,
            registry=self.registry,
            any_user=self.settings.one_broker_user,
        )

    async def store_answers(self) -> bool:
        """Tell whether the database answers."""
        try:
            await self.client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    @asynccontextmanager
    async def serve(
        self,
        make: Callable[[Callable[[], Awaitable[dict[str, bool]]]], web.Application],
        consumer: Consumer | None,
    ) -> AsyncIterator[int]:
        """Announce, react and answer until the block ends; gives the port.

        *make* gets the readiness question and returns the web application. At the end, new requests are
        refused, running ones finish, letters and news of them go out, within `drain_seconds`.
        """

        async def ready() -> dict[str, bool]:
            parts = {"serving": not self.stopping, "store": await self.store_answers()}
            if consumer:
                parts["news"] = consumer.was_ready
            return parts

        runner = web.AppRunner(
            make(ready), access_log=None, handle_signals=False, shutdown_timeout=self.settings.drain_seconds * 0.7
        )
        await runner.setup()
        try:
            async with _tasks(
                *(relay.run() for relay in self.relays),
                *(sender.run() for sender in self.senders),
                *(beside() for beside in self.besides),
                *([consumer.run()] if consumer else []),
            ):
                try:
                    site = web.TCPSite(runner, self.settings.host, self.settings.port, backlog=1024)
                    await site.start()
                    yield runner.addresses[0][1]
                finally:
                    self.stopping = True
                    begun = asyncio.get_running_loop().time()
                    await runner.cleanup()
                    letters = begun + self.settings.drain_seconds * _LETTERS_SHARE
                    await asyncio.gather(*(sender.drain(letters) for sender in self.senders))
                    news = begun + self.settings.drain_seconds
                    await asyncio.gather(*(relay.drain(news) for relay in self.relays))
        finally:
            await runner.cleanup()


@asynccontextmanager
async def process(name: str, settings: ProcessSettings, broker: Broker | None = None) -> AsyncIterator[Process]:
    """Connect a process to its database and broker, and let go of them at the end."""
    client = connect(settings.mongo_url.get_secret_value(), settings.mongo_driver)
    try:
        if not settings.allow_old_mongodb:
            await patiently(lambda: refuse_old_server(client))
        providers, master = _kms(settings)
        sealer = Sealer(client, vault=f"{settings.database}.keys", kms=providers, master=master)
        await patiently(sealer.prepare)
        owned = None if broker else RabbitBroker(settings.amqp_url.get_secret_value())
        try:
            in_use = broker or owned
            if in_use is None:
                raise TypeError("a process has a broker")
            yield Process(name, settings, client, in_use, sealer, CollectorRegistry())
        finally:
            if owned:
                await owned.close()
            await sealer.close()
    finally:
        await close(client)


async def patiently(call: Callable[[], Awaitable[None]]) -> None:
    """Call until the database answers, for at most `START_PATIENCE` seconds."""
    deadline = asyncio.get_running_loop().time() + START_PATIENCE
    while True:
        try:
            return await call()
        except PyMongoError as error:
            away = error.timeout or isinstance(error, ConnectionFailure)  # or it does not lead its set yet
            if not away or asyncio.get_running_loop().time() > deadline:
                raise
            _log.warning("waiting for the database", error=type(error).__name__)
            await asyncio.sleep(0.5)


@asynccontextmanager
async def _tasks(*runs: Any) -> AsyncIterator[None]:
    """Run beside the block; end with it, and end it if one of them fails."""
    try:
        async with asyncio.TaskGroup() as group:
            begun = [group.create_task(run) for run in runs]
            try:
                yield
            finally:
                for task in begun:
                    task.cancel()
    except BaseExceptionGroup as several:
        if len(several.exceptions) == 1:
            raise several.exceptions[0] from None
        raise


def _kms(settings: ProcessSettings) -> tuple[dict[str, Any], dict[str, str] | None]:
    if settings.kms == "local":
        if settings.local_master_key is None:
            raise TypeError("the settings see to a key")
        key = bytes.fromhex(settings.local_master_key.get_secret_value())
        return {"local": {"key": key}}, None
    return {settings.kms: from_json(settings.kms_credentials.get_secret_value())}, settings.kms_master_key


def run(name: str, settings: ProcessSettings, life: AbstractAsyncContextManager[int]) -> None:
    """Live as a process of its own: start, log the port, and stop gracefully on SIGTERM or SIGINT.

    Told so while it still starts, it stops at once. What keeps it from starting is one line of its log, and status 1.
    """
    log_to_stderr(settings.log_level)
    trace_to_collector(name)

    async def until_told() -> None:
        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        living = asyncio.current_task()
        starting = True

        def tell() -> None:
            if starting and living and not told.is_set():
                living.cancel()
            told.set()

        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, tell)
        try:
            async with life as port:
                starting = False
                _spare_collections()
                _log.info("ready", service=name, port=port)
                await told.wait()
                _log.info("stopping", service=name)
        except asyncio.CancelledError:
            if not (starting and told.is_set()):
                raise
        _log.info("stopped", service=name)

    try:
        with contextlib.suppress(KeyboardInterrupt):
            uvloop.run(until_told())
    except (ServerTooOld, PyMongoError, OSError) as error:
        _log.error("it cannot run", service=name, reason=str(error))
        raise SystemExit(1) from None


def _spare_collections() -> None:
    """Keep what the start made out of garbage collections, which would walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
