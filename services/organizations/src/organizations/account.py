"""Who a person is to their organizations: one account is one document, profile and memberships together. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.contracts import organizations as contract
from shared.contracts.event import Event
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Decision
from shared.facts import Facts
from shared.noticing import Notice
from shared.preferring import Preferring

MOST_MEMBERSHIPS = 100


class Profile(BaseModel):
    """What is known of a person, by one source."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    name: str | None = None
    title: str | None = None
    email: str | None = None
    office: str | None = None


class Membership(BaseModel):
    """A membership; its *id* is the same again when it is restored."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    joined_at: datetime
    id: str | None = None
    owner: bool = False
    invited_by: str | None = None


class Ended(BaseModel):
    """A membership that ended, and until when it can be restored."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    membership: Membership
    name: str
    ended_at: datetime
    purge_at: datetime


class Picture(BaseModel):
    """Which picture shows the person; it lies in a collection of its own, under *id*."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    id: str
    digest: str


class Account(Preferring, BaseModel):
    """An account as the directory put it in; before that, only what sign-ins told is known.

    *directory* and *claims* are kept apart, so that what the directory takes back shows what a sign-in told again.
    *purge_at* is when the first of the memberships that *ended* is to be purged.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    home: str | None = None
    directory: Profile = Profile()
    claims: Profile = Profile()
    picture: Picture | None = None
    disabled_at: datetime | None = None
    memberships: dict[str, Membership] = {}
    ended: dict[str, Ended] = {}
    purge_at: datetime | None = None
    notices: dict[str, Notice] = {}

    @property
    def profile(self) -> Profile:
        """Give what the directory says, and where it says nothing what the last sign-in told."""
        return Profile.model_validate(
            {name: getattr(self.directory, name) or getattr(self.claims, name) for name in Profile.model_fields}
        )

    def joining(self, organization_id: str, membership: Membership) -> dict[str, Membership]:
        """Give the memberships with one more; one that is there stays as it is."""
        if organization_id not in self.memberships and len(self.memberships) >= MOST_MEMBERSHIPS:
            raise contract.MembershipLimitReached(limit=MOST_MEMBERSHIPS)
        return {organization_id: membership, **self.memberships}

    def with_ended(self, ended: dict[str, Ended], **changes: Any) -> "Account":
        """Give the account with other memberships that ended, and the moment when the first is to be purged."""
        first = min((one.purge_at for one in ended.values()), default=None)
        return self.model_copy(update={"ended": ended, "purge_at": first, **changes})

    def purged(self, organization_ids: Iterable[str]) -> tuple["Account", list[Event]]:
        """Give the account without what ended in some organizations, and the news of it."""
        gone = {id_: self.ended[id_] for id_ in organization_ids if id_ in self.ended}
        news: list[Event] = [
            contract.MembershipPurged(organization_id=id_, organization_name=one.name, membership_id=one.membership.id)
            for id_, one in gone.items()
        ]
        return self.with_ended({id_: one for id_, one in self.ended.items() if id_ not in gone}), news


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
    joined = Membership(joined_at=facts.now, id=facts.id("membership"))
    if not speaks_for(home) or (before.home and not speaks_for(before.home)):
        raise OrganizationNotYours
    left, purged = before.purged([home])  # who comes home is no restored guest
    after = left.model_copy(
        update={
            "home": home,
            "directory": Profile.model_validate(wish.profile.model_dump()),
            "memberships": before.joining(home, joined),
            "disabled_at": (before.disabled_at or facts.now) if wish.disabled else None,
        }
    )
    news = [*purged, *_profile_news(before, after)]
    if home not in before.memberships:
        news.append(
            contract.MembershipStarted(
                organization_id=home, organization_name=organization_name, home=True, membership_id=joined.id
            )
        )
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


def note_claims(
    account: Account, _facts: Facts, *, name: str | None, email: str | None, language: str | None = None
) -> Decision[Account]:
    """Remember what a sign-in told, and in which language; it is news where it shows."""
    after = _with(account, claims=Profile(name=name, email=email), language=language or account.language)
    return Decision(after, news=tuple(_profile_news(account, after)))


def _with(account: Account, **changes: Any) -> Account:
    return account.model_copy(update=changes)


def _profile_news(before: Account, after: Account) -> list[Event]:
    old, new = before.profile, after.profile
    fields = tuple(name for name in Profile.model_fields if getattr(old, name) != getattr(new, name))
    return [contract.ProfileChanged(fields=fields)] if fields else []
