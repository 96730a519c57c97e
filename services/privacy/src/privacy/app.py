"""The composition of privacy, and its table of contents."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from privacy.account import Account
from privacy.clearing import Clearer
from privacy.handlers import Handlers
from privacy.history.activity import Activity
from privacy.history.homes import Homes
from privacy.history.retention import Retention
from privacy.history.sign_ins import SignInHandlers
from privacy.known import Knowledge
from privacy.moving import Mover
from privacy.notices import Declarations
from privacy.preferences.handlers import PreferenceHandlers
from privacy.preferences.spreading import Spreading
from privacy.reactions import Reactions
from privacy.register import Register
from privacy.settings import Settings
from privacy.settling import Settler
from privacy.system_handlers import SystemHandlers
from privacy.terms.renderer import Renderer
from privacy.terms.texts import Texts
from shared import serving
from shared.brokering import Broker
from shared.contracts import devices, gateway, organizations, security_info
from shared.contracts import privacy as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.identifying import Verifier
from shared.running import patiently, process

NAME = "privacy"

ENDPOINTS: Mapping[Endpoint, Any] = {
    contract.GET_ACTIVITY: Handlers.get_activity,
    contract.GET_PARTS: Handlers.get_parts,
    contract.GET_GLANCE: Handlers.get_glance,
    contract.GET_TERMS: Handlers.get_terms,
    contract.ACCEPT_TERMS: Handlers.accept_terms,
    contract.DISCONNECT_SERVICE: Handlers.disconnect_service,
    contract.GET_PREFERENCES: PreferenceHandlers.get_preferences,
    contract.PUT_PREFERENCES: PreferenceHandlers.put_preferences,
    contract.PUT_SERVICE: SystemHandlers.put_service,
    contract.DELETE_SERVICE: SystemHandlers.delete_service,
    contract.PUT_CONNECTION: SystemHandlers.put_connection,
    contract.DELETE_CONNECTION: SystemHandlers.delete_connection,
    contract.PUT_DATA_USE: SystemHandlers.put_data_use,
    contract.DELETE_DATA_USE: SystemHandlers.delete_data_use,
    contract.PUBLISH_TERMS: SystemHandlers.publish_terms,
    contract.WITHDRAW_TERMS: SystemHandlers.withdraw_terms,
    contract.PUT_RULES: SystemHandlers.put_rules,
    contract.RECORD_SIGN_INS: SignInHandlers.record_sign_in,
}
_HAPPENING = (
    *security_info.EVENTS,
    *devices.EVENTS,
    *organizations.EVENTS,
    *gateway.EVENTS,
    *contract.EVENTS,
)
EVENTS: Mapping[type[Event], Any] = {
    **dict.fromkeys(
        (
            event
            for event in _HAPPENING
            if event.of_account and event not in {security_info.NoticeSent, organizations.WorkNoticeSent}
        ),
        Reactions.remember,
    ),
    organizations.OrganizationChanged: Reactions.note_organization,
    organizations.MembershipStarted: Reactions.join,
    organizations.MembershipEnded: Reactions.part,
    organizations.MembershipPurged: Reactions.purge,
    organizations.HomeOrganizationChanged: Reactions.move,
}
"""Whatever happens to an account is remembered, but for notices, which tell the same; some is also noted elsewhere."""


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run privacy until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own:
        accounts = await own.store("accounts", Account, empty=Account)
        registers = await own.store("registers", Register, empty=Register, account_of=lambda _key, _state: None)
        collections = own.collection("registers"), own.collection("accounts")
        homes = Homes(*collections)
        kept = own.collection("activity")
        retention = Retention(kept, own.collection("retention"), own.collection("retention_due"), homes)
        clearer = Clearer(*collections, of=accounts, told=registers)
        spreading = Spreading(accounts, registers, of=collections, registry=own.registry)
        activity = Activity(kept, homes.days_of)
        declarations, renderer = Declarations(own.collection("organizations")), Renderer()
        texts = Texts(own.collection("terms"), renderer)
        settler = Settler(accounts, spreading, retention)
        sweepers = (retention, clearer, spreading, Mover(own.collection("memberships"), settler))
        for prepared in (homes, *sweepers, activity, declarations):
            await patiently(prepared.prepare)
        own.besides += tuple(sweeper.run for sweeper in sweepers)
        knowledge = Knowledge(accounts, registers, declarations)
        table = serving.bound(
            ENDPOINTS,
            Handlers(activity, accounts, registers, texts, knowledge),
            SystemHandlers(accounts, registers, texts, removed=[clearer], ruled=[spreading, retention]),
            PreferenceHandlers(accounts, declarations, spreading),
            SignInHandlers(activity, homes, declarations),
        )
        verifier = Verifier(settings.key_set(), NAME)

        def application(ready: Callable[[], Awaitable[Mapping[str, bool]]]) -> web.Application:
            made = serving.application(table, verifier=verifier, ready=ready, registry=own.registry)
            made.on_shutdown.append(renderer.stop)
            return made

        async with own.serve(
            application,
            own.consumer(serving.bound(EVENTS, Reactions(activity, declarations, settler))),
        ) as port:
            yield port
