"""Due work: a look for what there is to do, again and again, by whichever process comes first."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import ClassVar

import structlog

from shared.connecting import StoreUnavailable
from shared.contracts.problem import Unavailable
from shared.deciding import Actor, Command, Rule
from shared.facts import Facts
from shared.storing import Store
from shared.storing.store import State

SWEEP_EVERY = 60.0
"""Seconds between two sweeps, unless one is asked for before."""
_AT_ONCE = 10

_log = structlog.get_logger(__name__)


class Sweeper(ABC):
    """Sweep every now and then; what is swept must bear being swept twice, and by two processes at once.

    *name* says in logs and in commands which work it is, *service* whose.
    """

    name: ClassVar[str]
    service: ClassVar[str]

    def __init__(self) -> None:
        self._nudged = asyncio.Event()

    @abstractmethod
    async def prepare(self) -> None:
        """Make the indexes of the questions that a sweep asks."""

    @abstractmethod
    async def sweep(self) -> None:
        """Do all that is due now; raises StoreUnavailable where the database does not answer."""

    def nudge(self) -> None:
        """Ask for a sweep at once."""
        self._nudged.set()

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            self._nudged.clear()
            try:
                await self.sweep()
            except (StoreUnavailable, Unavailable):
                _log.warning("a sweep has to wait for the database", sweep=self.name)
            except Exception as error:  # noqa: BLE001  # the next sweep must come
                _log.error("a sweep failed", sweep=self.name, error=type(error).__name__)  # a trace may hold an account
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), SWEEP_EVERY)

    async def succeeded(self, keys: Sequence[str], work: Callable[[str], Awaitable[bool]]) -> list[str]:
        """Carry out *work* for each key, some at once; gives those for which it succeeded."""
        done: list[bool] = []
        for start in range(0, len(keys), _AT_ONCE):
            done += await asyncio.gather(*(work(key) for key in keys[start : start + _AT_ONCE]))
        return [key for key, succeeded in zip(keys, done, strict=True) if succeeded]

    async def isolated(self, work: Awaitable[object]) -> bool:
        """Await *work* for one of many; false where it failed, since one holds no other up."""
        try:
            await work
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # see above
            _log.error("one was left by a sweep", sweep=self.name, error=type(error).__name__)
            return False
        return True

    async def changed(self, store: Store[State], key: str, rule: Rule[State]) -> bool:
        """Carry out a *rule* of the portal's own, `isolated`."""
        return await self.isolated(store.change(key, rule, command=self.command()))

    def command(self) -> Command:
        """Give a command of the portal's own, which nobody repeats; what it causes names the sweep."""
        return Command(
            id=f"{self.name}-{Facts().id(self.name)}", digest=self.name, actor=Actor("system", self.service), brief=True
        )
