"""Due work: memberships that can be restored no more are purged, by whichever process comes first."""

import asyncio

import structlog

from organizations.account import Account
from organizations.membership import purge
from shared.connecting import Collection, StoreUnavailable
from shared.contracts.problem import Problem
from shared.deciding import Actor, Command
from shared.facts import now
from shared.storing import Store
from shared.storing.mongo import answered

SWEEP_EVERY = 60.0
"""Seconds between two looks for what is due."""
_PAGE = 100

_log = structlog.get_logger(__name__)


class Purger:
    """Purge what is due, account by account; a guarded change finds nothing to do the second time."""

    def __init__(self, accounts: Collection, store: Store[Account]) -> None:
        self._accounts = accounts
        self._store = store

    async def prepare(self) -> None:
        """Make the index of the one question: whose turn it is."""
        await self._accounts.create_index("purge_at", partialFilterExpression={"purge_at": {"$type": "date"}})

    async def run(self) -> None:
        """Purge until cancelled."""
        while True:
            try:
                await self.sweep()
            except (StoreUnavailable, Problem) as error:
                _log.warning("purging has to wait", reason=type(error).__name__)
            except Exception as error:  # noqa: BLE001  # the next sweep must come
                _log.error("purging failed", error=type(error).__name__)  # a trace may hold an account
            await asyncio.sleep(SWEEP_EVERY)

    async def sweep(self) -> None:
        """Purge all that is due now."""
        while True:
            due = self._accounts.find({"purge_at": {"$type": "date", "$lte": now()}}, {"_id": 1}).limit(_PAGE)
            found = await answered(due.to_list(_PAGE))
            for account in found:
                command = Command(id=f"purge-{int(now().timestamp() * 1000)}", digest="purge", actor=_PORTAL)
                await self._store.change(account["_id"], purge, command=command)
            if len(found) < _PAGE:
                return


_PORTAL = Actor("system", "organizations")
