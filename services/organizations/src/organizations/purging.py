"""Due work: memberships that can be restored no more are purged, by whichever process comes first."""

import asyncio

import structlog
from prometheus_client import CollectorRegistry, Gauge

from organizations.account import Account
from organizations.membership import purge
from shared.connecting import Collection, StoreUnavailable
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

    def __init__(self, accounts: Collection, store: Store[Account], *, registry: CollectorRegistry) -> None:
        self._accounts = accounts
        self._store = store
        self._left = Gauge("accounts_left_by_purge", "Accounts that the last sweep could not purge", registry=registry)

    async def prepare(self) -> None:
        """Make the index of the one question: whose turn it is."""
        await self._accounts.create_index("purge_at", partialFilterExpression={"purge_at": {"$type": "date"}})

    async def run(self) -> None:
        """Purge until cancelled."""
        while True:
            try:
                await self.sweep()
            except StoreUnavailable:
                _log.warning("purging has to wait for the database")
            except Exception as error:  # noqa: BLE001  # the next sweep must come
                _log.error("purging failed", error=type(error).__name__)  # a trace may hold an account
            await asyncio.sleep(SWEEP_EVERY)

    async def sweep(self) -> None:
        """Purge all that is due now, but those that fail: the next sweep tries them again."""
        left = 0
        while True:
            due = self._accounts.find({"purge_at": {"$type": "date", "$lte": now()}}, {"_id": 1})
            found = await answered(due.sort("purge_at").skip(left).limit(_PAGE).to_list(_PAGE))
            for account in found:
                left += not await self._purged(account["_id"])
            if len(found) < _PAGE:
                self._left.set(left)
                return

    async def _purged(self, account: str) -> bool:
        command = Command(id=f"purge-{int(now().timestamp() * 1000)}", digest="purge", actor=_PORTAL)
        try:
            await self._store.change(account, purge, command=command)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # one account holds no other up
            _log.error("an account was left by the purge", error=type(error).__name__)
            return False
        return True


_PORTAL = Actor("system", "organizations")
