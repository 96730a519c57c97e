"""The organizations to which a person belongs: list them, leave those that can be left."""

import asyncio
from collections.abc import Mapping
from typing import TypeVar

import structlog
from aiohttp import web
from pydantic import ValidationError

from gateway.choosing import Ask, asks
from gateway.devices import told_apart
from gateway.pages.forms import Form, carry_out, see_other
from gateway.rendering import render
from gateway.visiting import Visit
from shared.calling import Service, asked
from shared.contracts import devices, security_info
from shared.contracts import organizations as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import Problem
from shared.contracts.wording import Answer

Content = TypeVar("Content", bound=Answer)

HERE = "/organizations"
_REFUSED: Mapping[str, type[Problem]] = {
    "home": contract.HomeOrganization,
    "owner": contract.OwnerCannotLeave,
    "forbidden": contract.LeavingForbidden,
}
_log = structlog.get_logger(__name__)


async def show(visit: Visit) -> web.Response:
    """List the organizations, the home organization first, with what they ask of security info where it can be had."""
    found, asked_for = await asyncio.gather(_organizations(visit), _asks(visit))
    return render(
        visit.request,
        "organizations.html",
        visit.language,
        session=visit.session,
        organizations=found.organizations,
        asks=asked_for,
        done=visit.request.query.get("done") == "left",
    )


async def ask_leaving(visit: Visit) -> web.Response:
    """Tell what leaving an organization would mean, and ask; one that cannot be left is refused before."""
    found, connected = await asyncio.gather(
        _organizations(visit), _told(visit, visit.services.devices, devices.GET_DEVICES, devices.Devices)
    )
    for organization in found.organizations:
        if organization.id == visit.request.match_info["organization_id"]:
            break
    else:
        raise contract.OrganizationNotFound
    if not organization.can_leave:
        raise _REFUSED.get("home" if organization.home else organization.cannot_leave or "", contract.LeavingForbidden)
    return render(
        visit.request,
        "organization_leave.html",
        visit.language,
        session=visit.session,
        organization=organization,
        devices=None
        if connected is None
        else [device for device in connected.devices if device.organization_id == organization.id],
        apart=told_apart(connected.devices) if connected else {},
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


async def _asks(visit: Visit) -> dict[str, tuple[Ask, ...]] | None:
    """Give what each organization asks of security info, by its id; None where it cannot be had in time."""
    info = await _told(visit, visit.services.security_info, security_info.GET_SECURITY_INFO, security_info.SecurityInfo)
    if info is None:
        return None
    return {several[0].told.organization_id: several for _name, several in asks(info)}


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
