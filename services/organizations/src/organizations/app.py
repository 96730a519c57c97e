"""The composition of organizations, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from organizations.account import Account
from organizations.handlers import Handlers
from organizations.organization import Organization
from organizations.pictures import Pictures
from organizations.settings import Settings
from shared import serving
from shared.brokering import Broker
from shared.consuming import Reaction
from shared.contracts import organizations as contract
from shared.contracts import pictures
from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.identifying import Verifier
from shared.proving import ProofVerifier
from shared.running import patiently, process

NAME = "organizations"

ENDPOINTS: Mapping[Endpoint, Any] = {
    contract.GET_ORGANIZATIONS: Handlers.get_organizations,
    pictures.GET_PICTURE: Handlers.get_picture,
    contract.LEAVE_ORGANIZATION: Handlers.leave_organization,
    contract.NOTE_CLAIMS: Handlers.note_claims,
    contract.PUT_ORGANIZATION: Handlers.put_organization,
    contract.PUT_ACCOUNT: Handlers.put_account,
    pictures.PUT_PICTURE: Handlers.put_picture,
    pictures.REMOVE_PICTURE: Handlers.remove_picture,
    contract.START_MEMBERSHIP: Handlers.start_membership,
    contract.END_MEMBERSHIP: Handlers.end_membership,
}
EVENTS: Mapping[type[Event], Reaction] = {}


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run organizations until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own:
        accounts = await own.store("accounts", Account, empty=Account)
        organizations = await own.store(
            "organizations", Organization, empty=_none_yet, account_of=lambda _key, _state: None
        )
        shown = Pictures(own.collection("pictures"))
        await patiently(shown.prepare)
        verifier, proofs = Verifier(settings.key_set(), NAME), ProofVerifier(settings.proof_key_set())
        table = serving.bound(ENDPOINTS, Handlers(accounts, organizations, shown))
        async with own.serve(
            lambda ready: serving.application(
                table, verifier=verifier, ready=ready, registry=own.registry, proofs=proofs
            ),
            consumer=None,
        ) as port:
            yield port


def _none_yet() -> Organization | None:
    return None
