"""The side door: what devices does with news."""

from functools import partial

from devices import belonging
from devices.model import Devices
from shared.consuming import command_of, owner_of
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import MembershipEnded, MembershipPurged, MembershipStarted
from shared.storing import Store


class Reactions:
    """React to who belongs to which organization."""

    def __init__(self, store: Store[Devices], *, limit: int) -> None:
        self._store = store
        self._limit = limit

    async def join(self, event: MembershipStarted, envelope: Envelope) -> None:
        """Note that devices of an organization may be connected to an account."""
        rule = partial(
            belonging.join,
            organization_id=event.organization_id,
            sequence=envelope.sequence,
            limit=self._limit,
            membership_id=event.membership_id,
            restored=event.restored,
        )
        await self._store.change(owner_of(envelope), rule, command=command_of(envelope))

    async def part(self, event: MembershipEnded, envelope: Envelope) -> None:
        """Disconnect an organization's devices from an account that no longer belongs to it."""
        rule = partial(
            belonging.part,
            organization_id=event.organization_id,
            sequence=envelope.sequence,
            membership_id=event.membership_id,
        )
        await self._store.change(owner_of(envelope), rule, command=command_of(envelope))

    async def purge(self, event: MembershipPurged, envelope: Envelope) -> None:
        """Forget what a membership left behind that can be restored no more."""
        rule = partial(
            belonging.purge,
            organization_id=event.organization_id,
            sequence=envelope.sequence,
            membership_id=event.membership_id,
        )
        await self._store.change(owner_of(envelope), rule, command=command_of(envelope))
