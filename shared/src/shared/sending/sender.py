"""The sender: letters that were written with the state go out, until they expire, at least once."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from shared.contracts.event import Event
from shared.contracts.problem import Problem
from shared.deciding import Actor, Command, Decision
from shared.facts import Facts, now
from shared.failpoints import failpoint
from shared.letters import Channel, Letter, Waiting
from shared.sealing import SealError
from shared.sending.carrying import Carrier, Message, Never, NotNow
from shared.storing import Shelf, Store, StoreUnavailable

SWEEP_EVERY = 2.0
"""Seconds between two looks for letters that are due."""
SEND_SECONDS = 20.0
LEASE = timedelta(seconds=45)
"""For how long a letter is one sender's; longer than sending takes, or two would send it."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)
_DOUBLINGS = 6
_PAGE = 100
_AT_ONCE = 8
_MOST_NUDGES = 10_000
_LONGEST_REASON = 80

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The events that tell what became of a letter: *sent* of it, *abandoned* of it and a reason."""

    sent: Callable[[Waiting], Event]
    abandoned: Callable[[Waiting, str], Event]


class Gauges:
    """What an operator watches of a process's letters."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.sent = Counter("letters_sent", "Letters that a carrier took", ["channel"], registry=registry)
        self.abandoned = Counter(
            "letters_abandoned", "Letters that were given up", ["channel", "reason"], registry=registry
        )
        self.failed = Counter("letters_failed", "Attempts that failed", ["channel"], registry=registry)
        self.due = Gauge("letters_due", "Documents that have a letter due", registry=registry)


class Sender:
    """Send the letters of one shelf."""

    def __init__(
        self,
        shelf: Shelf,
        store: Store[Any],
        *,
        carriers: Mapping[Channel, Carrier],
        compose: Callable[[Letter], Message],
        settlement: Settlement,
        gauges: Gauges,
    ) -> None:
        self._shelf = shelf
        self._store = store
        self._carriers = carriers
        self._compose = compose
        self._settlement = settlement
        self._gauges = gauges
        self._nudges: asyncio.Queue[str] = asyncio.Queue(_MOST_NUDGES)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def nudge(self, key: str) -> None:
        """Say that *key* has letters; where too many say so at once, the sweep finds them."""
        if not self._nudges.full():
            self._nudges.put_nowait(key)

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(self._work())
            group.create_task(self._sweep())

    async def _work(self) -> None:
        while True:
            await self._safely(await self._nudges.get())

    async def _sweep(self) -> None:
        while True:
            try:
                due = await self._shelf.with_letters_due(now(), _PAGE)
                self._gauges.due.set(len(due))
                await asyncio.gather(*(self._safely(key) for key in due))
            except StoreUnavailable:
                due = []
            if len(due) < _PAGE:
                await asyncio.sleep(SWEEP_EVERY)

    async def _safely(self, key: str) -> None:
        """Send a document's letters; what is wrong with one document must not keep the others' back."""
        try:
            async with self._slots:
                for letter in await self._shelf.letters(key):
                    if letter.due_at <= now():
                        await self._send(letter)
        except (StoreUnavailable, Problem) as error:
            _log.warning("letters have to wait", reason=type(error).__name__)
        except Exception:  # noqa: BLE001  # see above
            _log.exception("a letter could not be sent")

    async def _send(self, letter: Waiting) -> None:
        """Send one letter, unless another sender has it."""
        carrier = self._carriers.get(letter.channel)
        if now() >= letter.expires_at:
            await self._abandon(letter, "expired")
        elif carrier is None:
            await self._abandon(letter, "no_carrier")
        elif await self._shelf.claim(letter, now() + LEASE):
            failpoint("before a letter is sent")
            await self._carry(letter, carrier)

    async def _carry(self, letter: Waiting, carrier: Carrier) -> None:
        """Hand a letter that is ours to its carrier, and note what became of it."""
        log = _log.bind(channel=letter.channel, kind=letter.kind, letter=letter.id)
        try:
            message = self._compose(await self._store.opened(letter))
            async with asyncio.timeout(SEND_SECONDS):
                await carrier.carry(message)
        except (NotNow, TimeoutError) as error:
            self._gauges.failed.labels(letter.channel).inc()
            log.warning("a letter has to wait", reason=str(error)[:_LONGEST_REASON])
            await self._shelf.postpone(letter, min(now() + _pause(letter.attempts), letter.expires_at))
        except Never as error:
            log.error("a letter was refused", reason=str(error)[:_LONGEST_REASON])  # noqa: TRY400  # the trace may hold an address
            await self._abandon(letter, "refused")
        except SealError:
            log.error("a letter does not open")  # noqa: TRY400  # its trace says no more
            await self._abandon(letter, "unreadable")
        else:
            failpoint("after a letter is sent")
            self._gauges.sent.labels(letter.channel).inc()
            await self._settle(letter, self._settlement.sent(letter))

    async def _abandon(self, letter: Waiting, reason: str) -> None:
        self._gauges.abandoned.labels(letter.channel, reason).inc()
        await self._settle(letter, self._settlement.abandoned(letter, reason))

    async def _settle(self, letter: Waiting, event: Event) -> None:
        """Take the letter out of its document and tell what became of it, in one write."""

        def rule(state: Any, _facts: Facts) -> Decision[Any]:
            return Decision(state, news=(event,), settled=(letter.id,))

        command = Command(id=f"settle-{letter.id}"[:64], digest="settle", actor=Actor("system", "sender"))
        await self._store.change(letter.key, rule, command=command)


def _pause(attempts: int) -> timedelta:
    """Give how long to wait after an attempt that failed: twice as long each time."""
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(attempts, _DOUBLINGS)
    return min(doubled, _LONGEST_PAUSE)
