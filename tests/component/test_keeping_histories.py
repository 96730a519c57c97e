"""For how long histories are kept: by the rule of the home organization, also where it or the home changes."""

from datetime import timedelta

import pytest
from pymongo.errors import OperationFailure

from privacy.account import Account, Home
from privacy.activity import Activity
from privacy.entries import entry_of_sign_in
from privacy.retention import Retention
from shared.connecting import safe
from shared.contracts.privacy import ActivityQuery, SignInLine
from shared.deciding import Decision
from shared.facts import now
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.composing import command

MOMENT = now()


class Keeping:
    """The histories of a database, the accounts that they are of, and what organizations decided."""

    def __init__(self, database):
        self.names = {name: safe(database, name) for name in ("activity", "retentions", "registers", "accounts")}
        self.store = Store(MongoShelf(self.names["accounts"]), Account, source="/privacy", empty=Account)
        self.retention = Retention(*self.names.values(), of=self.store)
        self.activity = Activity(self.names["activity"], self.retention.days_of)

    async def at_home(self, account, organization_id):
        def settle(state, _facts):
            return Decision(state.model_copy(update={"home": Home(organization_id=organization_id, sequence="1")}))

        await self.store.change(account, settle, command=command(f"home-{account}-{organization_id}"))

    async def decide(self, organization_id, days):
        await self.names["registers"].update_one(
            {"_id": organization_id}, {"$set": {"history_days": days}}, upsert=True
        )

    async def enter(self, account, id_, days_ago=10):
        line = {"organization_id": "contoso", "id": id_, "at": MOMENT - timedelta(days=days_ago), "status": "success"}
        await self.activity.enter(entry_of_sign_in(SignInLine(account=account, **line)))

    async def kept(self, account):
        """Give for how many days each entry is kept, the oldest entry first."""
        found = self.names["activity"].find({"account": account}).sort([("at", 1), ("_id", 1)])
        return [(one["expires_at"] - one["at"]).days for one in await found.to_list()]


@pytest.fixture
async def keeping(own_database):
    made = Keeping(own_database)
    await made.activity.prepare()
    await made.retention.prepare()
    return made


async def test_entries_are_kept_as_the_home_organization_decides_and_else_for_a_year(keeping):
    await keeping.at_home("alice", "contoso")
    await keeping.at_home("bob", "fabrikam")
    await keeping.decide("contoso", 90)
    for account in ("alice", "bob", "nobody"):
        await keeping.enter(account, account)
    assert [await keeping.kept(account) for account in ("alice", "bob", "nobody")] == [[90], [365], [365]]


async def test_what_is_over_already_is_not_kept_at_all(keeping):
    await keeping.at_home("alice", "contoso")
    await keeping.decide("contoso", 30)
    await keeping.enter("alice", "old", days_ago=31)
    await keeping.enter("alice", "new", days_ago=29)
    assert await keeping.kept("alice") == [30]


@pytest.mark.parametrize("days", [30, 3650])
async def test_another_rule_holds_for_older_entries_too_and_for_nobody_elses(keeping, days):
    for account, home in (("alice", "contoso"), ("bob", "contoso"), ("carol", "fabrikam")):
        await keeping.at_home(account, home)
        for number in range(3):
            await keeping.enter(account, f"{account}{number}")
    await keeping.decide("contoso", days)
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == await keeping.kept("bob") == [days] * 3
    assert await keeping.kept("carol") == [365] * 3
    await keeping.decide("contoso", 365)
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == [365] * 3


async def test_a_sweep_that_ends_early_is_made_up_for_by_the_next(keeping, monkeypatch):
    for account in ("alice", "bob"):
        await keeping.at_home(account, "contoso")
        await keeping.enter(account, account)
    await keeping.decide("contoso", 60)
    review, seen = keeping.retention.review, []

    async def failing(account):
        seen.append(account)
        if len(seen) == 2:
            raise OperationFailure("killed")
        await review(account)

    monkeypatch.setattr(keeping.retention, "review", failing)
    with pytest.raises(OperationFailure):
        await keeping.retention.sweep()
    assert await keeping.kept("bob") == [365]
    monkeypatch.undo()
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == await keeping.kept("bob") == [60]


async def test_a_rule_that_was_applied_is_not_applied_again(keeping, monkeypatch):
    await keeping.at_home("alice", "contoso")
    await keeping.decide("contoso", 60)
    await keeping.retention.sweep()
    reviewed = []

    async def noting(account):
        reviewed.append(account)

    monkeypatch.setattr(keeping.retention, "review", noting)
    await keeping.retention.sweep()
    assert not reviewed


async def test_another_home_brings_its_rule_along(keeping):
    await keeping.decide("contoso", 60)
    await keeping.decide("fabrikam", 90)
    await keeping.at_home("alice", "contoso")
    await keeping.enter("alice", "one")
    await keeping.at_home("alice", "fabrikam")
    await keeping.retention.review("alice")
    assert await keeping.kept("alice") == [90]


async def test_a_rule_that_changes_while_an_entry_comes_holds_for_it_too(keeping):
    await keeping.at_home("alice", "contoso")
    told = keeping.retention.days_of
    asked = 0

    async def changing(account):
        """Let the rule change, and be applied, between what is asked first and the entry."""
        nonlocal asked
        days, asked = await told(account), asked + 1
        if asked == 1:
            await keeping.decide("contoso", 45)
            await keeping.retention.sweep()
        return days

    keeping.activity = Activity(keeping.names["activity"], changing)
    await keeping.enter("alice", "late")
    assert await keeping.kept("alice") == [45]


async def test_entries_of_an_earlier_version_get_what_they_lack(keeping):
    await keeping.at_home("alice", "contoso")
    await keeping.decide("contoso", 60)
    old = {"account": "alice", "at": MOMENT - timedelta(days=3), "client": {}, "facts": {}, "words": ""}
    types = {"profile.devices.device.renamed.v1": "user", "profile.gateway.session.ended.v1": "system"}
    await keeping.names["activity"].insert_many(
        [{"_id": type_, "type": type_, "authtype": authtype, **old} for type_, authtype in types.items()]
    )
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == [60, 60]
    for part, by in (("devices", "you"), ("sessions", "system")):
        assert len((await keeping.activity.page("alice", ActivityQuery(part=part, by=by))).entries) == 1
