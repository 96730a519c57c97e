"""The composition of organizations, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from organizations.account import Account
from organizations.handlers import Handlers
from organizations.letters import Letters
from organizations.organization import Organization
from organizations.pictures import Pictures
from organizations.purging import Purger
from organizations.reactions import Reactions
from organizations.settings import Settings
from organizations.telling import without
from shared import serving
from shared.brokering import Broker
from shared.contracts import organizations as contract
from shared.contracts import pictures, privacy
from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.identifying import Verifier
from shared.noticing import told_elsewhere
from shared.proving import ProofVerifier
from shared.running import Post, patiently, process
from shared.sending import Settlement, carriers
from shared.storing import Store
from shared.telling.look import Look

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
    contract.RESTORE_MEMBERSHIP: Handlers.restore_membership,
}
EVENTS: Mapping[type[Event], Any] = {
    **dict.fromkeys(told_elsewhere(NAME), Reactions.tell),
    privacy.PreferencesChanged: Reactions.prefer,
}
SETTLEMENT = Settlement(
    sent=lambda letter: contract.WorkNoticeSent(channel=letter.channel),
    abandoned=lambda letter, reason: contract.WorkLetterAbandoned(
        kind=letter.kind, channel=letter.channel, reason=reason
    ),
    without=without,
)


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run organizations until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own, carriers(settings) as carried:
        organizations = await own.store(
            "organizations", Organization, empty=_none_yet, account_of=lambda _key, _state: None
        )
        letters = Letters(Look.of(settings), partial(_named, organizations))
        post = Post(carried, letters.compose, SETTLEMENT)
        accounts = await own.store("accounts", Account, empty=Account, post=post)
        purger = Purger(own.collection("accounts"), accounts, registry=own.registry)
        await patiently(purger.prepare)
        own.besides.append(purger.run)
        shown = Pictures(own.collection("pictures"))
        await patiently(shown.prepare)
        verifier, proofs = Verifier(settings.key_set(), NAME), ProofVerifier(settings.proof_key_set())
        table = serving.bound(ENDPOINTS, Handlers(accounts, organizations, shown, settings.manner()))
        reactions = Reactions(accounts, settings.manner())
        async with own.serve(
            lambda ready: serving.application(
                table, verifier=verifier, ready=ready, registry=own.registry, proofs=proofs
            ),
            own.consumer(serving.bound(EVENTS, reactions)),
        ) as port:
            yield port


async def _named(organizations: Store[Organization | None], organization_id: str) -> str | None:
    known = await organizations.read(organization_id)
    return known.name if known else None


def _none_yet() -> Organization | None:
    return None
