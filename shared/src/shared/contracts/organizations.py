"""What organizations promises: who a person is to their organizations, and to which ones they belong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.contracts.problem import Problem
from shared.contracts.security_policy import SecurityPolicy
from shared.contracts.wording import Answer, Email, Identifier, Label, Request, Telephone, Text, WebAddress

WRITE_ORGANIZATIONS = "organizations.write"
"""The scope of systems that put organizations in."""
WRITE_ACCOUNTS = "accounts.write"
"""The scope of systems that put accounts and memberships in."""
_MOST_CONTACTS = 10


class Contact(Request):
    """Whom to ask in an organization, by at least one way."""

    role: Literal["help", "privacy", "technical"]
    name: Text | None = None
    email: Email | None = None
    telephone: Telephone | None = None
    page: WebAddress | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.email or self.telephone or self.page):
            raise ValueError("unreachable")
        return self


class ContactPoint(Answer):
    """Whom to ask in an organization; readers meet newer roles than they know."""

    role: str = Field(examples=["help"], description="`help`, `privacy`, `technical`.")
    name: str | None
    email: str | None
    telephone: str | None
    page: str | None


class Profile(Answer):
    """Who the account belongs to: what the directory says, else what the last sign-in told."""

    account: str
    name: str | None = None
    title: str | None = None
    email: str | None = None
    office: str | None = None
    picture: str | None = Field(default=None, description="The digest of the picture; `null` where there is none.")


class Organization(Answer):
    id: str
    name: str
    home: bool = Field(description="Whether the account belongs to it; the home organization is never left.")
    joined_at: datetime
    can_leave: bool
    privacy_statement: str | None
    contacts: tuple[ContactPoint, ...]


class Organizations(Answer):
    profile: Profile
    organizations: tuple[Organization, ...] = Field(description="The home organization first, the others by name.")


class ProfileFacts(Request):
    name: Text | None = None
    title: Text | None = None
    email: Email | None = None
    office: Text | None = None


class SignInClaims(Request):
    """What a sign-in told of the person (OpenID Connect Core 1.0, section 5.1)."""

    name: str | None = Field(default=None, max_length=256)
    email: str | None = Field(default=None, max_length=256)


class PutOrganization(Request):
    name: Label
    contacts: tuple[Contact, ...] = Field(default=(), max_length=_MOST_CONTACTS)
    privacy_statement: WebAddress | None = None
    security_policy: SecurityPolicy | None = Field(
        default=None, description="What it allows and requires of security info; none is the portal's default."
    )


class OrganizationRecord(Answer):
    """An organization as a system put it in."""

    id: str
    name: str
    contacts: tuple[ContactPoint, ...]
    privacy_statement: str | None
    security_policy: SecurityPolicy | None


class PutAccount(Request):
    """What the directory knows of an account; whatever is left out is unknown from now on."""

    home_organization: Identifier
    profile: ProfileFacts = ProfileFacts()
    disabled: bool = False


class AccountRecord(Answer):
    """An account as the directory put it in."""

    account: str
    home_organization: str
    profile: Profile
    disabled: bool
    organizations: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class OrganizationNotFound(Problem):
    key: ClassVar[str] = "organization_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class AccountNotFound(Problem):
    key: ClassVar[str] = "account_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class HomeOrganization(Problem):
    """Refuse to end the membership of the organization that the account belongs to."""

    key: ClassVar[str] = "home_organization"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class MembershipLimitReached(Problem):
    key: ClassVar[str] = "membership_limit_reached"
    status: ClassVar[int] = 409
    limit: int


class OrganizationChanged(Event):
    """An organization was put in, or is called or declares something else now."""

    wire: ClassVar[str] = "profile.organizations.organization.changed.v1"
    of_account: ClassVar[bool] = False
    organization_id: str
    name: str
    privacy_statement: str | None = Field(description="The address of its privacy statement.")
    security_policy: dict[str, Any] | None = Field(
        default=None,
        description="What it asks of its members' security info: a `SecurityPolicy`, maybe of a newer version.",
    )


class MembershipStarted(Event):
    """An account belongs to an organization from now on."""

    wire: ClassVar[str] = "profile.organizations.membership.started.v1"
    tells_person: ClassVar[bool] = True
    organization_id: str
    organization_name: str
    home: bool


class MembershipEnded(Event):
    """An account no longer belongs to an organization; what it had there is to be let go of."""

    wire: ClassVar[str] = "profile.organizations.membership.ended.v1"
    tells_person: ClassVar[bool] = True
    organization_id: str
    organization_name: str
    reason: str = Field(examples=["left"], description="`left` by the person, `removed` by the organization.")


class HomeOrganizationChanged(Event):
    """An account belongs to another home organization; it is still a member of the one before."""

    wire: ClassVar[str] = "profile.organizations.home-organization.changed.v1"
    tells_person: ClassVar[bool] = True
    organization_id: str
    organization_name: str
    previous_organization_id: str


class ProfileChanged(Event):
    """Something is known differently of the person; what it is stays with organizations."""

    wire: ClassVar[str] = "profile.organizations.profile.changed.v1"
    fields: tuple[str, ...] = Field(description="Which: `name`, `title`, `email`, `office`, `picture`.")


class AccountDisabledByOrganization(Event):
    """The account may not be used until it is enabled; every session of it is to be ended."""

    wire: ClassVar[str] = "profile.organizations.account.disabled.v1"
    tells_person: ClassVar[bool] = True


class AccountEnabledByOrganization(Event):
    """The account may be used again."""

    wire: ClassVar[str] = "profile.organizations.account.enabled.v1"


GET_ORGANIZATIONS = Endpoint(
    name="getOrganizations",
    summary="Read who one is to one's organizations, and list them",
    method="GET",
    path="/organizations",
    response=Organizations,
)
LEAVE_ORGANIZATION = Endpoint(
    name="leaveOrganization",
    summary="Leave an organization other than the home organization; its devices are disconnected",
    method="POST",
    path="/organizations/{organization_id}/leave",
    status=204,
    problems=(OrganizationNotFound, HomeOrganization),
    needs_proof="organization.leave",
)
NOTE_CLAIMS = Endpoint(
    name="noteSignInClaims",
    summary="Remember what a sign-in told of the person",
    method="PUT",
    path="/organizations/claims",
    request=SignInClaims,
    status=204,
    exposed=False,
)
PUT_ORGANIZATION = Endpoint(
    name="putOrganization",
    summary="Put an organization in, or change what is known of it",
    method="PUT",
    path="/system/organizations/{organization_id}",
    request=PutOrganization,
    response=OrganizationRecord,
    scope=WRITE_ORGANIZATIONS,
)
PUT_ACCOUNT = Endpoint(
    name="putAccount",
    summary="Put an account in, with its profile and home organization, or disable it",
    method="PUT",
    path="/system/accounts/{account}",
    request=PutAccount,
    response=AccountRecord,
    problems=(OrganizationNotFound, MembershipLimitReached),
    scope=WRITE_ACCOUNTS,
)
START_MEMBERSHIP = Endpoint(
    name="startMembership",
    summary="Make an account a member of an organization",
    method="PUT",
    path="/system/accounts/{account}/organizations/{organization_id}",
    status=204,
    problems=(OrganizationNotFound, AccountNotFound, MembershipLimitReached),
    scope=WRITE_ACCOUNTS,
)
END_MEMBERSHIP = Endpoint(
    name="endMembership",
    summary="End the membership of an organization other than the home organization",
    method="DELETE",
    path="/system/accounts/{account}/organizations/{organization_id}",
    status=204,
    problems=(OrganizationNotFound, AccountNotFound, HomeOrganization),
    scope=WRITE_ACCOUNTS,
)

ENDPOINTS = (
    GET_ORGANIZATIONS,
    LEAVE_ORGANIZATION,
    NOTE_CLAIMS,
    PUT_ORGANIZATION,
    PUT_ACCOUNT,
    START_MEMBERSHIP,
    END_MEMBERSHIP,
)
EVENTS = (
    OrganizationChanged,
    MembershipStarted,
    MembershipEnded,
    HomeOrganizationChanged,
    ProfileChanged,
    AccountDisabledByOrganization,
    AccountEnabledByOrganization,
)
