"""The side door: what security-info does with news."""

from functools import partial

from security_info import belonging
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from security_info.reaching import places_of
from security_info.telling import noted
from shared.consuming import command_of, owner_of
from shared.contracts.envelope import Envelope
from shared.contracts.event import REGISTER, Event
from shared.contracts.organizations import (
    AccountDisabledByOrganization,
    AccountEnabledByOrganization,
    HomeOrganizationChanged,
    MembershipEnded,
    MembershipStarted,
    OrganizationChanged,
)
from shared.contracts.privacy import PreferencesChanged
from shared.deciding import Decision, Rule
from shared.facts import Facts
from shared.noticing import Manner, told_by
from shared.preferring import noting
from shared.storing import Store


class Reactions:
    """React to who belongs to which organization and to what organizations ask for, and tell people of what happens."""

    def __init__(self, store: Store[SecurityInfo], policies: PolicyBook, manner: Manner) -> None:
        self._store = store
        self._policies = policies
        self._manner = manner

    async def tell(self, _event: Event, envelope: Envelope) -> None:
        """Write a notice to where the person can be reached."""
        await self._change(envelope, _nothing_else)

    async def note_policy(self, event: OrganizationChanged, envelope: Envelope) -> None:
        """Keep what an organization allows and requires."""
        await self._policies.take(event, envelope)

    async def join(self, event: MembershipStarted, envelope: Envelope) -> None:
        """Let an organization's policy hold for an account."""
        await self._note(event.organization_id, envelope, member=True, home=event.home)

    async def part(self, event: MembershipEnded, envelope: Envelope) -> None:
        """Let an organization's policy hold no more."""
        await self._note(event.organization_id, envelope, member=False, home=False)

    async def move(self, event: HomeOrganizationChanged, envelope: Envelope) -> None:
        """Note which organization is the home organization now."""
        rule = partial(
            belonging.move_home,
            organization_id=event.organization_id,
            previous_organization_id=event.previous_organization_id,
            sequence=envelope.sequence,
        )
        await self._change(envelope, rule)

    async def prefer(self, event: PreferencesChanged, envelope: Envelope) -> None:
        """Write letters as the person wants them."""
        await self._change(envelope, noting(event, envelope.sequence))

    async def disable(self, _event: AccountDisabledByOrganization, envelope: Envelope) -> None:
        """Let no app in any more."""
        await self._stand(envelope, disabled=True)

    async def enable(self, _event: AccountEnabledByOrganization, envelope: Envelope) -> None:
        """Let apps in again."""
        await self._stand(envelope, disabled=False)

    async def _stand(self, envelope: Envelope, *, disabled: bool) -> None:
        rule = partial(belonging.note_standing, disabled=disabled, sequence=envelope.sequence)
        await self._change(envelope, rule)

    async def _note(self, organization_id: str, envelope: Envelope, *, member: bool, home: bool) -> None:
        rule = partial(
            belonging.note, organization_id=organization_id, sequence=envelope.sequence, member=member, home=home
        )
        await self._change(envelope, rule)

    async def _change(self, envelope: Envelope, rule: Rule[SecurityInfo]) -> None:
        """Change the account by *rule*, and tell the person where the event is one to be told."""
        told = REGISTER[envelope.type].tells_person
        full = partial(noted, rule=rule, told=told_by(envelope), manner=self._manner) if told else rule
        opens = places_of if told else ()
        await self._store.change(owner_of(envelope), full, command=command_of(envelope), opens=opens)


def _nothing_else(info: SecurityInfo, _facts: Facts) -> Decision[SecurityInfo]:
    return Decision(info)
