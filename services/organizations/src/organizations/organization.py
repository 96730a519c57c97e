"""What an organization tells its members of itself: one organization is one document. Pure."""

from pydantic import BaseModel, ConfigDict

from shared.contracts import organizations as contract
from shared.contracts.security_policy import SecurityPolicy
from shared.deciding import Decision
from shared.facts import Facts


class Contact(BaseModel):
    """Whom to ask in the organization."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    role: str
    name: str | None = None
    email: str | None = None
    telephone: str | None = None
    page: str | None = None


class Leaving(BaseModel):
    """Whether members may leave by themselves, and whom to ask where they may not."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    allowed: bool = True
    ask: str = "help"


class Organization(BaseModel):
    """An organization as a system put it in."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    name: str
    contacts: tuple[Contact, ...] = ()
    privacy_statement: str | None = None
    security_policy: SecurityPolicy | None = None
    leaving: Leaving = Leaving()


def put(
    before: Organization | None, _facts: Facts, *, organization_id: str, wish: contract.PutOrganization
) -> Decision[Organization | None]:
    """Put an organization in, or change what is known of it; its contacts stay here."""
    after = Organization.model_validate(wish.model_dump(mode="json"))
    if after == before:
        return Decision(before)
    news = contract.OrganizationChanged(
        organization_id=organization_id,
        name=after.name,
        privacy_statement=after.privacy_statement,
        security_policy=after.security_policy.model_dump(mode="json") if after.security_policy else None,
    )
    return Decision(after, news=(news,))
