"""The composition of privacy, and its table of contents."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from privacy.activity import Activity
from privacy.handlers import Handlers
from privacy.notices import NoticeBoard
from privacy.reactions import Reactions
from privacy.settings import Settings
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
    contract.GET_NOTICES: Handlers.get_notices,
    contract.GET_GLANCE: Handlers.get_glance,
}
EVENTS: Mapping[type[Event], Any] = {
    **dict.fromkeys(
        (
            event
            for event in (*security_info.EVENTS, *devices.EVENTS, *organizations.EVENTS, *gateway.EVENTS)
            if event not in {security_info.NoticeSent, organizations.WorkNoticeSent}
        ),
        Reactions.remember,
    ),
    organizations.OrganizationChanged: Reactions.note_organization,
    organizations.MembershipStarted: Reactions.join,
    organizations.MembershipEnded: Reactions.part,
    organizations.HomeOrganizationChanged: Reactions.move,
}
"""Whatever happens to an account is remembered, but for notices, which tell the same; some is also noted elsewhere."""


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run privacy until the block ends; gives the port that it serves."""
    async with process(NAME, settings, broker) as own:
        activity = Activity(own.collection("activity"))
        notices = NoticeBoard(own.collection("memberships"), own.collection("organizations"))
        await patiently(activity.prepare)
        await patiently(notices.prepare)
        verifier = Verifier(settings.key_set(), NAME)
        table = serving.bound(ENDPOINTS, Handlers(activity, notices))
        async with own.serve(
            lambda ready: serving.application(table, verifier=verifier, ready=ready, registry=own.registry),
            own.consumer(serving.bound(EVENTS, Reactions(activity, notices))),
        ) as port:
            yield port
