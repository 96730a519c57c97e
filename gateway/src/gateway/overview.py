"""Everything at a glance: the services are asked at once, each with a deadline of its own."""

import asyncio
from collections.abc import Mapping
from typing import TypeVar

import structlog
from pydantic import ValidationError
from pydantic_core import to_json

from gateway.visiting import Services
from shared.calling import Answer, Service
from shared.contracts import gateway as contract
from shared.contracts import privacy, security_info
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import Problem
from shared.contracts.wording import Answer as Answered
from shared.identifying import Principal

Content = TypeVar("Content", bound=Answered)

_log = structlog.get_logger(__name__)
NEWEST = {"limit": "5"}


async def overview_json(
    services: Services, principal: Principal, profile: contract.Profile, *, deadline: float
) -> bytes:
    """Compose the overview from the services' answers as they came; nothing is parsed on the way."""
    info, activity = await _asked(services, principal, deadline)
    return b'{"profile":%b,"security_info":%b,"activity":%b}' % (
        to_json(profile),
        _section(info),
        _section(activity),
    )


async def overview(
    services: Services, principal: Principal, profile: contract.Profile, *, deadline: float
) -> contract.Overview:
    """Compose the overview for the page."""
    info, activity = await _asked(services, principal, deadline)
    return contract.Overview(
        profile=profile,
        security_info=_read(info, security_info.SecurityInfo),
        activity=_read(activity, privacy.Activity),
    )


def _read(answer: Answer | None, model: type[Content]) -> contract.Section[Content]:
    """Read a section; one that a newer service words in a way we do not know is not available here."""
    if answer is None:
        return contract.Section(available=False)
    try:
        return contract.Section(available=True, content=answer.read(model))
    except ValidationError:
        _log.error("a service's answer does not keep its contract", model=model.__name__)  # it may show the answer
        return contract.Section(available=False)


async def _asked(services: Services, principal: Principal, deadline: float) -> tuple[Answer | None, Answer | None]:
    return await asyncio.gather(
        _in_time(services.security_info, security_info.GET_SECURITY_INFO, principal, deadline),
        _in_time(services.privacy, privacy.GET_ACTIVITY, principal, deadline, NEWEST),
    )


async def _in_time(
    service: Service,
    endpoint: Endpoint,
    principal: Principal,
    deadline: float,
    query: Mapping[str, str] | None = None,
) -> Answer | None:
    """Ask one service; no answer in time, or a refusal, leaves its section empty."""
    try:
        answer = await service.call(endpoint, principal, query=query, deadline=deadline)
    except Problem:
        return None
    return answer if answer.ok else None


def _section(answer: Answer | None) -> bytes:
    if answer is None:
        return b'{"available":false,"content":null}'
    return b'{"available":true,"content":%b}' % answer.body
