"""Memberships that start, end, are restored and purged."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations import membership
from organizations.account import Account, Membership
from organizations.membership import MOST_ENDED, RESTORABLE
from shared.contracts import organizations as contract
from shared.deciding import Decision
from shared.facts import Facts
from shared.testing import facts_at

NOW = facts_at()
HOME = Account(home="contoso")


def after(pause: timedelta, chance: int = 2) -> Facts:
    return facts_at(NOW.now + pause, chance=chance)


def start(account: Account, name: str = "fabrikam", facts: Facts = NOW, **told: Any) -> Decision[Account]:
    wish = contract.PutMembership(**told)
    return membership.start(account, facts, organization_id=name, organization_name=name.title(), wish=wish)


def leave(account: Account, name: str = "fabrikam", facts: Facts = NOW, *, may_leave: bool = True) -> Decision[Account]:
    return membership.leave(account, facts, organization_id=name, organization_name=name.title(), may_leave=may_leave)


def restore(account: Account, name: str = "fabrikam", facts: Facts = NOW) -> Decision[Account]:
    return membership.restore(account, facts, organization_id=name, organization_name=name.title())


MEMBER = start(HOME).state
LEFT = leave(MEMBER).state


def test_what_is_known_of_a_membership_is_told_again_without_news():
    noted = start(MEMBER, owner=True, invited_by="Bob Okafor")
    kept = noted.state.memberships["fabrikam"]
    assert noted.news == ()
    assert (kept.owner, kept.invited_by) == (True, "Bob Okafor")
    assert (kept.id, kept.joined_at) == (MEMBER.memberships["fabrikam"].id, NOW.now)
    assert not start(noted.state).state.memberships["fabrikam"].owner, "what is left out is unknown"


def test_an_owner_does_not_leave():
    with pytest.raises(contract.OwnerCannotLeave):
        leave(start(MEMBER, owner=True).state)


def test_an_organization_may_forbid_leaving_and_still_end_the_membership_itself():
    with pytest.raises(contract.LeavingForbidden):
        leave(MEMBER, may_leave=False)
    ended = membership.end(MEMBER, NOW, organization_id="fabrikam", organization_name="Fabrikam")
    assert "fabrikam" not in ended.state.memberships


def test_who_left_can_be_brought_back_as_they_were():
    before = start(HOME, invited_by="Bob Okafor").state
    gone = leave(before)
    (told,) = gone.news
    assert isinstance(told, contract.MembershipEnded)
    assert (told.membership_id, told.purged_at) == (before.memberships["fabrikam"].id, NOW.now + RESTORABLE)
    back = restore(gone.state, facts=after(RESTORABLE - timedelta(milliseconds=1)))
    assert back.state.memberships == before.memberships
    assert (back.state.ended, back.state.purge_at) == ({}, None)
    (started,) = back.news
    assert isinstance(started, contract.MembershipStarted)
    assert (started.restored, started.membership_id) == (True, told.membership_id)
    assert restore(back.state).news == ()


@pytest.mark.parametrize("account", [HOME, LEFT])
def test_what_was_purged_or_never_was_cannot_be_restored(account: Account):
    with pytest.raises(contract.NothingToRestore):
        restore(account, facts=after(RESTORABLE))


def test_nobody_unknown_is_restored():
    with pytest.raises(contract.AccountNotFound):
        restore(Account())


def test_what_ended_is_purged_when_its_time_has_come_and_once():
    early = membership.purge(LEFT, after(RESTORABLE - timedelta(milliseconds=1)))
    assert early == Decision(LEFT)
    due = membership.purge(LEFT, after(RESTORABLE))
    (told,) = due.news
    assert isinstance(told, contract.MembershipPurged)
    assert told.membership_id == MEMBER.memberships["fabrikam"].id
    assert (due.state.ended, due.state.purge_at) == ({}, None)
    assert membership.purge(due.state, after(2 * RESTORABLE)).news == ()


def test_who_is_put_in_again_in_time_goes_on_as_before_with_the_invitation_of_now():
    again = start(LEFT, facts=after(timedelta(days=1)), invited_by="Bob Okafor")
    (told,) = again.news
    assert isinstance(told, contract.MembershipStarted)
    assert (told.restored, told.membership_id) == (True, MEMBER.memberships["fabrikam"].id)
    assert (again.state.ended, again.state.purge_at) == ({}, None)
    there = MEMBER.memberships["fabrikam"]
    assert again.state.memberships["fabrikam"] == there.model_copy(update={"invited_by": "Bob Okafor"})


def test_who_is_put_in_too_late_is_another_member_and_what_was_before_is_purged_at_once():
    anew = start(LEFT, facts=after(RESTORABLE))
    assert [type(event) for event in anew.news] == [contract.MembershipPurged, contract.MembershipStarted]
    assert (anew.state.ended, anew.state.purge_at) == ({}, None)
    assert anew.state.memberships["fabrikam"].id != MEMBER.memberships["fabrikam"].id


def test_a_membership_of_before_there_were_ids_has_one_when_it_ends():
    old = MEMBER.model_copy(update={"memberships": {**MEMBER.memberships, "fabrikam": Membership(joined_at=NOW.now)}})
    gone = leave(old)
    (told,) = gone.news
    assert told.membership_id
    assert restore(gone.state).state.memberships["fabrikam"].id == told.membership_id


def test_so_many_that_ended_are_remembered_and_of_more_the_oldest_are_purged():
    account, purged = HOME, []
    for number in range(MOST_ENDED + 1):
        moment = after(timedelta(minutes=number), chance=number + 10)
        name = f"o{number}"
        decision = leave(start(account, name, moment).state, name, moment)
        account, purged = decision.state, [*purged, *decision.news[1:]]
    assert len(account.ended) == MOST_ENDED
    assert [event.organization_id for event in purged] == ["o0"]


@given(st.lists(st.tuples(st.sampled_from(["start", "leave", "restore", "purge"]), st.integers(0, 40)), max_size=20))
def test_an_account_knows_when_the_next_purge_is_due(steps: list[tuple[str, int]]):
    account, day = HOME, 0
    for number, (do, days) in enumerate(steps):
        day += days
        facts = after(timedelta(days=day), chance=number + 10)
        rules = {
            "start": lambda state, facts=facts: start(state, facts=facts),
            "leave": lambda state, facts=facts: leave(state, facts=facts),
            "restore": lambda state, facts=facts: restore(state, facts=facts),
            "purge": lambda state, facts=facts: membership.purge(state, facts),
        }
        try:
            account = rules[do](account).state
        except (contract.OrganizationNotFound, contract.NothingToRestore):
            continue
        assert account.purge_at == min((one.purge_at for one in account.ended.values()), default=None)
        assert not set(account.ended) & set(account.memberships)
