"""The side door: what privacy does with news."""

from privacy.activity import Activity
from privacy.notices import NoticeBoard
from shared.consuming import owner_of
from shared.contracts import organizations
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event


class Reactions:
    """React to what happens to accounts and organizations."""

    def __init__(self, activity: Activity, notices: NoticeBoard) -> None:
        self._activity = activity
        self._notices = notices

    async def remember(self, _event: Event, envelope: Envelope) -> None:
        """Enter the event in the account's history."""
        await self._activity.remember(envelope)

    async def note_organization(self, event: organizations.OrganizationChanged, envelope: Envelope) -> None:
        """Keep what an organization is called and declares."""
        await self._notices.declare(event, envelope)

    async def join(self, event: organizations.MembershipStarted, envelope: Envelope) -> None:
        """Show the person the organization's notice from now on."""
        await self._notices.show(owner_of(envelope), event.organization_id, envelope, home=event.home)
        await self._activity.remember(envelope)

    async def part(self, event: organizations.MembershipEnded, envelope: Envelope) -> None:
        """Drop the organization's notice."""
        await self._notices.drop(owner_of(envelope), event.organization_id, envelope)
        await self._activity.remember(envelope)

    async def move(self, event: organizations.HomeOrganizationChanged, envelope: Envelope) -> None:
        """Note which organization is the home organization now."""
        account = owner_of(envelope)
        await self._notices.show(account, event.previous_organization_id, envelope, home=False)
        await self._notices.show(account, event.organization_id, envelope, home=True)
        await self._activity.remember(envelope)
