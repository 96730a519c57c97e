"""The composition of devices, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from devices.handlers import Handlers
from devices.model import Devices
from devices.reactions import Reactions
from devices.settings import Settings
from shared import serving
from shared.brokering import Broker
from shared.contracts import devices as contract
from shared.contracts import organizations
from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.identifying import Verifier
from shared.proving import ProofVerifier
from shared.running import process

NAME = "devices"

ENDPOINTS: Mapping[Endpoint, Any] = {
    contract.GET_DEVICES: Handlers.get_devices,
    contract.RENAME_DEVICE: Handlers.rename_device,
    contract.DISABLE_DEVICE: Handlers.disable_device,
    contract.PUT_DEVICE: Handlers.put_device,
    contract.ENABLE_DEVICE: Handlers.enable_device,
}
EVENTS: Mapping[type[Event], Any] = {
    organizations.MembershipStarted: Reactions.join,
    organizations.MembershipEnded: Reactions.part,
}


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run devices until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own:
        store = await own.store("accounts", Devices, empty=Devices)
        verifier, proofs = Verifier(settings.key_set(), NAME), ProofVerifier(settings.proof_key_set())
        table = serving.bound(ENDPOINTS, Handlers(store))
        async with own.serve(
            lambda ready: serving.application(
                table, verifier=verifier, ready=ready, registry=own.registry, proofs=proofs
            ),
            own.consumer(serving.bound(EVENTS, Reactions(store))),
        ) as port:
            yield port
