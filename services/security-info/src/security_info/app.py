"""The composition of security-info, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from security_info.dispatching import Dispatch
from security_info.handlers import Handlers
from security_info.letters import Letters
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from security_info.reaching import CODE
from security_info.reactions import Reactions
from security_info.reserving import Quotas
from security_info.settings import Settings
from security_info.system_handlers import SystemHandlers
from security_info.telling import without
from shared import serving
from shared.brokering import Broker
from shared.contracts import organizations, privacy
from shared.contracts import security_info as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.identifying import Verifier
from shared.noticing import told_elsewhere
from shared.proving import ProofSigner, ProofVerifier
from shared.running import Post, patiently, process
from shared.sending import Settlement, carriers
from shared.telling.look import Look

NAME = "security-info"

ENDPOINTS: Mapping[Endpoint, Any] = {
    contract.GET_SECURITY_INFO: Handlers.get_security_info,
    contract.GET_QUESTIONS: Handlers.get_questions,
    contract.ADD_METHOD: Handlers.add_method,
    contract.GET_SETUP: Handlers.get_setup,
    contract.CONFIRM_METHOD: Handlers.confirm_method,
    contract.SEND_CODE: Handlers.send_code,
    contract.CHANGE_METHOD: Handlers.change_method,
    contract.GIVE_UP_CHANGE: Handlers.give_up_change,
    contract.REMOVE_METHOD: Handlers.remove_method,
    contract.SET_DEFAULT_METHOD: Handlers.set_default_method,
    contract.START_PROOF: Handlers.start_proof,
    contract.ANSWER_PROOF: Handlers.answer_proof,
    contract.GET_LOCKS: SystemHandlers.get_locks,
    contract.LIFT_LOCKS: SystemHandlers.lift_locks,
    contract.ISSUE_ACCESS_CODE: SystemHandlers.issue_access_code,
    contract.CHECK_APP_PASSWORD: SystemHandlers.check_app_password,
    contract.PUT_METHOD: SystemHandlers.put_method,
    contract.WITHDRAW_METHOD: SystemHandlers.withdraw_method,
}
EVENTS: Mapping[type[Event], Any] = {
    **dict.fromkeys(told_elsewhere(NAME), Reactions.tell),
    organizations.OrganizationChanged: Reactions.note_policy,
    organizations.MembershipStarted: Reactions.join,
    organizations.MembershipEnded: Reactions.part,
    organizations.HomeOrganizationChanged: Reactions.move,
    organizations.AccountDisabledByOrganization: Reactions.disable,
    organizations.AccountEnabledByOrganization: Reactions.enable,
    privacy.PreferencesChanged: Reactions.prefer,
}
"""Whatever the person should hear of is told; some of it is also noted."""
SETTLEMENT = Settlement(
    sent=lambda letter: (
        contract.CodeSent(method_id=letter.about, channel=letter.channel)
        if letter.kind == CODE
        else contract.NoticeSent(channel=letter.channel)
    ),
    abandoned=lambda letter, reason: contract.LetterAbandoned(kind=letter.kind, channel=letter.channel, reason=reason),
    without=without,
)


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run security-info until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own, carriers(settings) as carried:
        policies = PolicyBook(
            own.collection("policies"), default=settings.default_policy, unavailable=settings.unavailable()
        )
        quotas = Quotas(
            own.collection("sends"),
            key=bytes.fromhex(settings.target_key.get_secret_value()),
            allowance=settings.allowance(),
            ceilings=settings.ceilings(),
            registry=own.registry,
        )
        await patiently(policies.prepare)
        await patiently(quotas.prepare)
        await policies.refresh()
        letters = Letters(Look.of(settings), policies.name_of)
        post = Post(carried, letters.compose, SETTLEMENT)
        store = await own.store("accounts", SecurityInfo, empty=SecurityInfo, post=post)
        dispatch = Dispatch(quotas, allowance=settings.allowance(), countries=frozenset(settings.phone_countries))
        people = Handlers(
            store,
            policies,
            issuer=settings.issuer,
            party=settings.relying_party(),
            signer=ProofSigner(settings.proof_signing_key()),
            dispatch=dispatch,
            manner=settings.manner(),
        )
        systems = SystemHandlers(store, policies, dispatch=dispatch, manner=settings.manner())
        table = serving.bound(ENDPOINTS, people, systems)
        verifier, proofs = Verifier(settings.key_set(), NAME), ProofVerifier(settings.proof_key_set())
        async with own.serve(
            lambda ready: serving.application(
                table, verifier=verifier, ready=ready, registry=own.registry, proofs=proofs
            ),
            own.consumer(serving.bound(EVENTS, Reactions(store, policies, settings.manner()))),
        ) as port:
            yield port
