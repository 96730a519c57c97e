"""What histories need to know of accounts and organizations, read without the rest, which may be long."""

from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence

from pymongo import ASCENDING

from shared.connecting import Collection
from shared.contracts.privacy import USUAL_HISTORY
from shared.storing.mongo import answered

_DECIDED = [("_id", ASCENDING), ("history_days", ASCENDING)]


class Homes:
    """Tell whose home an organization is, and how long it lets histories be kept.

    Every call raises `StoreUnavailable` where the database does not answer in time.
    """

    def __init__(self, registers: Collection, accounts: Collection) -> None:
        self._registers = registers
        self._accounts = accounts

    async def prepare(self) -> None:
        """Make the indexes of the two questions: what organizations decided, and whose home one is."""
        await self._registers.create_index(_DECIDED)
        await self._accounts.create_index([("home.organization_id", ASCENDING), ("_id", ASCENDING)])

    async def days_of(self, account: str) -> int:
        """Give the days for which the account's entries are kept."""
        return (await self.days_of_all([account]))[account]

    async def days_of_all(self, accounts: Several[str]) -> Mapping[str, int]:
        """Give the same of each of *accounts*."""
        if not accounts:
            return {}
        cursor = self._accounts.find({"_id": {"$in": list(accounts)}}, {"home.organization_id": 1})
        found = await answered(cursor.to_list(len(accounts)))
        homes = {one["_id"]: one.get("home", {}).get("organization_id") for one in found}
        asked = sorted({home for home in homes.values() if home is not None})
        days = await self._days_at(asked) if asked else {}
        return {account: days.get(homes.get(account), USUAL_HISTORY) for account in accounts}

    async def is_member(self, account: str, organization_id: str) -> bool:
        """Tell whether the account is a member of an organization, as far as news told."""
        # An id may have dots in it, which a path would take for places within.
        named = {"$getField": {"field": {"$literal": organization_id}, "input": "$memberships"}}
        found = await answered(self._accounts.find_one({"_id": account}, {"membership": named}))
        return bool(found and found.get("membership", {}).get("member"))

    async def decided(self, after: str, limit: int) -> Mapping[str, int]:
        """Give the days of organizations after that one which told any, in the order of their ids."""
        wanted = {"_id": {"$gt": after}, "history_days": {"$gte": 0}}
        cursor = self._registers.find(wanted, {"history_days": 1}).sort("_id").hint(_DECIDED).limit(limit)
        return {one["_id"]: one["history_days"] for one in await answered(cursor.to_list(limit))}

    async def at_home(self, organization_id: str, after: str, limit: int) -> Sequence[str]:
        """Name accounts after that one whose home it is, in the order of their ids."""
        wanted = {"home.organization_id": organization_id, "_id": {"$gt": after}}
        cursor = self._accounts.find(wanted, {"_id": 1}).sort("_id").limit(limit)
        return [one["_id"] for one in await answered(cursor.to_list(limit))]

    async def _days_at(self, organizations: Sequence[str]) -> dict[str | None, int]:
        wanted = {"_id": {"$in": organizations}, "history_days": {"$gte": 0}}
        cursor = self._registers.find(wanted, {"history_days": 1}).hint(_DECIDED)
        return {one["_id"]: int(one["history_days"]) for one in await answered(cursor.to_list(len(organizations)))}
