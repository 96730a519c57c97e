"""The sender: letters that were written with the state go out, until they expire, at least once."""

import asyncio
import traceback
from collections import Counter as Tally
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias, get_args

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from shared.contracts.event import Event
from shared.contracts.problem import Problem
from shared.deciding import Actor, Command, Decision
from shared.facts import Facts, now
from shared.failpoints import failpoint
from shared.letters import Channel, Letter, Waiting
from shared.sealing import SealError
from shared.sending.carrying import Carrier, Message, Never, NotNow, Overtaken
from shared.storing import Shelf, Store, StoreUnavailable

SWEEP_EVERY = 2.0
"""Seconds between two looks for letters that are due."""
SEND_SECONDS = 20.0
LEASE = timedelta(seconds=45)
"""For how long a letter is one sender's; longer than opening, sending and settling take, or two would send it."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)
_DOUBLINGS = 6
_PAGE = 100
_AT_ONCE = 8
"""Letters of one channel that are sent at the same time."""
_READERS = 4
_MOST_UNDER_WAY = 500
"""Letters of one lane."""
_SOON = timedelta(minutes=10)
"""What expires so soon has a lane of its own: a code must not wait behind a thousand notices."""
_MOST_REMEMBERED = 10_000
_MOST_NUDGES = 10_000
_LONGEST_REASON = 80

_Place: TypeAlias = tuple[str, str]
_Lane: TypeAlias = tuple[Channel, bool]
"""A channel, and whether for what expires soon."""

_log = structlog.get_logger(__name__)


def _as_before(state: Any, _letter: Waiting) -> Any:
    return state


@dataclass(frozen=True, slots=True)
class Settlement:
    """The events that tell what became of a letter: *sent* of it, *abandoned* of it and a reason.

    *without* gives the state without what was kept for the letter's sake.
    """

    sent: Callable[[Waiting], Event]
    abandoned: Callable[[Waiting, str], Event]
    without: Callable[[Any, Waiting], Any] = _as_before


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
    """Send the letters of one shelf; *compose* writes out what a letter, opened, and the state say."""

    def __init__(
        self,
        shelf: Shelf,
        store: Store[Any],
        *,
        carriers: Mapping[Channel, Carrier],
        compose: Callable[[Letter, Any], Awaitable[Message]],
        settlement: Settlement,
        gauges: Gauges,
        lease: timedelta = LEASE,
    ) -> None:
        self._shelf = shelf
        self._store = store
        self._carriers = carriers
        self._compose = compose
        self._settlement = settlement
        self._gauges = gauges
        self._lease = lease
        self._nudges: asyncio.Queue[str] = asyncio.Queue(_MOST_NUDGES)
        self._queued: set[str] = set()
        self._reading = 0
        self._under_way: set[_Place] = set()
        self._carried: OrderedDict[_Place, None] = OrderedDict()
        # A carrier that hangs must not keep the letters of the others, nor notices the codes.
        self._slots: defaultdict[_Lane, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONCE))
        self._in_lane: Tally[_Lane] = Tally()
        self._leaving = False

    def nudge(self, key: str) -> None:
        """Say that *key* has letters; where too many say so at once, the sweep finds them."""
        if key not in self._queued and not self._nudges.full():
            self._queued.add(key)
            self._nudges.put_nowait(key)

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(_READERS):
                group.create_task(self._work(group))
            group.create_task(self._sweep(group))

    async def drain(self, deadline: float) -> None:
        """Send what was nudged, and look for no more, until *deadline* on the loop's clock at the latest."""
        self._leaving = True
        try:
            async with asyncio.timeout_at(deadline):
                while self._queued or self._reading or self._under_way:  # noqa: ASYNC110  # as the relay does
                    await asyncio.sleep(0.01)
        except TimeoutError:
            _log.warning("letters are left for the next start", letters=len(self._under_way))

    async def _work(self, group: asyncio.TaskGroup) -> None:
        while True:
            key = await self._nudges.get()
            # From here on it may be said again: what was written after it was read would wait for the sweep.
            self._queued.discard(key)
            await self._begin(key, group)

    async def _sweep(self, group: asyncio.TaskGroup) -> None:
        while True:
            try:
                await self._look(group)
            except StoreUnavailable:
                pass
            except Exception as error:  # noqa: BLE001  # the next sweep must come
                _tell("the sweep failed", error)
            await asyncio.sleep(SWEEP_EVERY)

    async def _look(self, group: asyncio.TaskGroup) -> None:
        """Begin to send what is due: first what expires soon, then channel by channel."""
        soon = now() + _SOON
        seen = await self._look_for(group, expiring=soon)
        for channel in get_args(Channel):
            seen += await self._look_for(group, channel=channel)
        self._gauges.due.set(seen)

    async def _look_for(self, group: asyncio.TaskGroup, **wanted: Any) -> int:
        """Begin to send what is due of some letters, also behind what cannot be sent; stops where a lane is full."""
        seen = 0
        while not self._leaving:
            due = await self._shelf.with_letters_due(now(), _PAGE, skip=seen, **wanted)
            seen += len(due)
            room = [await self._begin(key, group) for key in due]
            if len(due) < _PAGE or not all(room):
                break
        return seen

    async def _begin(self, key: str, group: asyncio.TaskGroup) -> bool:
        """Begin to send a document's letters, and tell whether there was room for all of them.

        What is wrong with one document must not keep the others' back.
        """
        room = True
        self._reading += 1
        try:
            for letter in await self._shelf.letters(key):
                if letter.due_at > now() or _place(letter) in self._under_way:
                    continue
                lane = _lane(letter)
                if self._in_lane[lane] >= _MOST_UNDER_WAY:
                    room = False
                    continue
                self._in_lane[lane] += 1
                self._under_way.add(_place(letter))
                group.create_task(self._safely(letter, lane))
        except StoreUnavailable as error:
            _log.warning("letters have to wait", reason=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # see above
            _tell("letters could not be read", error)
        finally:
            self._reading -= 1
        return room

    async def _safely(self, letter: Waiting, lane: _Lane) -> None:
        """Send one letter; what is wrong with it must not keep others back."""
        try:
            async with nullcontext() if self._in_vain(letter) else self._slots[lane]:
                await self._send(letter)
        except (StoreUnavailable, Problem) as error:
            _log.warning("letters have to wait", reason=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # see above
            self._gauges.failed.labels(letter.channel).inc()
            _tell("a letter could not be sent", error)
        finally:
            self._in_lane[lane] -= 1
            self._under_way.discard(_place(letter))

    def _in_vain(self, letter: Waiting) -> str | None:
        """Say why a letter is not worth sending, if it is not."""
        if now() >= letter.expires_at:
            return "expired"
        return None if letter.channel in self._carriers else "no_carrier"

    async def _send(self, letter: Waiting) -> None:
        """Send one letter, unless another sender has it."""
        mine = await self._shelf.claim(letter, now() + self._lease)
        if mine is None:
            return
        if _place(mine) in self._carried:
            await self._settle(mine, self._settlement.sent(mine))
        elif reason := self._in_vain(mine):
            await self._abandon(mine, reason)
        else:
            failpoint("before a letter is sent")
            await self._carry(mine, self._carriers[mine.channel])

    async def _carry(self, letter: Waiting, carrier: Carrier) -> None:
        """Hand a letter that is ours to its carrier, and note what became of it."""
        log = _log.bind(channel=letter.channel, kind=letter.kind, letter=letter.id)
        try:
            message = await self._compose(*await self._store.opened(letter))
            async with asyncio.timeout(SEND_SECONDS):
                await carrier.carry(message)
        except (NotNow, TimeoutError) as error:
            self._gauges.failed.labels(letter.channel).inc()
            log.warning("a letter has to wait", reason=str(error)[:_LONGEST_REASON] or type(error).__name__)
            await self._shelf.postpone(letter, min(now() + _pause(letter.attempts), letter.expires_at))
        except Overtaken:
            await self._abandon(letter, "overtaken")
        except Never as error:
            log.error("a letter was refused", reason=str(error)[:_LONGEST_REASON])  # noqa: TRY400  # the trace may hold an address
            await self._abandon(letter, "refused")
        except SealError:
            log.error("a letter does not open")  # noqa: TRY400  # its trace says no more
            await self._abandon(letter, "unreadable")
        else:
            failpoint("after a letter is sent")
            self._gauges.sent.labels(letter.channel).inc()
            self._remember(letter)
            await self._settle(letter, self._settlement.sent(letter))

    def _remember(self, letter: Waiting) -> None:
        """Keep what was carried until it is settled, which may fail: it must not go out again and again."""
        self._carried[_place(letter)] = None
        if len(self._carried) > _MOST_REMEMBERED:
            self._carried.popitem(last=False)

    async def _abandon(self, letter: Waiting, reason: str) -> None:
        await self._settle(letter, self._settlement.abandoned(letter, reason))
        self._gauges.abandoned.labels(letter.channel, reason).inc()

    async def _settle(self, letter: Waiting, event: Event) -> None:
        """Take the letter out of its document and tell what became of it, in one write."""

        def rule(state: Any, _facts: Facts) -> Decision[Any]:
            return Decision(self._settlement.without(state, letter), news=(event,), settled=(letter.id,))

        command = Command(id=f"settle-{letter.id}"[:64], digest="settle", actor=Actor("system", "sender"))
        await self._store.change(letter.key, rule, command=command)
        self._carried.pop(_place(letter), None)


def _place(letter: Waiting) -> _Place:
    return letter.key, letter.id


def _lane(letter: Waiting) -> _Lane:
    return letter.channel, letter.expires_at < now() + _SOON


def _pause(attempts: int) -> timedelta:
    """Give how long to wait after so many attempts, the last of which failed: twice as long each time."""
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(attempts - 1, _DOUBLINGS)
    return min(doubled, _LONGEST_PAUSE)


def _tell(what: str, error: Exception) -> None:
    """Log where an error came from, and not what it says: it may quote an address or a code."""
    _log.error(what, error=type(error).__name__, trace="".join(traceback.format_tb(error.__traceback__)))
