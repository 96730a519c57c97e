"""The relay: news that was saved with the state goes out, in order per document, at least once."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from shared.brokering import Broker, NotTaken, Rejected, Unreachable
from shared.facts import now
from shared.failpoints import failpoint
from shared.storing import Shelf, StoreUnavailable

SWEEP_EVERY = 5.0
"""Seconds between two looks for news that no nudge took along."""
_WAITING_SINCE = timedelta(seconds=5)
_PAGE = 200
_WORKERS = 16
_MOST_NUDGES = 10_000
_MOST_REMEMBERED = 2_000

_log = structlog.get_logger(__name__)


class Gauges:
    """What an operator watches of a process's relays."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.published = Counter("events_published", "Events confirmed by the broker", registry=registry)
        self.parked = Counter("events_parked", "Events that the broker will never take", registry=registry)
        self.late = Gauge("outbox_late", "Documents whose news waits over 5 seconds", ["source"], registry=registry)


class Relay:
    """Publish the outboxes of one shelf, whose news is named by *source*."""

    def __init__(self, shelf: Shelf, broker: Broker, *, source: str, gauges: Gauges) -> None:
        self._shelf = shelf
        self._broker = broker
        self._gauges = gauges
        self._late = gauges.late.labels(source)
        self._nudges: asyncio.Queue[str] = asyncio.Queue(_MOST_NUDGES)
        self._queued: set[str] = set()
        self._busy: set[str] = set()
        self._confirmed: OrderedDict[str, frozenset[str]] = OrderedDict()

    def nudge(self, key: str) -> None:
        """Say that *key* has news; where too many say so at once, the sweep finds it."""
        if key not in self._queued and not self._nudges.full():
            self._queued.add(key)
            self._nudges.put_nowait(key)

    async def run(self) -> None:
        """Publish until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(_WORKERS):
                group.create_task(self._work())
            group.create_task(self._sweep())
            group.create_task(self._broker.answers())  # connecting takes its time; the first news need not wait for it

    async def drain(self, deadline: float) -> None:
        """Publish what is queued before the process stops, until *deadline* on the loop's clock at the latest."""
        try:
            async with asyncio.timeout_at(deadline):
                while self._queued or self._busy:  # noqa: ASYNC110  # a few turns, once, at the end of a process
                    await asyncio.sleep(0.01)
        except TimeoutError:
            _log.warning("news is left for the next start", documents=len(self._queued))

    async def _work(self) -> None:
        while True:
            key = await self._nudges.get()
            try:
                await self._announced(key)
            except (Unreachable, StoreUnavailable) as error:
                _log.warning("news has to wait", reason=type(error).__name__)

    async def _sweep(self) -> None:
        while True:
            try:
                await self.sweep()
            except (Unreachable, StoreUnavailable):
                pass
            except Exception:  # noqa: BLE001  # the next sweep must come
                _log.exception("the sweep failed")
            await asyncio.sleep(SWEEP_EVERY)

    async def sweep(self) -> None:
        """Publish what has been waiting, the oldest first, until nothing waits or the broker is gone."""
        left = 0
        while True:
            waiting = await self._shelf.waiting(now() - _WAITING_SINCE, _PAGE, skip=left)
            self._late.set(left + len(waiting))
            for key in waiting:
                left += not await self._announced(key)
            if len(waiting) < _PAGE:
                return

    async def _announced(self, key: str) -> bool:
        """Tell whether a document's news went out; what is wrong with one must not keep the others' news back."""
        try:
            await self._announce(key)
        except NotTaken as error:
            _log.warning("news has to wait", reason=str(error))
        except (Unreachable, StoreUnavailable):
            raise
        except Exception:  # noqa: BLE001  # see above
            _log.exception("news could not be announced")
        else:
            return True
        return False

    async def _announce(self, key: str) -> None:
        """Publish one document's news, unless someone here is at it already: then after them."""
        while key in self._busy:  # noqa: ASYNC110  # rare and short: two changes of one account within a publish
            # They may have read the outbox before the newest entry came in.
            await asyncio.sleep(0.005)
        self._busy.add(key)
        self._queued.discard(key)
        try:
            await self._publish(key)
        finally:
            self._busy.discard(key)

    async def _publish(self, key: str) -> None:
        """Publish one document's news in order and stop at the first that is not confirmed."""
        entries = await self._shelf.outbox(key)
        before = self._confirmed.pop(key, frozenset())
        confirmed: list[str] = []
        try:
            for entry in entries:
                failpoint("before publish")
                try:
                    if entry["id"] not in before:
                        await self._broker.publish(entry["event"])
                        self._gauges.published.inc()
                except Rejected as error:
                    await self._set_aside(key, entry["id"], str(error), confirmed)
                else:
                    confirmed.append(entry["id"])
        finally:
            if confirmed:
                failpoint("before pull")
                self._remember(key, confirmed)
                await self._shelf.sent(key, confirmed)

    def _remember(self, key: str, event_ids: Sequence[str]) -> None:
        """Keep what was confirmed last: an outbox is read as a majority has it, so what was just taken out shows."""
        self._confirmed[key] = frozenset(event_ids)
        if len(self._confirmed) > _MOST_REMEMBERED:
            self._confirmed.popitem(last=False)

    async def _set_aside(self, key: str, event_id: str, reason: str, confirmed: Sequence[str]) -> None:
        self._gauges.parked.inc()
        _log.error("an event was parked", event_id=event_id, reason=reason, sent_before=len(confirmed))
        await self._shelf.park(key, event_id, reason)
