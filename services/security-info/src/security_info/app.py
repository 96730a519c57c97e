"""The composition of security-info, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from security_info.handlers import Handlers
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from security_info.reactions import Reactions
from security_info.settings import Settings
from shared import serving
from shared.brokering import Broker
from shared.contracts import organizations
from shared.contracts import security_info as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.identifying import Verifier
from shared.proving import ProofSigner, ProofVerifier
from shared.running import patiently, process

NAME = "security-info"

ENDPOINTS: Mapping[Endpoint, Any] = {
    contract.GET_SECURITY_INFO: Handlers.get_security_info,
    contract.GET_QUESTIONS: Handlers.get_questions,
    contract.ADD_METHOD: Handlers.add_method,
    contract.GET_SETUP: Handlers.get_setup,
    contract.CONFIRM_METHOD: Handlers.confirm_method,
    contract.CHANGE_METHOD: Handlers.change_method,
    contract.REMOVE_METHOD: Handlers.remove_method,
    contract.SET_DEFAULT_METHOD: Handlers.set_default_method,
    contract.START_PROOF: Handlers.start_proof,
    contract.ANSWER_PROOF: Handlers.answer_proof,
    contract.GET_LOCKS: Handlers.get_locks,
    contract.LIFT_LOCKS: Handlers.lift_locks,
    contract.ISSUE_ACCESS_CODE: Handlers.issue_access_code,
    contract.CHECK_APP_PASSWORD: Handlers.check_app_password,
}
EVENTS: Mapping[type[Event], Any] = {
    organizations.OrganizationChanged: Reactions.note_policy,
    organizations.MembershipStarted: Reactions.join,
    organizations.MembershipEnded: Reactions.part,
    organizations.HomeOrganizationChanged: Reactions.move,
    organizations.AccountDisabledByOrganization: Reactions.disable,
    organizations.AccountEnabledByOrganization: Reactions.enable,
}


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run security-info until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own:
        store = await own.store("accounts", SecurityInfo, empty=SecurityInfo)
        policies = PolicyBook(own.collection("policies"), default=settings.default_policy)
        await patiently(policies.prepare)
        await policies.refresh()
        handlers = Handlers(
            store,
            policies,
            issuer=settings.issuer,
            party=settings.relying_party(),
            signer=ProofSigner(settings.proof_signing_key()),
        )
        verifier, proofs = Verifier(settings.key_set(), NAME), ProofVerifier(settings.proof_key_set())
        table = serving.bound(ENDPOINTS, handlers)
        async with own.serve(
            lambda ready: serving.application(
                table, verifier=verifier, ready=ready, registry=own.registry, proofs=proofs
            ),
            own.consumer(serving.bound(EVENTS, Reactions(store, policies))),
        ) as port:
            yield port
