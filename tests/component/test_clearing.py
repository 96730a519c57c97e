"""A service that was taken out, on its way to the accounts that were connected to it."""

from datetime import UTC, datetime

import pytest

from privacy import clearing
from privacy.account import Account, Connection
from privacy.clearing import Clearer
from privacy.register import Register
from shared.connecting import safe
from shared.contracts.privacy import ServiceDisconnected
from shared.deciding import Decision
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.composing import command

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = [f"person{number:02}" for number in range(25)]


class Street:
    """Accounts that are connected to services of organizations, which are all taken out."""

    def __init__(self, database):
        self.database = database
        self.registers, self.accounts = safe(database, "registers"), safe(database, "accounts")
        told = Store(MongoShelf(self.registers), Register, source="/privacy", empty=Register)
        self.store = Store(MongoShelf(self.accounts), Account, source="/privacy", empty=Account)
        self.clearer = Clearer(self.registers, self.accounts, of=self.store, told=told)

    async def removed(self, *organizations):
        for id_ in organizations:
            await self.registers.insert_one(
                {"_id": id_, "version": 1, "removing": True, "removed": {f"mail of {id_}": LONG_AGO}}
            )

    async def connected(self, name, organization):
        connection = Connection(entry=f"mail of {organization}", name="Mail", under="1", since=LONG_AGO)
        state = Account().with_connections(organization, {"mail": connection})
        await self.store.change(name, lambda _state, _facts: Decision(state), command=command(f"{name}-{organization}"))

    async def left(self):
        """Name who is still connected, and organizations that are not done."""
        found = [await one.distinct("_id", wanted) for one, wanted in self._asked]
        return [sorted(ids) for ids in found]

    @property
    def _asked(self):
        return (self.accounts, {"entries": {"$ne": []}}), (self.registers, {"removing": True})


@pytest.fixture
async def street(own_database, monkeypatch):
    monkeypatch.setattr(clearing, "_PAGE", 10)
    made = Street(own_database)
    await made.clearer.prepare()
    return made


async def test_everyone_is_disconnected_once_but_who_fails_and_that_is_tried_again(street, monkeypatch):
    await street.removed("contoso")
    for name in PEOPLE:
        await street.connected(name, "contoso")
    change, broken = street.store.change, {PEOPLE[0], PEOPLE[13]}

    async def failing(account, rule, **given):
        if account in broken:
            raise ValueError("a document that nobody can read")
        return await change(account, rule, **given)

    monkeypatch.setattr(street.store, "change", failing)
    await street.clearer.sweep()
    assert await street.left() == [sorted(broken), ["contoso"]]
    monkeypatch.undo()
    await street.clearer.sweep()
    assert await street.left() == [[], []]
    for name in PEOPLE:
        told = [entry["event"]["type"] for entry in await MongoShelf(street.accounts).outbox(name)]
        assert told == [ServiceDisconnected.wire]


async def test_many_organizations_are_gone_through_a_page_at_a_time(street):
    firms = [f"firm{number:02}" for number in range(25)]
    await street.removed(*firms)
    for name, firm in zip(PEOPLE, firms, strict=True):
        await street.connected(name, firm)
    await street.clearer.sweep()
    assert await street.left() == [[], []]


async def test_no_question_is_sorted_in_memory(street):
    await street.removed("contoso")
    for name in PEOPLE:
        await street.connected(name, "contoso")
    await street.database.command("profile", 2, filter={"op": "query"})
    await street.clearer.sweep()
    await street.database.command("profile", 0)
    noted = await street.database["system.profile"].find({"command.sort": {"$exists": True}}).to_list()
    assert {one["ns"].partition(".")[2] for one in noted} == {"accounts", "registers"}
    assert not [one["command"] for one in noted if one.get("hasSortStage") or "IXSCAN" not in one["planSummary"]]
