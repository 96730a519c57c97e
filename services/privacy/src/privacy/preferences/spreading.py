"""A home organization's rule on its way to every account, by whichever process comes first."""

from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from pymongo import ASCENDING

from privacy.account import Account, Lock
from privacy.preferences import preferring
from privacy.register import ALL_BUT_RULES, Register
from shared.connecting import Collection
from shared.storing import Store
from shared.storing.mongo import answered
from shared.sweeping import Sweeper

_PAGE = 200
_NO_HOME = ("services", "entries", "accepted")


class Spreading(Sweeper):
    """Let the rules of home organizations hold for their accounts.

    A rule has a number, and of two the newer holds, so that any process may spread it, more than one at once, and
    whoever goes on after an interruption leaves out the accounts that know it.
    """

    name, service = "spread", "privacy"

    def __init__(
        self,
        accounts: Store[Account],
        registers: Store[Register],
        *,
        of: tuple[Collection, Collection],
        registry: CollectorRegistry,
    ) -> None:
        """Read what is to be done in the collections *of* registers and accounts."""
        super().__init__()
        self._accounts, self._registers = accounts, registers
        self._of_registers, self._of_accounts = of
        self._left = Gauge("accounts_left_by_rules", "Accounts that the last sweep did not reach", registry=registry)

    async def prepare(self) -> None:
        """Make the indexes of the two questions: which rules are to be spread, and whose home one is."""
        order = [("to_spread", ASCENDING), ("_id", ASCENDING)]
        await self._of_registers.create_index(order, partialFilterExpression={"to_spread": True})
        await self._of_accounts.create_index([("home.organization_id", ASCENDING), ("_id", ASCENDING)])

    async def sweep(self) -> None:
        """Spread every rule that is still to be spread; accounts that fail are tried again by the next sweep."""
        left, after = 0, ""
        while True:
            wanted = {"to_spread": True, "_id": {"$gt": after}}
            found = await answered(self._of_registers.find(wanted, {"_id": 1}).sort("_id").limit(_PAGE).to_list(_PAGE))
            for one in found:
                left += await self._spread(one["_id"])
            if len(found) < _PAGE:
                self._left.set(left)
                return
            after = found[-1]["_id"]

    async def lock_of(self, organization_id: str) -> Lock:
        """Give the rule of an organization."""
        return preferring.lock_of(organization_id, await self._registers.read(organization_id, without=ALL_BUT_RULES))

    async def settle(self, account: str) -> None:
        """Let the rule of the account's home organization hold, which may have changed while it moved there."""
        home = (await self._accounts.read(account, without=_NO_HOME)).home.organization_id
        if home is not None:
            rule = partial(preferring.obey, lock=await self.lock_of(home))
            await self._accounts.change(account, rule, command=self.command())

    async def _spread(self, organization_id: str) -> int:
        """Spread one organization's rule; gives how many accounts were left."""
        lock = await self.lock_of(organization_id)
        obey, left, after = partial(preferring.obey, lock=lock), 0, ""
        while True:
            found = await self._page(lock, after)
            done = await self.succeeded(found, lambda id_: self.changed(self._accounts, id_, obey))
            left += len(found) - len(done)
            if len(found) < _PAGE:
                break
            after = found[-1]
        if not left:
            await self.changed(self._registers, organization_id, partial(preferring.spread, revision=lock.revision))
        return left

    async def _page(self, lock: Lock, after: str) -> list[str]:
        """Name accounts after that one whose home it is, and which do not know the rule yet."""
        ignorant: list[dict[str, Any]] = [
            {"preferences.lock.organization_id": {"$ne": lock.organization_id}},
            {"preferences.lock.revision": {"$not": {"$gte": lock.revision}}},
        ]
        wanted = {"home.organization_id": lock.organization_id, "_id": {"$gt": after}, "$or": ignorant}
        cursor = self._of_accounts.find(wanted, {"_id": 1}).sort("_id").limit(_PAGE)
        return [one["_id"] for one in await answered(cursor.to_list(_PAGE))]
