"""What privacy announces."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.event import Event


class ServiceConnected(Event):
    """An account is connected to a service from now on, which may see some of its data."""

    wire: ClassVar[str] = "profile.privacy.service.connected.v1"
    tells_person: ClassVar[bool] = True
    service_id: str
    organization_id: str
    name: str


class ServiceDisconnected(Event):
    """An account is no longer connected to a service, which is to let go of what it had from it."""

    wire: ClassVar[str] = "profile.privacy.service.disconnected.v1"
    tells_person: ClassVar[bool] = True
    service_id: str
    organization_id: str
    name: str
    reason: str = Field(
        examples=["person"], description="`person`, `organization`, or `membership_ended` where the account left."
    )


class TermsPublished(Event):
    """An organization published a version of terms."""

    wire: ClassVar[str] = "profile.privacy.terms.published.v1"
    of_account: ClassVar[bool] = False
    organization_id: str
    terms_id: str
    version: str
    material: bool


class TermsWithdrawn(Event):
    """An organization asks nobody to accept these terms any more."""

    wire: ClassVar[str] = "profile.privacy.terms.withdrawn.v1"
    of_account: ClassVar[bool] = False
    organization_id: str
    terms_id: str


class TermsAccepted(Event):
    """A person accepted terms, as they were shown."""

    wire: ClassVar[str] = "profile.privacy.terms.accepted.v1"
    organization_id: str
    terms_id: str
    title: str
    version: str
    language: str
    digest: str = Field(description="SHA-256 of the text that was shown, in hexadecimal.")


class PreferencesChanged(Event):
    """The account has another language, regional format or time zone, by its own choice or its organization's."""

    wire: ClassVar[str] = "profile.privacy.preferences.changed.v1"
    language: str | None = Field(description="`null` follows the browser.")
    region: str | None
    time_zone: str | None
    locked_by: str | None = Field(description="The id of the organization that locks the language.")
    revision: int = Field(ge=1, description="Counts the changes; the highest number tells what holds.")


EVENTS = (ServiceConnected, ServiceDisconnected, TermsPublished, TermsWithdrawn, TermsAccepted, PreferencesChanged)
