"""The composition of devices, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from devices.handlers import Handlers
from devices.model import Devices
from devices.reactions import Reactions
from devices.settings import Settings
from devices.system_handlers import SystemHandlers
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
    contract.ASK_BACK: Handlers.ask_back,
    contract.GET_RECOVERY_KEYS: Handlers.get_recovery_keys,
    contract.REVEAL_RECOVERY_KEY: Handlers.reveal_recovery_key,
    contract.ROTATE_RECOVERY_KEY: Handlers.rotate_recovery_key,
    contract.PUT_DEVICE: SystemHandlers.put_device,
    contract.DELETE_DEVICE: SystemHandlers.delete_device,
    contract.NOTE_ACTIVITY: SystemHandlers.note_activity,
    contract.ENABLE_DEVICE: SystemHandlers.enable_device,
    contract.PUT_RECOVERY_KEY: SystemHandlers.put_recovery_key,
    contract.DELETE_RECOVERY_KEY: SystemHandlers.delete_recovery_key,
    contract.BULK: SystemHandlers.bulk,
}
EVENTS: Mapping[type[Event], Any] = {
    organizations.MembershipStarted: Reactions.join,
    organizations.MembershipEnded: Reactions.part,
    organizations.MembershipPurged: Reactions.purge,
}


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run devices until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own:
        store = await own.store("accounts", Devices, empty=Devices)
        verifier, proofs = Verifier(settings.key_set(), NAME), ProofVerifier(settings.proof_key_set())
        limit = settings.devices_per_account
        table = serving.bound(ENDPOINTS, Handlers(store, limit=limit), SystemHandlers(store, limit=limit))
        async with own.serve(
            lambda ready: serving.application(
                table, verifier=verifier, ready=ready, registry=own.registry, proofs=proofs
            ),
            own.consumer(serving.bound(EVENTS, Reactions(store, limit=limit))),
        ) as port:
            yield port
