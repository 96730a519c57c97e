"""Everything at a glance: the services are asked at once, each with a deadline of its own."""

import asyncio
from typing import NamedTuple, TypeVar

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

_log = structlog.get_logger(__name__)
NEWEST = {"limit": "5"}


class _Sections(NamedTuple):
    """What the services answered, each None where it did not in time."""

    security_info: Answer | None
    devices: Answer | None
    organizations: Answer | None
    privacy: Answer | None
    activity: Answer | None


async def overview_json(services: Services, person: Principal, *, deadline: float) -> bytes:
    """Compose the overview from the services' answers as they came; the profile alone is looked for in one of them."""
    sections = await _asked(services, person, deadline)
    told = sections.organizations
    profile = from_json(told.body)["profile"] if told else _from_sign_in(person).model_dump()
    parts = b",".join(b'"%b":%b' % (name.encode(), _section(answer)) for name, answer in sections._asdict().items())
    return b'{"profile":%b,%b}' % (to_json(profile), parts)


async def overview(services: Services, person: Principal, *, deadline: float) -> contract.Overview:
    """Compose the overview for the page."""
    sections = await _asked(services, person, deadline)
    told = _read(sections.organizations, organizations.Organizations)
    return contract.Overview(
        profile=told.content.profile if told.content else _from_sign_in(person),
        security_info=_read(sections.security_info, security_info.SecurityInfo),
        devices=_read(sections.devices, devices.Devices),
        organizations=told,
        privacy=_read(sections.privacy, privacy.Notices),
        activity=_read(sections.activity, privacy.Activity),
    )


def _from_sign_in(person: Principal) -> organizations.Profile:
    return organizations.Profile(account=person.account, name=person.name, email=person.email)


def _read(answer: Answer | None, model: type[Content]) -> contract.Section[Content]:
    """Read a section; one that a newer service words in a way we do not know is not available here."""
    if answer is None:
        return contract.Section(available=False)
    try:
        return contract.Section(available=True, content=answer.read(model))
    except ValidationError:
        _log.error("a service's answer does not keep its contract", model=model.__name__)  # it may show the answer
        return contract.Section(available=False)


async def _asked(services: Services, person: Principal, deadline: float) -> _Sections:
    questions = (
        (services.security_info, security_info.GET_SECURITY_INFO, None),
        (services.devices, devices.GET_DEVICES, None),
        (services.organizations, organizations.GET_ORGANIZATIONS, None),
        (services.privacy, privacy.GET_NOTICES, None),
        (services.privacy, privacy.GET_ACTIVITY, NEWEST),
    )
    return _Sections(
        *await asyncio.gather(
            *(
                asked(service, endpoint, person, deadline=deadline, query=query)
                for service, endpoint, query in questions
            )
        )
    )


def _section(answer: Answer | None) -> bytes:
    if answer is None:
        return b'{"available":false,"content":null}'
    return b'{"available":true,"content":%b}' % answer.body
