"""What organizations announces; no address is ever part of it."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from shared.contracts.event import Event


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
    membership_id: str | None = Field(default=None, description="The same again when it is restored.")
    restored: bool = Field(default=False, description="Whether it had ended, and goes on as it was.")


class MembershipEnded(Event):
    """An account no longer belongs to an organization; what it had there is to be let go of."""

    wire: ClassVar[str] = "profile.organizations.membership.ended.v1"
    tells_person: ClassVar[bool] = True
    organization_id: str
    organization_name: str
    reason: str = Field(examples=["left"], description="`left` by the person, `removed` by the organization.")
    membership_id: str | None = None
    purged_at: datetime | None = Field(
        default=None, description="Until when the organization can restore it, and others are to keep what it had."
    )


class MembershipPurged(Event):
    """A membership that ended can be restored no more; what it had is to be destroyed."""

    wire: ClassVar[str] = "profile.organizations.membership.purged.v1"
    organization_id: str
    organization_name: str
    membership_id: str | None


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
    tells_person: ClassVar[bool] = True


class WorkNoticeSent(Event):
    """A notice of what happened to the account was handed to whoever carries it."""

    wire: ClassVar[str] = "profile.organizations.notice.sent.v1"
    channel: str = Field(examples=["mail"])


class WorkLetterAbandoned(Event):
    """A letter was given up: it came too late, or was refused for good."""

    wire: ClassVar[str] = "profile.organizations.letter.abandoned.v1"
    kind: str = Field(examples=["notice"])
    channel: str
    reason: str = Field(
        examples=["expired"], description="`expired`, `refused`, `overtaken`, `no_carrier`, `unreadable`."
    )


EVENTS = (
    OrganizationChanged,
    MembershipStarted,
    MembershipEnded,
    MembershipPurged,
    HomeOrganizationChanged,
    ProfileChanged,
    AccountDisabledByOrganization,
    AccountEnabledByOrganization,
    WorkNoticeSent,
    WorkLetterAbandoned,
)
