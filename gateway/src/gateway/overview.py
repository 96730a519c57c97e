"""Everything at a glance: the services are asked at once, each with a deadline of its own."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import structlog
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from gateway.services import Services
from shared.calling import Answer, asked
from shared.contracts import devices, organizations, privacy, security_info
from shared.contracts import gateway as contract
from shared.contracts.wording import Answer as Answered
from shared.identifying import Principal

Content = TypeVar("Content", bound=Answered)

_COUNTED = ("terms_to_accept", "services", "second_step_failed_at")

_log = structlog.get_logger(__name__)


class _Told(NamedTuple):
    """What the services answered, each None where it did not in time."""

    security_info: Answer | None
    devices: Answer | None
    organizations: Answer | None
    privacy: Answer | None


async def overview_json(services: Services, person: Principal, *, deadline: float) -> bytes:
    """Compose the overview from the services' answers as they came; only what has to be taken apart is parsed."""
    told = await _asked(services, person, deadline)
    organized = _parts(told.organizations, "profile")
    glance = _parts(told.privacy, "notices", *_COUNTED, "activity")
    return b'{"profile":%b,"security_info":%b,"devices":%b,"organizations":%b,"privacy":%b,"activity":%b}' % (
        to_json(organized["profile"] if organized else _from_sign_in(person)),
        _section(told.security_info.body if told.security_info else None),
        _section(told.devices.body if told.devices else None),
        _section(told.organizations.body if told.organizations and organized else None),
        _section(_summary_json(glance) if glance else None),
        _section(to_json(glance["activity"]) if glance else None),
    )


async def overview(services: Services, person: Principal, *, deadline: float) -> contract.Overview:
    """Compose the overview for the page."""
    told = await _asked(services, person, deadline)
    organized = _read(told.organizations, organizations.Organizations)
    glance = _read(told.privacy, privacy.Glance)
    return contract.Overview(
        profile=organized.profile if organized else _from_sign_in(person),
        security_info=_shown(_read(told.security_info, security_info.SecurityInfo)),
        devices=_shown(_read(told.devices, devices.Devices)),
        organizations=_shown(organized),
        privacy=_shown(_summary(glance) if glance else None),
        activity=_shown(glance.activity if glance else None),
    )


def _summary(glance: privacy.Glance) -> contract.PrivacySummary:
    return contract.PrivacySummary(
        notices=glance.notices.notices,
        terms_to_accept=glance.terms_to_accept,
        services=glance.services,
        second_step_failed_at=glance.second_step_failed_at,
    )


def _summary_json(glance: Mapping[str, Any]) -> bytes:
    return to_json({**glance["notices"], **{name: glance[name] for name in _COUNTED}})


async def _asked(services: Services, person: Principal, deadline: float) -> _Told:
    questions = (
        (services.security_info, security_info.GET_SECURITY_INFO),
        (services.devices, devices.GET_DEVICES),
        (services.organizations, organizations.GET_ORGANIZATIONS),
        (services.privacy, privacy.GET_GLANCE),
    )
    return _Told(
        *await asyncio.gather(*(asked(service, endpoint, person, deadline=deadline) for service, endpoint in questions))
    )


def _from_sign_in(person: Principal) -> organizations.Profile:
    return organizations.Profile(account=person.account, name=person.name, email=person.email)


def _parts(answer: Answer | None, *names: str) -> Mapping[str, Any] | None:
    """Take an answer apart; one that lacks these parts, as a newer service's might, is none here."""
    if answer is None:
        return None
    try:
        parts: Mapping[str, Any] = from_json(answer.body)
        return {name: parts[name] for name in names}
    except (ValueError, KeyError, TypeError):
        _log.error("a service's answer does not keep its contract", parts=names)  # it may show the answer
        return None


def _read(answer: Answer | None, model: type[Content]) -> Content | None:
    """Read an answer; one that a newer service words in a way we do not know is none here."""
    if answer is None:
        return None
    try:
        return answer.read(model)
    except ValidationError:
        _log.error("a service's answer does not keep its contract", model=model.__name__)  # it may show the answer
        return None


def _shown(content: Content | None) -> contract.Section[Content]:
    return contract.Section(available=content is not None, content=content)


def _section(content: bytes | None) -> bytes:
    if content is None:
        return b'{"available":false,"content":null}'
    return b'{"available":true,"content":%b}' % content
