"""The organizations to which a person belongs: list them, leave those that can be left."""

import asyncio
from typing import TypeVar

import structlog
from aiohttp import web
from pydantic import ValidationError

from gateway.pages.forms import Form, carry_out, see_other
from gateway.rendering import render
from gateway.visiting import Visit
from shared.calling import Service, asked
from shared.contracts import devices
from shared.contracts import organizations as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.wording import Answer

Content = TypeVar("Content", bound=Answer)

HERE = "/organizations"
_log = structlog.get_logger(__name__)


async def show(visit: Visit) -> web.Response:
    """List the organizations, the home organization first."""
    return render(
        visit.request,
        "organizations.html",
        visit.language,
        session=visit.session,
        organizations=(await _organizations(visit)).organizations,
        done=visit.request.query.get("done") == "left",
    )


async def ask_leaving(visit: Visit) -> web.Response:
    """Tell what leaving an organization would mean, and ask; the home organization is refused before."""
    found, connected = await asyncio.gather(
        _organizations(visit), _told(visit, visit.services.devices, devices.GET_DEVICES, devices.Devices)
    )
    for organization in found.organizations:
        if organization.id == visit.request.match_info["organization_id"]:
            break
    else:
        raise contract.OrganizationNotFound
    if not organization.can_leave:
        raise contract.HomeOrganization
    return render(
        visit.request,
        "organization_leave.html",
        visit.language,
        session=visit.session,
        organization=organization,
        devices=None
        if connected is None
        else [device for device in connected.devices if device.organization_id == organization.id],
        form=Form(),
    )


async def leave(visit: Visit) -> web.Response:
    """Leave an organization."""
    await carry_out(visit, visit.services.organizations, contract.LEAVE_ORGANIZATION)
    return see_other(f"{HERE}?done=left")


async def names(visit: Visit) -> dict[str, str]:
    """Give the names of the visitor's organizations by their ids; none where they cannot be had in time."""
    told = await _told(visit, visit.services.organizations, contract.GET_ORGANIZATIONS, contract.Organizations)
    return {one.id: one.name for one in told.organizations} if told else {}


async def _organizations(visit: Visit) -> contract.Organizations:
    answer = await visit.ask(visit.services.organizations, contract.GET_ORGANIZATIONS)
    return answer.read(contract.Organizations)


async def _told(visit: Visit, service: Service, endpoint: Endpoint, model: type[Content]) -> Content | None:
    """Ask where the page can do without; an answer that does not keep its contract is none."""
    answer = await asked(service, endpoint, visit.principal, deadline=visit.deadline)
    try:
        return answer.read(model) if answer else None
    except ValidationError:
        _log.error("a service's answer does not keep its contract", model=model.__name__)  # it may show the answer
        return None
