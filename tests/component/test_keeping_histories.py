"""For how long histories are kept: by the rule of the home organization, also where it or the home changes."""

from datetime import timedelta

import pytest

from privacy.history.activity import Activity
from shared.connecting import StoreUnavailable
from shared.contracts.privacy import ActivityQuery
from tests.component.keeping import MOMENT, Keeping


@pytest.fixture
async def keeping(own_database):
    made = Keeping(own_database)
    await made.prepare()
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


async def test_another_home_brings_its_rule_along(keeping):
    await keeping.decide("contoso", 60)
    await keeping.decide("fabrikam", 90)
    await keeping.at_home("alice", "contoso")
    await keeping.enter("alice", "one")
    await keeping.at_home("alice", "fabrikam")
    await keeping.retention.review("alice")
    assert await keeping.kept("alice") == [60], "whoever tells of another home does not wait for a long history"
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == [90]
    assert not await keeping.is_due("alice")


async def test_a_rule_that_changes_while_an_entry_comes_holds_for_it_too(keeping):
    await keeping.at_home("alice", "contoso")
    told = keeping.homes.days_of
    asked = 0

    async def changing(account):
        """Let the rule change, and be applied, between what is asked first and the entry."""
        nonlocal asked
        days, asked = await told(account), asked + 1
        if asked == 1:
            await keeping.decide("contoso", 45)
            await keeping.retention.sweep()
        return days

    keeping.activity = Activity(keeping.entries, changing)
    await keeping.enter("alice", "late")
    assert await keeping.kept("alice") == [45]


async def test_an_entry_that_came_while_the_rule_changed_and_its_process_was_killed_is_right_the_next_time(keeping):
    await keeping.at_home("alice", "contoso")
    told, asked = keeping.homes.days_of, 0

    async def dying(account):
        """Let the rule change, and be applied, between what is asked first and the entry, and die when asked again."""
        nonlocal asked
        days, asked = await told(account), asked + 1
        if asked == 2:
            raise StoreUnavailable
        await keeping.decide("contoso", 45)
        await keeping.retention.sweep()
        return days

    keeping.activity = Activity(keeping.entries, dying)
    with pytest.raises(StoreUnavailable):
        await keeping.enter("alice", "late")
    assert await keeping.kept("alice") == [365]
    keeping.activity = Activity(keeping.entries, told)
    await keeping.enter("alice", "late")
    assert await keeping.kept("alice") == [45]
    await keeping.enter("bob", "late")
    assert await keeping.kept("alice") == [45], "who has no such entry changes none"
    await keeping.decide("contoso", 5)
    await keeping.enter("alice", "late")
    assert await keeping.kept("alice") == [5], "also what is over by now"


def old(id_, days_ago, type_="profile.devices.device.renamed.v1", authtype="user"):
    """Make an entry as an earlier version had it, with neither part nor end."""
    told = {"account": "alice", "client": {}, "facts": {}, "words": ""}
    return {"_id": id_, "at": MOMENT - timedelta(days=days_ago), "type": type_, "authtype": authtype, **told}


async def test_entries_of_an_earlier_version_get_what_they_lack(keeping):
    await keeping.at_home("alice", "contoso")
    await keeping.decide("contoso", 60)
    session = old("s", 3, "profile.gateway.session.ended.v1", "system")
    await keeping.entries.insert_many([old("d", 3), session])
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == [60, 60]
    for part, by in (("devices", "you"), ("sessions", "system")):
        assert len((await keeping.activity.page("alice", ActivityQuery(part=part, by=by))).entries) == 1


async def test_entries_of_an_earlier_version_stay_until_organizations_had_time_to_tell_their_rule(keeping):
    await keeping.at_home("alice", "contoso")
    await keeping.entries.insert_many([old("ancient", 4000), old("older", 500), old("newer", 100)])
    await keeping.retention.sweep()
    grace = [4000 + 30, 500 + 30]
    assert await keeping.kept("alice") == [*grace, 365]
    await keeping.enter("alice", "new")
    await keeping.decide("contoso", 30)
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == [*grace, 100 + 30, 30], "a short rule ends nothing of before at once"
    await keeping.decide("contoso", 3650)
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == [4000 + 30, 3650, 3650, 3650]


async def test_a_rule_that_changes_while_old_entries_are_completed_holds_for_them_too(keeping, own_database):
    await keeping.at_home("alice", "contoso")
    await keeping.entries.insert_one(old("d", 3))
    other, told = Keeping(own_database), keeping.homes.days_of_all
    asked = 0

    async def changing(accounts):
        nonlocal asked
        days, asked = await told(accounts), asked + 1
        if asked == 1:
            await keeping.decide("contoso", 90)
            await other.retention.sweep()
        return days

    keeping.homes.days_of_all = changing
    await keeping.retention.sweep()
    assert await keeping.kept("alice") == [90]
