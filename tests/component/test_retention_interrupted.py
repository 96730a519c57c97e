"""Rules of retention on their way to many accounts and to long histories, interrupted and overtaken."""

from datetime import timedelta

import pytest

from privacy.history import retention
from shared.connecting import StoreUnavailable
from tests.component.keeping import Keeping, failing

PEOPLE = [f"person{number}" for number in range(7)]


@pytest.fixture
async def keeping(own_database, monkeypatch):
    monkeypatch.setattr(retention, "_ACCOUNTS", 2)
    made = Keeping(own_database)
    await made.prepare()
    for name in PEOPLE:
        await made.at_home(name, "contoso")
        await made.enter(name, name)
    return made


async def all_kept(keeping):
    return [await keeping.kept(name) for name in PEOPLE]


async def test_whoever_goes_on_after_an_interruption_does_so_where_it_was(keeping, own_database, monkeypatch):
    await keeping.decide("contoso", 60)
    tried = failing(keeping, monkeypatch, StoreUnavailable(), PEOPLE[4])
    with pytest.raises(StoreUnavailable):
        await keeping.retention.sweep()
    assert PEOPLE[3] in tried
    other = Keeping(own_database)
    tried = failing(other, monkeypatch, None)
    await other.retention.sweep()
    assert tried == PEOPLE[4:]
    assert await all_kept(keeping) == [[60]] * len(PEOPLE)
    await other.retention.sweep()
    assert tried == PEOPLE[4:], "a rule that was applied is not applied again"


async def test_a_rule_that_is_another_after_an_interruption_begins_anew(keeping, monkeypatch):
    await keeping.decide("contoso", 60)
    failing(keeping, monkeypatch, StoreUnavailable(), PEOPLE[4])
    with pytest.raises(StoreUnavailable):
        await keeping.retention.sweep()
    monkeypatch.undo()
    await keeping.decide("contoso", 365)
    await keeping.retention.sweep()
    assert await all_kept(keeping) == [[365]] * len(PEOPLE)


async def test_an_account_that_fails_holds_no_other_up_and_is_tried_again(keeping, monkeypatch):
    await keeping.decide("contoso", 60)
    failing(keeping, monkeypatch, ValueError("what nobody can read"), PEOPLE[0])
    await keeping.retention.sweep()
    assert await all_kept(keeping) == [[365], *[[60]] * 6]
    assert await keeping.is_due(PEOPLE[0])
    monkeypatch.undo()
    await keeping.retention.sweep()
    assert await all_kept(keeping) == [[60]] * len(PEOPLE)
    assert not await keeping.is_due(PEOPLE[0])


async def test_who_asks_again_while_an_account_is_looked_at_is_not_forgotten(keeping, monkeypatch):
    give = keeping.retention._give

    async def asked_again(account, days):
        await give(account, days)
        await keeping.retention.review(account)

    await keeping.retention.review(PEOPLE[0])
    monkeypatch.setattr(keeping.retention, "_give", asked_again)
    await keeping.retention.sweep()
    assert await keeping.is_due(PEOPLE[0])
    monkeypatch.undo()
    await keeping.retention.sweep()
    assert not await keeping.is_due(PEOPLE[0])


@pytest.mark.parametrize("before", [60, 365])
async def test_a_rule_that_another_process_applied_meanwhile_holds_in_the_end(
    keeping, own_database, monkeypatch, before
):
    """The one that is late has read the rule of before, for all accounts (60) or for one that is due (365)."""
    other, give = Keeping(own_database), keeping.retention._give
    overtaken = []

    async def late(account, days):
        if not overtaken:
            overtaken.append(account)
            await keeping.decide("contoso", 90)
            await other.retention.sweep()
        await give(account, days)

    await keeping.decide("contoso", before)
    await keeping.retention.review(PEOPLE[0])
    monkeypatch.setattr(keeping.retention, "_give", late)
    await keeping.retention.sweep()
    monkeypatch.undo()
    await keeping.retention.sweep()
    assert await all_kept(keeping) == [[90]] * len(PEOPLE)
    assert not await keeping.due.count_documents({"due": True})


async def test_who_moves_while_a_rule_is_applied_has_that_of_the_new_home(keeping, monkeypatch):
    await keeping.decide("contoso", 60)
    give = keeping.retention._give

    async def moving(account, days):
        if account == PEOPLE[1] and days == 60:
            await keeping.at_home(account, "fabrikam")
        await give(account, days)

    monkeypatch.setattr(keeping.retention, "_give", moving)
    await keeping.retention.sweep()
    assert await all_kept(keeping) == [[60], [365], *[[60]] * 5]


class Noting:
    """A collection that notes how many entries each update may change, and how many it changed."""

    def __init__(self, collection):
        self._collection, self.asked, self.changed = collection, [], 0

    def __getattr__(self, name):
        return getattr(self._collection, name)

    async def update_many(self, wanted, change):
        result = await self._collection.update_many(wanted, change)
        self.asked.append(len(wanted["_id"]["$in"]))
        self.changed += result.modified_count
        return result


async def test_a_long_history_is_changed_piece_by_piece_and_only_where_it_must_be(keeping, monkeypatch):
    monkeypatch.setattr(retention, "_ENTRIES", 10)
    entry = await keeping.entries.find_one({"account": PEOPLE[0]})
    # Many at the same moment, which is no place to go on from by itself.
    moments = [entry["at"] - timedelta(days=number // 15) for number in range(40)]
    more = [{**entry, "_id": f"more{number}", "at": at} for number, at in enumerate(moments)]
    await keeping.entries.insert_many(more)
    await keeping.enter(PEOPLE[1], "other", days_ago=1)
    noting = keeping.retention._entries = Noting(keeping.entries)
    await keeping.decide("contoso", 100)
    await keeping.retention.sweep()
    assert await keeping.kept(PEOPLE[0]) == [100] * 41
    assert max(noting.asked) == 10
    assert noting.changed == 41 + 7
    await keeping.retention.review(PEOPLE[0])
    await keeping.retention.sweep()
    assert noting.changed == 41 + 7, "what is right already is not written again"


async def test_many_organizations_are_gone_through_a_page_at_a_time(keeping, monkeypatch):
    monkeypatch.setattr(retention, "_ORGANIZATIONS", 2)
    for number, name in enumerate(PEOPLE):
        await keeping.at_home(name, f"firm{number}")
        await keeping.decide(f"firm{number}", 40 + number)
    await keeping.retention.sweep()
    assert await all_kept(keeping) == [[40 + number] for number in range(len(PEOPLE))]


async def test_of_an_account_only_what_matters_is_read(keeping):
    unreadable = {"services": "what nobody can read", "accepted": 7}
    dotted = {"memberships": {"a.b": {"sequence": "1", "member": True}, "a": {"b": {"member": True}}}}
    await keeping.accounts.update_one({"_id": PEOPLE[0]}, {"$set": unreadable | dotted})
    await keeping.decide("contoso", 60)
    await keeping.registers.update_one({"_id": "contoso"}, {"$set": {"data_uses": "what nobody can read"}})
    assert await keeping.homes.days_of(PEOPLE[0]) == 60
    assert await keeping.homes.days_of("nobody") == 365
    asked = ("a.b", "a", "contoso", "$a")
    assert [await keeping.homes.is_member(PEOPLE[0], name) for name in asked] == [True, False, False, False]
    assert not await keeping.homes.is_member("nobody", "a.b")
