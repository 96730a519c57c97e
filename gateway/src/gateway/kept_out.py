"""Accounts that may not be used: whoever meets that at the door is told whom to ask."""

from dataclasses import dataclass

from pydantic import ValidationError

from shared.calling import Service, asked
from shared.contracts.organizations import GET_ORGANIZATIONS, ContactPoint, Organizations
from shared.contracts.problem import AccountDisabled
from shared.identifying import Principal

_PATIENCE = 1.0
"""Seconds that the refusal waits to know whom to ask."""
_HELP = "help"


@dataclass(eq=False, kw_only=True)
class KeptOut(AccountDisabled):
    """Refuse a disabled account at its sign-in, with whom its person can ask in the home organization."""

    organization: str
    contacts: list[ContactPoint]


async def kept_out(organizations: Service, person: Principal) -> AccountDisabled:
    """Give the refusal, with whom to ask where that is told in time."""
    answer = await asked(organizations, GET_ORGANIZATIONS, person, deadline=_PATIENCE)
    try:
        told = answer.read(Organizations).organizations if answer else ()
    except ValidationError:
        told = ()
    home = next((one for one in told if one.home), None)
    if home is None:
        return AccountDisabled()
    helpful = [contact for contact in home.contacts if contact.role == _HELP]
    return KeptOut(organization=home.name, contacts=helpful or list(home.contacts))
