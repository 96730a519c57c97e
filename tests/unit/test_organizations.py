"""The rules of an account's memberships, and of what organizations tell of themselves."""

from datetime import timedelta
from typing import Any

import pytest

from organizations import account, membership, organization, views
from organizations.account import MOST_MEMBERSHIPS, Account
from organizations.organization import Organization
from shared.contracts import organizations as contract
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Decision
from shared.facts import Facts
from shared.testing import facts_at

NOW = facts_at()
LATER = facts_at(NOW.now + timedelta(hours=1))


def put(
    before: Account, home: str = "contoso", *, facts: Facts = LATER, speaks_for: Any = None, **wish: Any
) -> Decision[Account]:
    return account.put(
        before,
        facts,
        wish=contract.PutAccount(home_organization=home, **wish),
        organization_name=home.title(),
        speaks_for=speaks_for or (lambda _name: True),
    )


def join(before: Account, name: str) -> Decision[Account]:
    return membership.start(
        before, LATER, organization_id=name, organization_name=name.title(), wish=contract.PutMembership()
    )


def remove(before: Account, name: str) -> Decision[Account]:
    return membership.end(before, LATER, organization_id=name, organization_name=name.title())


def leave(before: Account, name: str) -> Decision[Account]:
    return membership.leave(before, LATER, organization_id=name, organization_name=name.title(), may_leave=True)


AT_HOME = put(Account()).state
MEMBER = join(AT_HOME, "fabrikam").state


def test_an_account_that_is_put_in_belongs_to_its_home_organization():
    decision = put(Account())
    assert decision.news == (began(decision.state, "contoso", home=True),)
    assert views.account_record("a", decision.state, {"contoso"}.__contains__).organizations == ("contoso",)


def test_a_system_is_shown_what_directories_said_and_its_own_organizations_alone():
    told = account.note_claims(MEMBER, NOW, name="From a sign-in", email="alice@home.example").state
    shown = views.account_record("a", told, {"contoso"}.__contains__)
    assert told.profile.email == "alice@home.example"
    assert (shown.profile.name, shown.profile.email, shown.organizations) == (None, None, ("contoso",))


def began(after: Account, name: str, *, home: bool) -> contract.MembershipStarted:
    """Give the news of a membership that an account has."""
    id_ = after.memberships[name].id
    return contract.MembershipStarted(
        organization_id=name, organization_name=name.title(), home=home, membership_id=id_
    )


def test_the_same_again_is_no_news():
    decision = put(MEMBER)
    assert (decision.state, decision.news) == (MEMBER, ())


def test_a_new_home_is_joined_and_the_one_before_stays_a_members():
    decision = put(AT_HOME, "fabrikam")
    assert decision.news == (
        began(decision.state, "fabrikam", home=True),
        contract.HomeOrganizationChanged(
            organization_id="fabrikam", organization_name="Fabrikam", previous_organization_id="contoso"
        ),
    )
    assert set(decision.state.memberships) == {"contoso", "fabrikam"}
    assert remove(decision.state, "contoso").state.memberships.keys() == {"fabrikam"}


def test_a_member_who_moves_home_joins_nothing_anew():
    decision = put(MEMBER, "fabrikam")
    assert [type(event) for event in decision.news] == [contract.HomeOrganizationChanged]
    assert decision.state.memberships == MEMBER.memberships


@pytest.mark.parametrize(
    ("bound_to", "home"), [({"fabrikam"}, "fabrikam"), ({"contoso"}, "fabrikam"), (set(), "contoso")]
)
def test_a_system_moves_accounts_only_between_its_own_organizations(bound_to: set[str], home: str):
    with pytest.raises(OrganizationNotYours):
        put(AT_HOME, home, speaks_for=bound_to.__contains__)


def test_disabling_and_enabling_are_news_once():
    disabled = put(AT_HOME, disabled=True)
    assert disabled.news == (contract.AccountDisabledByOrganization(),)
    assert put(disabled.state, disabled=True).news == ()
    assert put(disabled.state).news == (contract.AccountEnabledByOrganization(),)
    assert put(disabled.state).state == AT_HOME


def test_what_changes_of_a_profile_is_named_and_not_told():
    decision = put(AT_HOME, profile={"name": "Alice", "email": "alice@contoso.example"})
    assert decision.news == (contract.ProfileChanged(fields=("name", "email")),)


