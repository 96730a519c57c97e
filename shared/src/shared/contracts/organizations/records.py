"""Organizations, accounts and memberships, as people see them and as systems put them in."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.contracts.security_policy import SecurityPolicy
from shared.contracts.wording import Answer, Email, Identifier, Label, Request, Telephone, Text, WebAddress

_MOST_CONTACTS = 10


ContactRole = Literal["help", "privacy", "technical"]


class Contact(Request):
    """Whom to ask in an organization, by at least one way."""

    role: ContactRole
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
    invited_by: str | None = Field(default=None, description="Who invited, as the organization calls them.")
    owner: bool = Field(default=False, description="Whether the account owns it, and so cannot leave it.")
    can_leave: bool
    cannot_leave: str | None = Field(
        default=None, description="Why not: `home`, `owner`, `forbidden` by the organization."
    )
    ask: str | None = Field(default=None, description="The role of the contact to ask, where leaving is forbidden.")
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


class Leaving(Request):
    """Whether members may leave by themselves; where they may not, the contact of which role to *ask*."""

    allowed: bool = True
    ask: ContactRole = "help"


class PutOrganization(Request):
    name: Label
    contacts: tuple[Contact, ...] = Field(default=(), max_length=_MOST_CONTACTS)
    privacy_statement: WebAddress | None = None
    security_policy: SecurityPolicy | None = Field(
        default=None, description="What it allows and requires of security info; none is the portal's default."
    )
    leaving: Leaving = Leaving()

    @model_validator(mode="after")
    def _somebody_can_be_asked(self) -> Self:
        if not self.leaving.allowed and self.leaving.ask not in {contact.role for contact in self.contacts}:
            raise ValueError("nobody_to_ask")
        return self


class OrganizationRecord(Answer):
    """An organization as a system put it in."""

    id: str
    name: str
    contacts: tuple[ContactPoint, ...]
    privacy_statement: str | None
    security_policy: SecurityPolicy | None
    leaving: Leaving = Leaving()


class PutMembership(Request):
    """What the directory knows of a membership; whatever is left out is unknown from now on."""

    owner: bool = Field(default=False, description="Whether the account owns the organization, and so cannot leave.")
    invited_by: Text | None = None


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
