"""The side door: events from elsewhere, each to its reaction."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import structlog
from opentelemetry import trace
from opentelemetry.propagate import extract
from prometheus_client import CollectorRegistry, Counter
from pydantic import ValidationError

from shared.brokering import Broker, Verdict
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.contracts.problem import TooManyChanges, Unavailable
from shared.deciding import Actor, Command
from shared.failpoints import failpoint
from shared.storing import StoreUnavailable

REACTION_TIMEOUT = 30.0
_LONGEST_PAUSE = 5.0

Reaction: TypeAlias = Callable[[Any, Envelope], Awaitable[None]]
"""React to an event, given its data and its envelope; may run twice for the same event, in any order."""

_log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)


def owner_of(envelope: Envelope) -> str:
    """Name the account that the event happened to; one that must have happened to one and does not say so is bad."""
    if envelope.account is None:
        raise ValueError("an event that happened to no account")
    return envelope.account


def command_of(envelope: Envelope) -> Command:
    """Give the command that a reaction carries out: the event's id is its id, and who caused the event asks."""
    kind = envelope.authtype if envelope.authtype in {"user", "administrator"} else "system"
    actor = Actor(kind, envelope.authid or "unknown", envelope.client())
    return Command(id=envelope.id, digest=envelope.type, actor=actor, correlation=envelope.correlationid)


class Consumer:
    """Feed the *reactions* of one process from its queue."""

    def __init__(
        self,
        queue: str,
        reactions: Mapping[type[Event], Reaction],
        broker: Broker,
        *,
        store_answers: Callable[[], Awaitable[bool]],
        registry: CollectorRegistry,
        any_user: bool = False,
    ) -> None:
        self.queue = queue
        self.was_ready = False
        """Whether queue and bindings have been found in order since the start."""
        self._reactions = {event.wire: (event, reaction) for event, reaction in reactions.items()}
        self._broker = broker
        self._any_user = any_user
        self._store_answers = store_answers
        self._taken = Counter("events_taken", "Events taken from the queue", ["event", "verdict"], registry=registry)

    async def run(self) -> None:
        """Consume until cancelled; while our own store is down nothing is taken."""
        await self._until_store_answers()
        await self._broker.consume(self.queue, list(self._reactions), self.take, ready=self._set_ready)

    async def take(self, body: bytes, user: str | None, count: int) -> Verdict:
        """Take one message and tell what became of it."""
        try:
            envelope = Envelope.model_validate_json(body)
        except ValidationError:
            _log.warning("a message is no event", queue=self.queue, user=user)  # its text may hold anything
            return Verdict.NEVER
        verdict = await self._react(envelope, user, count)
        known = envelope.type if envelope.type in self._reactions else "other"
        self._taken.labels(known, verdict.value).inc()
        return verdict

    async def _react(self, envelope: Envelope, user: str | None, count: int) -> Verdict:
        log = _log.bind(queue=self.queue, event=envelope.type, event_id=envelope.id)
        if envelope.type not in self._reactions:
            log.error("an event that nobody here asked for")
            return Verdict.NEVER
        kind, reaction = self._reactions[envelope.type]
        if user != kind.owner() and not self._any_user:
            log.error("a forged event", user=user)
            return Verdict.NEVER
        try:
            event = kind.model_validate(envelope.data)
        except ValidationError:
            log.warning("an event that does not keep its contract")
            return Verdict.NEVER
        parent = extract({"traceparent": envelope.traceparent} if envelope.traceparent else {})
        with _tracer.start_as_current_span(f"react {envelope.type}", context=parent, kind=trace.SpanKind.CONSUMER):
            try:
                await self._carry_out(lambda: reaction(event, envelope), log)
            except Exception:
                log.exception("a reaction failed", delivered_before=count)
                return Verdict.AGAIN
        return Verdict.DONE

    async def _carry_out(self, reaction: Callable[[], Awaitable[None]], log: Any) -> None:
        """React; while our store is down the event is held, and with it all that the broker hands out at once.

        Handing it back would count against it, and a store that answers without taking writes would soon make
        dead letters of everything.
        """
        pause = 0.2
        while True:
            try:
                async with asyncio.timeout(REACTION_TIMEOUT):
                    failpoint("during a reaction")
                    await reaction()
                    failpoint("after a reaction")
            except (StoreUnavailable, Unavailable, TooManyChanges):  # away, or it has all the news it can hold
                log.warning("our store takes nothing; events wait")
                await asyncio.sleep(pause)
                await self._until_store_answers()
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return

    async def _until_store_answers(self) -> None:
        while not await self._store_answers():  # noqa: ASYNC110  # another process's health sends no event
            await asyncio.sleep(1)

    def _set_ready(self, ready: bool) -> None:  # noqa: FBT001  # a callback
        self.was_ready = self.was_ready or ready