def test_what_the_directory_takes_back_shows_what_a_sign_in_told():
    told = account.note_claims(AT_HOME, NOW, name="Alice of the provider", email=None)
    assert told.news == (contract.ProfileChanged(fields=("name",)),)
    known = put(told.state, profile={"name": "Alice"}).state
    assert known.profile.name == "Alice"
    assert account.note_claims(known, NOW, name="Another", email=None).news == (), "it does not show"
    assert put(known).state.profile.name == "Alice of the provider"


def test_a_membership_starts_and_ends_once():
    joined = join(AT_HOME, "fabrikam")
    assert joined.news == (began(joined.state, "fabrikam", home=False),)
    assert join(MEMBER, "fabrikam") == Decision(MEMBER)
    ended = remove(MEMBER, "fabrikam")
    (told,) = ended.news
    assert isinstance(told, contract.MembershipEnded)
    assert (told.organization_id, told.reason) == ("fabrikam", "removed")
    assert told.membership_id == MEMBER.memberships["fabrikam"].id
    assert ended.state.memberships == AT_HOME.memberships
    assert remove(AT_HOME, "fabrikam") == Decision(AT_HOME)


def test_a_person_leaves_what_they_belong_to():
    assert [event.reason for event in leave(MEMBER, "fabrikam").news] == ["left"]
    with pytest.raises(contract.OrganizationNotFound):
        leave(AT_HOME, "fabrikam")


@pytest.mark.parametrize("end", [leave, remove])
def test_the_home_organization_is_not_left(end: Any):
    with pytest.raises(contract.HomeOrganization):
        end(MEMBER, "contoso")


@pytest.mark.parametrize("change", [join, remove])
def test_an_account_that_only_signed_in_has_no_memberships_yet(change: Any):
    signed_in = account.note_claims(Account(), NOW, name="Alice", email=None).state
    with pytest.raises(contract.AccountNotFound):
        change(signed_in, "fabrikam")


def test_there_is_a_limit_of_memberships():
    full = AT_HOME
    for number in range(MOST_MEMBERSHIPS - 1):
        full = join(full, f"o{number}").state
    for change in (lambda: join(full, "one-more"), lambda: put(full, "one-more")):
        with pytest.raises(contract.MembershipLimitReached) as refused:
            change()
        assert refused.value.limit == MOST_MEMBERSHIPS
    assert join(full, "o7") == Decision(full)
    assert put(full, "o7").state.home == "o7"


def test_the_day_of_joining_stays():
    much_later = facts_at(LATER.now + timedelta(days=9))
    assert put(MEMBER, "fabrikam", facts=much_later).state.memberships == MEMBER.memberships
    again = membership.start(
        MEMBER, much_later, organization_id="fabrikam", organization_name="x", wish=contract.PutMembership()
    ).state
    assert again.memberships["fabrikam"].joined_at == LATER.now


def test_organizations_are_shown_home_first_and_then_by_name():
    state = join(join(MEMBER, "adatum").state, "gone").state
    known = {name: Organization(name=name.title()) for name in ("contoso", "fabrikam")}
    shown = views.organizations("a", state, known | {"adatum": Organization(name="zeta")}).organizations
    assert [(one.id, one.name, one.can_leave) for one in shown] == [
        ("contoso", "Contoso", False),
        ("fabrikam", "Fabrikam", True),
        ("gone", "gone", True),
        ("adatum", "zeta", True),
    ]


WISH = contract.PutOrganization(
    name="Contoso",
    contacts=(contract.Contact(role="privacy", email="privacy@contoso.example"),),
    privacy_statement="https://contoso.example/privacy",
)


def test_what_an_organization_declares_is_news_without_addresses():
    decision = organization.put(None, NOW, organization_id="contoso", wish=WISH)
    assert decision.news == (
        contract.OrganizationChanged(
            organization_id="contoso", name="Contoso", privacy_statement="https://contoso.example/privacy"
        ),
    )
    assert "privacy@" not in decision.news[0].model_dump_json()
    assert decision.state
    assert views.record("contoso", decision.state).contacts[0].email == "privacy@contoso.example"


def test_an_organization_that_is_put_in_again_is_no_news():
    before = organization.put(None, NOW, organization_id="contoso", wish=WISH).state
    assert organization.put(before, LATER, organization_id="contoso", wish=WISH) == Decision(before)
