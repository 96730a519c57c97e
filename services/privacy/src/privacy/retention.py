"""For how long entries of histories are kept: as the home organization of their account decides, old ones included."""

from collections.abc import Mapping
from typing import Any

from pymongo import ASCENDING, UpdateOne

from privacy.account import Account
from privacy.entries import by_of, part_of
from shared.connecting import Collection
from shared.contracts.privacy import USUAL_HISTORY
from shared.storing import Store
from shared.storing.mongo import answered
from shared.sweeping import Sweeper

_PAGE = 500
_DAY = 24 * 60 * 60 * 1000


class Retention(Sweeper):
    """Tell how long an account's history is kept, and see to what is there already when that changes.

    *registers* and *accounts* are read only. *applied* has for each organization the days that its accounts' entries
    were last given; where they differ, the sweep gives all of them new ones. Any process may sweep, and more than one
    at once do no harm: what is written depends on nothing but the entry and the rule.
    """

    name, service = "retention", "privacy"

    def __init__(
        self,
        entries: Collection,
        applied: Collection,
        registers: Collection,
        accounts: Collection,
        *,
        of: Store[Account],
    ) -> None:
        super().__init__()
        self._entries = entries
        self._applied = applied
        self._registers = registers
        self._accounts = accounts
        self._store = of

    async def prepare(self) -> None:
        """Make the indexes of the two questions: what organizations decided, and whose home one is."""
        await self._registers.create_index([("history_days", ASCENDING), ("_id", ASCENDING)])
        await self._accounts.create_index("home.organization_id")

    async def days_of(self, account: str) -> int:
        """Give the days for which the account's entries are kept."""
        return await self._days_at((await self._store.read(account)).home.organization_id)

    async def review(self, account: str) -> None:
        """Keep the account's entries for as long as its home organization says now."""
        expiry = [{"$set": {"expires_at": {"$add": ["$at", await self.days_of(account) * _DAY]}}}]
        await answered(self._entries.update_many({"account": account}, expiry))

    async def sweep(self) -> None:
        """Bring entries of earlier versions up to date, and apply the rules that changed."""
        await self._complete()
        applied = {one["_id"]: one["days"] for one in await answered(self._applied.find({}).to_list(None))}
        decided = self._registers.find({"history_days": {"$gte": 0}}, {"history_days": 1})
        for one in await answered(decided.hint([("history_days", ASCENDING), ("_id", ASCENDING)]).to_list(None)):
            id_, days = one["_id"], one["history_days"]
            if applied.get(id_, USUAL_HISTORY) != days:
                await self._apply(id_)
                await answered(self._applied.update_one({"_id": id_}, {"$set": {"days": days}}, upsert=True))

    async def _apply(self, organization_id: str) -> None:
        """Go through the accounts whose home it is; a sweep that ends before begins anew."""
        after = ""
        while True:
            wanted = {"home.organization_id": organization_id, "_id": {"$gt": after}}
            found = await answered(self._accounts.find(wanted, {"_id": 1}).sort("_id").limit(_PAGE).to_list(_PAGE))
            for one in found:
                await self.review(one["_id"])
            if len(found) < _PAGE:
                return
            after = found[-1]["_id"]

    async def _complete(self) -> None:
        """Give entries of versions that told neither what they are about nor when they go what they lack."""
        while True:
            cursor = self._entries.find({"expires_at": None}, {"account": 1, "type": 1, "authtype": 1})
            found = await answered(cursor.limit(_PAGE).to_list(_PAGE))
            if not found:
                return
            days = {account: await self.days_of(account) for account in {one["account"] for one in found}}
            changes = [_completed(one, days[one["account"]]) for one in found]
            if (await answered(self._entries.bulk_write(changes, ordered=False))).modified_count == 0:
                return

    async def _days_at(self, organization_id: str | None) -> int:
        if organization_id is None:
            return USUAL_HISTORY
        register = await answered(self._registers.find_one({"_id": organization_id}, {"history_days": 1}))
        return int((register or {}).get("history_days", USUAL_HISTORY))


def _completed(entry: Mapping[str, Any], days: int) -> UpdateOne:
    told = {"part": part_of(entry["type"]), "by": by_of(entry.get("authtype"))}
    return UpdateOne({"_id": entry["_id"]}, [{"$set": {**told, "expires_at": {"$add": ["$at", days * _DAY]}}}])
