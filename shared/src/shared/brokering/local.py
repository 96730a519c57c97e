"""Events inside one process, for a laptop where no RabbitMQ can be had."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from shared.brokering import Take, Unreachable, Verdict
from shared.brokering.topology import DELIVERY_LIMIT

Bury = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""Keep an event that *queue* could not take, where a restart does not lose it."""


class LocalBroker:
    """Deliver while publishing: an event is safe only after every reaction to it succeeded.

    So an entry stays in its outbox until then, and a restart delivers it again.
    """

    def __init__(self, bury: Bury, *, pause: float = 0.05) -> None:
        self._bury = bury
        self._pause = pause
        self._takers: dict[str, tuple[frozenset[str], Take]] = {}
        self._expected: set[str] = set()

    def expect(self, queue: str) -> None:
        """Hold events back until *queue* has its consumer, as a declared queue would."""
        self._expected.add(queue)

    async def publish(self, event: Mapping[str, Any]) -> None:
        """Deliver to every queue that wants the event and return when all have taken it."""
        if self._expected - self._takers.keys():
            raise Unreachable("a consumer has not started yet")
        body = to_json(event)
        owner = str(event["type"]).split(".")[1]
        for queue, (names, take) in list(self._takers.items()):
            if event["type"] in names:
                await self._deliver(queue, take, body, owner, event)

    async def _deliver(self, queue: str, take: Take, body: bytes, owner: str, event: Mapping[str, Any]) -> None:
        for count in range(DELIVERY_LIMIT + 1):
            verdict = await take(body, owner, count)
            if verdict is Verdict.DONE:
                return
            if verdict is Verdict.NEVER:
                break
            await asyncio.sleep(min(self._pause * 2**count, 1.0))
        await self._bury(queue, event)

    async def consume(self, queue: str, names: Sequence[str], take: Take, *, ready: Callable[[bool], None]) -> None:
        """Take events of these *names* until cancelled."""
        self._takers[queue] = (frozenset(names), take)
        ready(True)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self._takers.pop(queue, None)
            ready(False)

    async def answers(self) -> bool:
        """Tell that there is nothing to be reached."""
        return True

    async def close(self) -> None:
        """Do nothing: there is no connection."""
