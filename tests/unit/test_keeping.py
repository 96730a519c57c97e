"""What a gateway keeps in mind of an account's standing, and for how long."""

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from gateway import accounts
from gateway.accounts import Account
from gateway.keeping import KEPT_SECONDS, Standings
from shared.deciding import Actor, Command
from shared.storing import Store
from shared.testing import MemoryShelf

DISABLE = partial(accounts.note, disabled=True, sequence="0000000001")
COMMAND = Command("c", "d", Actor("system", "directory"))


class HeldShelf(MemoryShelf):
    """A shelf whose answer to a reader is held until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let_go = asyncio.Event(), asyncio.Event()
        self.let_go.set()

    async def load(self, key: str, *, commands: bool, **more: Any) -> Any:
        found = await super().load(key, commands=commands, **more)
        if not commands:
            self.asked.set()
            await self.let_go.wait()
        return found


def standings(shelf: MemoryShelf) -> Standings:
    return Standings(Store(shelf, Account, source="/gateway", empty=Account))


async def test_what_is_changed_here_counts_at_once_though_it_is_just_being_read():
    shelf = HeldShelf()
    here = standings(shelf)
    shelf.let_go.clear()
    reading = asyncio.create_task(here.of("alice"))
    await shelf.asked.wait()
    await here.change("alice", DISABLE, COMMAND)
    shelf.let_go.set()
    await reading
    assert (await here.of("alice")).disabled


async def test_what_is_changed_elsewhere_is_noticed_in_time_though_it_took_long_to_read(
    monkeypatch: pytest.MonkeyPatch,
):
    moment = 1000.0
    monkeypatch.setattr("gateway.keeping.time", SimpleNamespace(monotonic=lambda: moment))
    shelf = HeldShelf()
    here, elsewhere = standings(shelf), standings(shelf)
    shelf.let_go.clear()
    reading = asyncio.create_task(here.of("alice"))
    await shelf.asked.wait()
    await elsewhere.change("alice", DISABLE, COMMAND)
    moment += 2
    shelf.let_go.set()
    assert not (await reading).disabled
    assert not (await here.of("alice")).disabled, "it is kept in mind, or each request would be a read"
    moment += KEPT_SECONDS - 2
    assert (await here.of("alice")).disabled
