"""The histories of a database, the accounts that they are of, and what organizations decided about them."""

from datetime import timedelta

from privacy.account import Account, Home
from privacy.history.activity import Activity
from privacy.history.entries import entry_of_sign_in
from privacy.history.homes import Homes
from privacy.history.retention import Retention
from shared.connecting import safe
from shared.contracts.privacy import SignInLine
from shared.deciding import Decision
from shared.facts import now
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.composing import command

MOMENT = now()


class Keeping:
    """What one process has; made again on the same database, it is another one's."""

    def __init__(self, database):
        named = ("activity", "retention", "retention_due", "registers", "accounts")
        self.entries, self.applied, self.due, self.registers, self.accounts = (safe(database, name) for name in named)
        self.store = Store(MongoShelf(self.accounts), Account, source="/privacy", empty=Account)
        self.homes = Homes(self.registers, self.accounts)
        self.retention = Retention(self.entries, self.applied, self.due, self.homes)
        self.activity = Activity(self.entries, self.homes.days_of)

    async def prepare(self):
        for prepared in (self.activity, self.homes, self.retention):
            await prepared.prepare()

    async def at_home(self, account, organization_id):
        def settle(state, _facts):
            return Decision(state.model_copy(update={"home": Home(organization_id=organization_id, sequence="1")}))

        await self.store.change(account, settle, command=command(f"home-{account}-{organization_id}"))

    async def decide(self, organization_id, days):
        await self.registers.update_one({"_id": organization_id}, {"$set": {"history_days": days}}, upsert=True)

    async def enter(self, account, id_, days_ago=10):
        line = {"organization_id": "contoso", "id": id_, "at": MOMENT - timedelta(days=days_ago), "status": "success"}
        await self.activity.enter(entry_of_sign_in(SignInLine(account=account, **line)))

    async def kept(self, account):
        """Give for how many days each entry is kept, the oldest entry first."""
        found = self.entries.find({"account": account}).sort([("at", 1), ("_id", 1)])
        return [(one["expires_at"] - one["at"]).days for one in await found.to_list()]

    async def is_due(self, account):
        return await self.due.find_one({"_id": account, "due": True}) is not None


def failing(keeping, monkeypatch, error, *accounts):
    """Let reviews of these accounts fail; gives those of which the review was tried, in that order."""
    give, tried = keeping.retention._give, []

    async def tried_only(account, days):
        tried.append(account)
        if account in accounts:
            raise error
        await give(account, days)

    monkeypatch.setattr(keeping.retention, "_give", tried_only)
    return tried
