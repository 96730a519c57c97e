"""What is known about a person, who uses it and what they agreed to: composed of what several services answer."""

import asyncio
from collections import Counter
from typing import TypeVar

import structlog
from pydantic import ValidationError

from gateway.services import Services
from shared.calling import Service, asked
from shared.contracts import devices, organizations, privacy, security_info
from shared.contracts import gateway as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.wording import Answer
from shared.identifying import Principal

Content = TypeVar("Content", bound=Answer)

_FIELDS = {
    "pd:Name": ("name",),
    "pd:GivenName": ("name",),
    "pd:FamilyName": ("name",),
    "pd:EmailAddress": ("email",),
    "pd:EmailAddressWork": ("email",),
    "pd:Contact": ("name", "title", "email", "office"),
    "pd:Picture": ("picture",),
    "pd:Job": ("title",),
    "pd:Professional": ("title", "office"),
    "pd:CurrentEmployment": ("title", "office"),
    "pd:Location": ("office",),
    "pd:PhysicalAddress": ("office",),
}
"""What of a profile is of a category; of any other, all may be."""
_ALL = ("name", "title", "email", "office", "picture")
_log = structlog.get_logger(__name__)


async def privacy_of(services: Services, person: Principal, *, deadline: float) -> contract.Privacy:
    """Compose the answer; contacts and what the portal holds are the other services', which may be late.

    What the portal holds is asked for only where an organization says that it uses it.
    """
    answer, told = await asyncio.gather(
        services.privacy.call(privacy.GET_PARTS, person),
        _told(services.organizations, organizations.GET_ORGANIZATIONS, organizations.Organizations, person, deadline),
    )
    parts = answer.read(privacy.PrivacyParts)
    contacts = {one.id: one.contacts for one in told.organizations} if told else None
    return contract.Privacy(
        notices=tuple(
            contract.PrivacyNotice(
                **dict(notice), contacts=None if contacts is None else contacts.get(notice.organization_id, ())
            )
            for notice in parts.notices
        ),
        terms=parts.terms,
        services=parts.services,
        data_uses=parts.data_uses,
        held=await _held(services, person, deadline, {use.held for use in parts.data_uses}, told),
    )


def own_facts(category: str, profile: organizations.Profile) -> list[tuple[str, str]]:
    """Give what a profile has of a category of data, by the names of its fields."""
    found = ((name, getattr(profile, name)) for name in _FIELDS.get(category, _ALL))
    return [(name, value) for name, value in found if value]


async def _held(
    services: Services,
    person: Principal,
    deadline: float,
    wanted: set[str | None],
    told: organizations.Organizations | None,
) -> contract.Held:
    async def owned() -> dict[str, int] | None:
        if "devices" not in wanted:
            return None
        found = await _told(services.devices, devices.GET_DEVICES, devices.Devices, person, deadline)
        return dict(Counter(one.organization_id for one in found.devices)) if found else None

    async def methods() -> int | None:
        if "security_info" not in wanted:
            return None
        found = await _told(
            services.security_info, security_info.GET_SECURITY_INFO, security_info.SecurityInfo, person, deadline
        )
        return len(found.methods) if found else None

    counted = await asyncio.gather(owned(), methods())
    return contract.Held(
        profile=told.profile if told and "profile" in wanted else None,
        devices=counted[0],
        methods=counted[1],
    )


async def _told(
    service: Service, endpoint: Endpoint, model: type[Content], person: Principal, deadline: float
) -> Content | None:
    """Ask where the rest can do without; an answer that does not keep its contract is none."""
    answer = await asked(service, endpoint, person, deadline=deadline)
    try:
        return answer.read(model) if answer else None
    except ValidationError:
        _log.error("a service's answer does not keep its contract", model=model.__name__)  # it may show the answer
        return None
