"""Due work: accounts are disconnected from services that were taken out, by whichever process comes first."""

import asyncio
from datetime import timedelta
from functools import partial

import structlog

from privacy.account import Account
from privacy.connections import clear
from privacy.register import Register
from privacy.registering import cleared
from shared.connecting import Collection, StoreUnavailable
from shared.deciding import Actor, Command
from shared.facts import Facts, now
from shared.storing import Store
from shared.storing.mongo import answered

SWEEP_EVERY = 60.0
"""Seconds between two looks for what is due."""
LATE = timedelta(minutes=10)
"""For how long whoever asked before a service was taken out may still be connected to it; far more than they take."""
_PAGE = 100
_PORTAL = Actor("system", "privacy")

_log = structlog.get_logger(__name__)


class Clearer:
    """Disconnect whom a service was taken from; a guarded change finds nothing to do the second time."""

    def __init__(
        self, registers: Collection, accounts: Collection, *, of: Store[Account], told: Store[Register]
    ) -> None:
        self._accounts = accounts
        self._registers = registers
        self._account_store = of
        self._register_store = told
        self._due = asyncio.Event()

    async def prepare(self) -> None:
        """Make the indexes of the two questions: what was taken out, and who is connected to it."""
        await self._registers.create_index("removing", partialFilterExpression={"removing": True})
        await self._accounts.create_index("entries")

    def nudge(self) -> None:
        """Tell that a service was taken out."""
        self._due.set()

    async def run(self) -> None:
        """Clear until cancelled."""
        while True:
            self._due.clear()
            try:
                await self.sweep()
            except StoreUnavailable:
                _log.warning("clearing has to wait for the database")
            except Exception as error:  # noqa: BLE001  # the next sweep must come
                _log.error("clearing failed", error=type(error).__name__)  # a trace may hold an account
            try:
                async with asyncio.timeout(SWEEP_EVERY):
                    await self._due.wait()
            except TimeoutError:
                continue

    async def sweep(self) -> None:
        """Clear all that is due; what was taken out long enough ago is forgotten where nothing of it was left."""
        found = self._registers.find({"removing": True}, {"_id": 1, "removed": 1})
        for register in await answered(found.to_list(None)):
            began = now()
            done = [await self._cleared(register["_id"], entry) for entry in register["removed"]]
            if all(done):
                rule = partial(cleared, before=began - LATE)
                await self._register_store.change(register["_id"], rule, command=_command())

    async def _cleared(self, organization_id: str, entry: str) -> bool:
        """Tell whether nobody is connected any more to what was this entry; some accounts may not be changed now."""
        left = 0
        while True:
            connected = self._accounts.find({"entries": entry}, {"_id": 1}).sort("_id").skip(left).limit(_PAGE)
            found = await answered(connected.to_list(_PAGE))
            for account in found:
                left += not await self._disconnected(account["_id"], organization_id, entry)
            if len(found) < _PAGE:
                return left == 0

    async def _disconnected(self, account: str, organization_id: str, entry: str) -> bool:
        rule = partial(clear, organization_id=organization_id, entries={entry})
        try:
            await self._account_store.change(account, rule, command=_command())
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # one account holds no other up
            _log.error("an account stays connected until the next sweep", error=type(error).__name__)
            return False
        return True


def _command() -> Command:
    return Command(id=Facts().id("clear"), digest="clear", actor=_PORTAL, brief=True)
