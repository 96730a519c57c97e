"""Who a person is to their organizations: one account is one document, profile and memberships together. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.contracts import organizations as contract
from shared.contracts.event import Event
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Decision
from shared.facts import Facts
from shared.noticing import Notice

MOST_MEMBERSHIPS = 100


class Profile(BaseModel):
    """What is known of a person, by one source."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    name: str | None = None
    title: str | None = None
    email: str | None = None
    office: str | None = None


class Membership(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    joined_at: datetime


class Picture(BaseModel):
    """Which picture shows the person; it lies in a collection of its own, under *id*."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    id: str
    digest: str


class Account(BaseModel):
    """An account as the directory put it in; before that, only what sign-ins told is known.

    *directory* and *claims* are kept apart, so that what the directory takes back shows what a sign-in told again.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    home: str | None = None
    directory: Profile = Profile()
    claims: Profile = Profile()
    picture: Picture | None = None
    disabled_at: datetime | None = None
    memberships: dict[str, Membership] = {}
    language: str | None = None
    notices: dict[str, Notice] = {}

    @property
    def profile(self) -> Profile:
        """Give what the directory says, and where it says nothing what the last sign-in told."""
        return Profile.model_validate(
            {name: getattr(self.directory, name) or getattr(self.claims, name) for name in Profile.model_fields}
        )

    def joining(self, organization_id: str, now: datetime) -> dict[str, Membership]:
        """Give the memberships with one more."""
        if organization_id not in self.memberships and len(self.memberships) >= MOST_MEMBERSHIPS:
            raise contract.MembershipLimitReached(limit=MOST_MEMBERSHIPS)
        return {organization_id: Membership(joined_at=now), **self.memberships}


def put(
    before: Account,
    facts: Facts,
    *,
    wish: contract.PutAccount,
    organization_name: str,
    speaks_for: Callable[[str], bool],
) -> Decision[Account]:
    """Put an account in, or change what is known of it.

    A new home organization leaves the one before a member's: directories tell of an end by itself.
    """
    home = wish.home_organization
    if not speaks_for(home) or (before.home and not speaks_for(before.home)):
        raise OrganizationNotYours
    after = before.model_copy(
        update={
            "home": home,
            "directory": Profile.model_validate(wish.profile.model_dump()),
            "memberships": before.joining(home, facts.now),
            "disabled_at": (before.disabled_at or facts.now) if wish.disabled else None,
        }
    )
    news = _profile_news(before, after)
    if home not in before.memberships:
        news.append(contract.MembershipStarted(organization_id=home, organization_name=organization_name, home=True))
    if before.home not in {None, home}:
        news.append(
            contract.HomeOrganizationChanged(
                organization_id=home, organization_name=organization_name, previous_organization_id=str(before.home)
            )
        )
    if bool(before.disabled_at) != wish.disabled:
        kind = contract.AccountDisabledByOrganization if wish.disabled else contract.AccountEnabledByOrganization
        news.append(kind())
    return Decision(after, news=tuple(news))


def show_picture(
    account: Account, _facts: Facts, *, picture: Picture | None, speaks_for: Callable[[str], bool]
) -> Decision[Account]:
    """Show the person by a picture from now on, or by none; the answer names the one that is `replaced`."""
    refuse_strangers(account, speaks_for)
    before = account.picture
    if (before and before.digest) == (picture and picture.digest):
        return Decision(account)
    news = contract.ProfileChanged(fields=("picture",))
    return Decision(_with(account, picture=picture), answer={"replaced": before and before.id}, news=(news,))


def refuse_strangers(account: Account, speaks_for: Callable[[str], bool]) -> None:
    """Raise `OrganizationNotYours` unless the system speaks for the account's home organization."""
    if account.home is None:
        raise contract.AccountNotFound
    if not speaks_for(account.home):
        raise OrganizationNotYours


def start_membership(
    account: Account, facts: Facts, *, organization_id: str, organization_name: str
) -> Decision[Account]:
    """Make an account a member; it is one already where there is nothing to do."""
    if account.home is None:
        raise contract.AccountNotFound
    if organization_id in account.memberships:
        return Decision(account)
    news = contract.MembershipStarted(organization_id=organization_id, organization_name=organization_name, home=False)
    return Decision(_with(account, memberships=account.joining(organization_id, facts.now)), news=(news,))


def end_membership(
    account: Account, _facts: Facts, *, organization_id: str, organization_name: str
) -> Decision[Account]:
    """End a membership for the organization; where there is none, there is nothing to do."""
    if account.home is None:
        raise contract.AccountNotFound
    if organization_id not in account.memberships:
        return Decision(account)
    return _ended(account, organization_id, organization_name, reason="removed")


def leave(account: Account, _facts: Facts, *, organization_id: str, organization_name: str) -> Decision[Account]:
    """Leave an organization as the person."""
    if organization_id not in account.memberships:
        raise contract.OrganizationNotFound
    return _ended(account, organization_id, organization_name, reason="left")


def note_claims(
    account: Account, _facts: Facts, *, name: str | None, email: str | None, language: str | None = None
) -> Decision[Account]:
    """Remember what a sign-in told, and in which language; it is news where it shows."""
    after = _with(account, claims=Profile(name=name, email=email), language=language or account.language)
    return Decision(after, news=tuple(_profile_news(account, after)))


def _ended(account: Account, organization_id: str, organization_name: str, *, reason: str) -> Decision[Account]:
    if organization_id == account.home:
        raise contract.HomeOrganization
    left = {id_: kept for id_, kept in account.memberships.items() if id_ != organization_id}
    news = contract.MembershipEnded(organization_id=organization_id, organization_name=organization_name, reason=reason)
    return Decision(_with(account, memberships=left), news=(news,))


def _with(account: Account, **changes: Any) -> Account:
    return account.model_copy(update=changes)


def _profile_news(before: Account, after: Account) -> list[Event]:
    old, new = before.profile, after.profile
    fields = tuple(name for name in Profile.model_fields if getattr(old, name) != getattr(new, name))
    return [contract.ProfileChanged(fields=fields)] if fields else []
