"""The side door: what devices does with news."""

from functools import partial

from devices import model
from devices.model import Devices
from shared.consuming import command_of, owner_of
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import MembershipEnded, MembershipStarted
from shared.storing import Store


class Reactions:
    """React to who belongs to which organization."""

    def __init__(self, store: Store[Devices]) -> None:
        self._store = store

    async def join(self, event: MembershipStarted, envelope: Envelope) -> None:
        """Note that devices of an organization may be connected to an account."""
        rule = partial(model.join, organization_id=event.organization_id, sequence=envelope.sequence)
        await self._store.change(owner_of(envelope), rule, command=command_of(envelope))

    async def part(self, event: MembershipEnded, envelope: Envelope) -> None:
        """Disconnect an organization's devices from an account that no longer belongs to it."""
        rule = partial(model.part, organization_id=event.organization_id, sequence=envelope.sequence)
        await self._store.change(owner_of(envelope), rule, command=command_of(envelope))
