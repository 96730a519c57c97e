"""Due work: accounts are disconnected from services that were taken out, by whichever process comes first."""

from datetime import timedelta
from functools import partial

from pymongo import ASCENDING

from privacy.account import Account
from privacy.connections import clear
from privacy.register import Register
from privacy.registering import cleared
from shared.connecting import Collection
from shared.facts import now
from shared.storing import Store
from shared.storing.mongo import answered
from shared.sweeping import Sweeper

LATE = timedelta(minutes=10)
"""For how long whoever asked before a service was taken out may still be connected to it; far more than they take."""
_PAGE = 100


class Clearer(Sweeper):
    """Disconnect whom a service was taken from; a guarded change finds nothing to do the second time."""

    name, service = "clear", "privacy"

    def __init__(
        self, registers: Collection, accounts: Collection, *, of: Store[Account], told: Store[Register]
    ) -> None:
        super().__init__()
        self._accounts = accounts
        self._registers = registers
        self._account_store = of
        self._register_store = told

    async def prepare(self) -> None:
        """Make the indexes of the two questions: what was taken out, and who is connected to it."""
        order = [("removing", ASCENDING), ("_id", ASCENDING)]
        await self._registers.create_index(order, partialFilterExpression={"removing": True})
        await self._accounts.create_index([("entries", ASCENDING), ("_id", ASCENDING)])

    async def sweep(self) -> None:
        """Clear all that is due; what was taken out long enough ago is forgotten where nothing of it was left."""
        after = ""
        while True:
            wanted = {"removing": True, "_id": {"$gt": after}}
            cursor = self._registers.find(wanted, {"removed": 1}).sort("_id").limit(_PAGE)
            found = await answered(cursor.to_list(_PAGE))
            for register in found:
                began = now()
                done = [await self._cleared(register["_id"], entry) for entry in register["removed"]]
                if all(done):
                    rule = partial(cleared, before=began - LATE)
                    await self.changed(self._register_store, register["_id"], rule)
            if len(found) < _PAGE:
                return
            after = found[-1]["_id"]

    async def _cleared(self, organization_id: str, entry: str) -> bool:
        """Tell whether nobody is connected any more to what was this entry; some accounts may not be changed now."""
        rule = partial(clear, organization_id=organization_id, entries={entry})
        left, after = 0, ""
        while True:
            connected = self._accounts.find({"entries": entry, "_id": {"$gt": after}}, {"_id": 1}).sort("_id")
            found = [one["_id"] for one in await answered(connected.limit(_PAGE).to_list(_PAGE))]
            done = await self.succeeded(found, lambda id_: self.changed(self._account_store, id_, rule))
            left += len(found) - len(done)
            if len(found) < _PAGE:
                return left == 0
            after = found[-1]
