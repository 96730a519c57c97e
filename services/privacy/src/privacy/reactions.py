"""The side door: what privacy does with news."""

from functools import partial

from privacy import belonging
from privacy.account import Account
from privacy.history.activity import Activity
from privacy.notices import Declarations
from privacy.settling import Settler
from shared.consuming import command_of, owner_of
from shared.contracts import organizations
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.deciding import Decision


class Reactions:
    """React to what happens to accounts and organizations."""

    def __init__(self, activity: Activity, declarations: Declarations, settler: Settler) -> None:
        self._activity = activity
        self._declarations = declarations
        self._settler = settler

    async def remember(self, _event: Event, envelope: Envelope) -> None:
        """Enter the event in the account's history."""
        await self._activity.remember(envelope)

    async def note_organization(self, event: organizations.OrganizationChanged, envelope: Envelope) -> None:
        """Keep what an organization is called and declares."""
        await self._declarations.declare(event, envelope)

    async def join(self, event: organizations.MembershipStarted, envelope: Envelope) -> None:
        """Note that the account belongs to an organization."""
        rule = partial(belonging.join, organization_id=event.organization_id, home=event.home)
        await self._note(rule, envelope, home=event.organization_id if event.home else None)

    async def part(self, event: organizations.MembershipEnded, envelope: Envelope) -> None:
        """Disconnect the services of an organization to which the account no longer belongs."""
        await self._note(partial(belonging.part, organization_id=event.organization_id), envelope)

    async def purge(self, event: organizations.MembershipPurged, envelope: Envelope) -> None:
        """Do the same where the end was not heard of yet."""
        await self._note(partial(belonging.part, organization_id=event.organization_id), envelope)

    async def move(self, event: organizations.HomeOrganizationChanged, envelope: Envelope) -> None:
        """Note which organization is the home organization now."""
        rule = partial(
            belonging.move,
            organization_id=event.organization_id,
            previous_organization_id=event.previous_organization_id,
        )
        await self._note(rule, envelope, home=event.organization_id)

    async def _note(self, rule: partial[Decision[Account]], envelope: Envelope, *, home: str | None = None) -> None:
        told = partial(rule, sequence=envelope.sequence)
        await self._settler.settle(owner_of(envelope), told, command=command_of(envelope), home=home)
        await self._activity.remember(envelope)
