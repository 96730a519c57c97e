"""Due work: memberships that can be restored no more are purged, by whichever process comes first."""

from prometheus_client import CollectorRegistry, Gauge

from organizations.account import Account
from organizations.membership import purge
from shared.connecting import Collection
from shared.facts import now
from shared.storing import Store
from shared.storing.mongo import answered
from shared.sweeping import Sweeper

_PAGE = 100


class Purger(Sweeper):
    """Purge what is due, account by account; a guarded change finds nothing to do the second time."""

    name, service = "purge", "organizations"

    def __init__(self, accounts: Collection, store: Store[Account], *, registry: CollectorRegistry) -> None:
        super().__init__()
        self._accounts = accounts
        self._store = store
        self._left = Gauge("accounts_left_by_purge", "Accounts that the last sweep could not purge", registry=registry)

    async def prepare(self) -> None:
        """Make the index of the one question: whose turn it is."""
        await self._accounts.create_index("purge_at", partialFilterExpression={"purge_at": {"$type": "date"}})

    async def sweep(self) -> None:
        """Purge all that is due now, but those that fail: the next sweep tries them again."""
        left = 0
        while True:
            due = self._accounts.find({"purge_at": {"$type": "date", "$lte": now()}}, {"_id": 1})
            found = await answered(due.sort("purge_at").skip(left).limit(_PAGE).to_list(_PAGE))
            for account in found:
                left += not await self.changed(self._store, account["_id"], purge)
            if len(found) < _PAGE:
                self._left.set(left)
                return
