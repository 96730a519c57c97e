"""Deliver news as a broker may: late, in any order, several times, and to two replicas at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from shared.brokering import Verdict
from shared.brokering.local import LocalBroker
from shared.consuming import Consumer, Reaction
from shared.contracts.envelope import Envelope
from shared.contracts.event import REGISTER, Event
from shared.storing import Filed
from shared.testing import MemoryShelf

REPLICAS = 2
Job = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Delivery:
    """One event to one of the replicas."""

    event: int
    replica: int


@dataclass(frozen=True)
class Schedule:
    """Deliveries in their order, how many are under way at once, and how long each step at the shelf takes.

    *remembered* is how many commands a document remembers: with few, an event that comes again is a new one to it.
    """

    deliveries: tuple[Delivery, ...]
    workers: int = 1
    pauses: tuple[int, ...] = (0,)
    remembered: int = 500


replicas = st.integers(0, REPLICAS - 1)


@st.composite
def schedules(draw: st.DrawFn, events: int, first: int = 0) -> Schedule:
    """Draw how *events* events are delivered, each at least once, those before the *first* once more or not at all."""
    times = [draw(st.integers(0 if event < first else 1, 3)) for event in range(events)]
    order = draw(st.permutations([event for event, number in enumerate(times) for _ in range(number)]))
    return Schedule(
        deliveries=tuple(Delivery(event, draw(replicas)) for event in order),
        workers=draw(st.integers(1, 4)),
        pauses=tuple(draw(st.lists(st.integers(0, 4), min_size=1, max_size=12))),
        remembered=draw(st.sampled_from((1, 2, 500))),
    )


def in_order(events: int) -> Schedule:
    """Deliver each event once, in the order in which they happened."""
    return Schedule(tuple(Delivery(event, 0) for event in range(events)))


class SlowShelf(MemoryShelf):
    """A shelf at which each step takes some turns of the loop, so that others come in between."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: Iterable[int] = cycle((0,))

    async def load(self, key: str, *, commands: bool, without: Sequence[str] = ()) -> Mapping[str, Any] | None:
        await self._wait()
        found = await super().load(key, commands=commands, without=without)
        await self._wait()
        return found

    async def save(self, key: str, version: int, filed: Filed) -> bool:
        await self._wait()
        saved = await super().save(key, version, filed)
        await self._wait()
        return saved

    async def _wait(self) -> None:
        for _ in range(next(iter(self.pauses))):
            await asyncio.sleep(0)


def consumer(reactions: Mapping[type[Event], Reaction]) -> Consumer:
    """Make what feeds the reactions of one replica."""
    return Consumer("test", reactions, LocalBroker(_bury), store_answers=_yes, registry=CollectorRegistry())


async def deliver(envelope: Envelope, to: Consumer) -> None:
    """Deliver an event until it is done; one that nobody there asked for is none of theirs."""
    if REGISTER[envelope.type].wire in to._reactions:
        verdict = await to.take(envelope.model_dump_json().encode(), REGISTER[envelope.type].owner(), 0)
        assert verdict is Verdict.DONE


async def carry_out(jobs: Sequence[Job], workers: int) -> None:
    """Do the jobs in their order, so many at once."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            await job()

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())


def remembering(commands: int) -> Any:
    """Let a document remember only so many commands."""
    return patch("shared.storing.store.MOST_COMMANDS", commands)


async def _bury(_queue: str, _event: Mapping[str, Any]) -> None:
    raise AssertionError("an event was given up")


async def _yes() -> bool:
    return True
