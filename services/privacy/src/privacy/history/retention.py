"""For how long entries of histories are kept: as the home organization of their account decides, old ones included."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, UpdateOne

from privacy.history.completing import complete
from privacy.history.expiring import expiry
from privacy.history.homes import Homes
from shared.connecting import Collection, expire
from shared.contracts.privacy import USUAL_HISTORY
from shared.facts import Facts, now
from shared.storing.mongo import answered
from shared.sweeping import Sweeper

_ACCOUNTS = 100
_ENTRIES = 1_000
"""Entries that one update changes: more might take longer than the database has to answer."""
_ORGANIZATIONS = 500
_DAY = 24 * 60 * 60
_ORDER = [("at", DESCENDING), ("_id", DESCENDING)]


class Retention(Sweeper):
    """See to what is there already when the rule or the home of an account changes.

    *applied* has for each organization which days its accounts' entries are given or were given last, and how far that
    has come; *due* has the accounts that are to be looked at by themselves. Any process may sweep, and more than one at
    once do no harm: what is written depends on nothing but the entry and the rule, which is asked for again afterwards.
    """

    name, service = "retention", "privacy"

    def __init__(self, entries: Collection, applied: Collection, due: Collection, homes: Homes) -> None:
        super().__init__()
        self._entries = entries
        self._applied = applied
        self._due = due
        self._homes = homes

    async def prepare(self) -> None:
        """Make the index of the one question: which accounts are due; what was done is forgotten after a day."""
        order = [("due", ASCENDING), ("_id", ASCENDING)]
        await self._due.create_index(order, partialFilterExpression={"due": True})
        await expire(self._due, "done_at", _DAY)

    async def review(self, account: str) -> None:
        """Have the account's entries kept for as long as its home organization says now; a sweep does it."""
        await self._mark([account])
        self.nudge()

    async def sweep(self) -> None:
        """Bring entries of earlier versions up to date, apply the rules that changed, and look at what is due."""
        await self._mark(await complete(self._entries, self._homes))
        after = ""
        while found := await self._homes.decided(after, _ORGANIZATIONS):
            runs = await answered(self._applied.find({"_id": {"$in": list(found)}}).to_list(len(found)))
            known = {run["_id"]: run for run in runs}
            for id_, days in found.items():
                run = known.get(id_, {"days": USUAL_HISTORY})
                if run["days"] != days or run.get("open"):
                    await self.isolated(self._apply(id_, days, run))
            after = max(found)
        await self._look()

    async def _apply(self, organization_id: str, days: int, run: Mapping[str, Any]) -> None:
        """Go through the accounts whose home it is, on from where whoever did it before was interrupted.

        Whoever takes over, or begins with another rule, has another token, and the one before ends with their page. A
        rule that changes meanwhile is the next sweep's; accounts that may not have the right one now are due.
        """
        token, after = Facts().id("run"), run.get("after", "") if run["days"] == days else ""
        began = {"days": days, "open": True, "token": token, "after": after}
        await answered(self._applied.update_one({"_id": organization_id}, {"$set": began}, upsert=True))
        while True:
            accounts = await self._homes.at_home(organization_id, after, _ACCOUNTS)
            given = await self._given(accounts)
            await self._mark([account for account in accounts if given.get(account) != days])
            after = accounts[-1] if accounts else after
            reached = {"after": after, "open": len(accounts) == _ACCOUNTS}
            mine = {"_id": organization_id, "token": token}
            if not (await answered(self._applied.update_one(mine, {"$set": reached}))).matched_count:
                return
            if not reached["open"]:
                return

    async def _look(self) -> None:
        """Look at accounts that are due; they are so no more where they got what is right, and nobody asked again.

        Where they did not they are so anew: another process may have been done with them meanwhile.
        """
        after = ""
        while True:
            wanted = {"due": True, "_id": {"$gt": after}}
            found = await answered(self._due.find(wanted).sort("_id").limit(_ACCOUNTS).to_list(_ACCOUNTS))
            given = await self._given([one["_id"] for one in found])
            await self._mark([one["_id"] for one in found if one["_id"] not in given])
            done = {"$set": {"done_at": now()}, "$unset": {"due": ""}}
            same = [{"_id": one["_id"], "token": one["token"]} for one in found if one["_id"] in given]
            if same:
                await answered(self._due.bulk_write([UpdateOne(one, done) for one in same], ordered=False))
            if len(found) < _ACCOUNTS:
                return
            after = found[-1]["_id"]

    async def _mark(self, accounts: Sequence[str]) -> None:
        token = Facts().id("review")
        due = {"$set": {"due": True, "token": token}, "$unset": {"done_at": ""}}
        if accounts:
            marks = [UpdateOne({"_id": account}, due, upsert=True) for account in accounts]
            await answered(self._due.bulk_write(marks, ordered=False))

    async def _given(self, accounts: Sequence[str]) -> Mapping[str, int]:
        """Give entries their ends; tells for how many days, of accounts for which that is still right afterwards."""
        days = await self._homes.days_of_all(accounts)

        async def give(account: str) -> bool:
            return await self.isolated(self._give(account, days[account]))

        given = await self.succeeded(accounts, give)
        after = await self._homes.days_of_all(given)
        return {account: days[account] for account in given if after[account] == days[account]}

    async def _give(self, account: str, days: int) -> None:
        end, older = expiry(days), dict[str, Any]()
        while True:
            page = self._entries.find({"account": account, **older}, {"at": 1}).sort(_ORDER).limit(_ENTRIES)
            found = await answered(page.to_list(_ENTRIES))
            others: dict[str, Any] = {"expires_at": {"$ne": None}, "$expr": {"$ne": ["$expires_at", end]}}
            if found:
                wanted = {"_id": {"$in": [one["_id"] for one in found]}, "account": account, **others}
                await answered(self._entries.update_many(wanted, [{"$set": {"expires_at": end}}]))
            if len(found) < _ENTRIES:
                return
            at, id_ = found[-1]["at"], found[-1]["_id"]
            older = {"at": {"$lte": at}, "$or": [{"at": {"$lt": at}}, {"_id": {"$lt": id_}}]}
