"""The composition of security-info, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from security_info.handlers import Handlers
from security_info.model import SecurityInfo
from security_info.settings import Settings
from shared import serving
from shared.brokering import Broker
from shared.consuming import Reaction
from shared.contracts import security_info as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.identifying import Verifier
from shared.running import process

NAME = "security-info"

ENDPOINTS: Mapping[Endpoint, Any] = {
    contract.GET_SECURITY_INFO: Handlers.get_security_info,
    contract.ADD_METHOD: Handlers.add_method,
    contract.GET_SETUP: Handlers.get_setup,
    contract.CONFIRM_METHOD: Handlers.confirm_method,
    contract.CHANGE_METHOD: Handlers.change_method,
    contract.REMOVE_METHOD: Handlers.remove_method,
    contract.SET_DEFAULT_METHOD: Handlers.set_default_method,
}
EVENTS: Mapping[type[Event], Reaction] = {}


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run security-info until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own:
        store = await own.store("accounts", SecurityInfo, empty=SecurityInfo)
        handlers = Handlers(store, issuer=settings.issuer)
        verifier = Verifier(settings.key_set(), NAME)
        table = serving.bound(ENDPOINTS, handlers)
        async with own.serve(
            lambda ready: serving.application(table, verifier=verifier, ready=ready, registry=own.registry),
            consumer=None,
        ) as port:
            yield port
