"""What is known about a person: whose data uses these are, what one agreed to, and which services are in use."""

from dataclasses import dataclass

from aiohttp import web

from gateway.pages.forms import Form, carry_out, see_other
from gateway.pages.told import tell, told
from gateway.privacy import own_facts
from gateway.rendering import render
from gateway.visiting import Visit
from shared.contracts import gateway
from shared.contracts import privacy as contract
from shared.contracts.organizations import ContactPoint

HERE = "/privacy"
DONE = ("accepted", "disconnected")
"""What the page may be asked to say that was done: never anything that someone typed."""
_HELP = "help"


@dataclass(frozen=True, slots=True)
class Declared:
    """All that one organization declares, but for terms that only wait to be accepted: these stand by themselves."""

    notice: gateway.PrivacyNotice
    terms: tuple[contract.Terms, ...]
    data_uses: tuple[contract.DataUse, ...]


async def show(visit: Visit) -> web.Response:
    """Show the terms that wait, then the services in use, then each organization, the home organization first."""
    found = await visit.own.get_privacy(visit.call())
    done = visit.request.query.get("done")
    return render(
        visit.request,
        "privacy.html",
        visit.language,
        session=visit.session,
        waiting=[terms for terms in found.terms if terms.to_accept],
        declared=_by_organization(found),
        services=found.services,
        contacts={notice.organization_id: notice.contacts for notice in found.notices},
        contact_for=contact_for,
        held=found.held,
        own_facts=own_facts,
        done=done if done in DONE else None,
        accepted=next((one for one in found.terms if one.id == visit.request.query.get("terms")), None),
        told=told(visit.request, 2),
    )


async def ask_disconnecting(visit: Visit) -> web.Response:
    """Tell what disconnecting a service would mean, and ask; one that may not be disconnected is refused before."""
    service = await _service(visit)
    if service is None:
        raise contract.ServiceNotFound
    if not service.can_disconnect:
        raise contract.DisconnectingForbidden
    return render(
        visit.request, "service_disconnect.html", visit.language, session=visit.session, service=service, form=Form()
    )


async def disconnect(visit: Visit) -> web.Response:
    """Disconnect a service."""
    service = await _service(visit)
    await carry_out(visit, visit.services.privacy, contract.DISCONNECT_SERVICE)
    response = see_other(f"{HERE}?done=disconnected")
    if service:
        tell(visit.request, response, HERE, service.name, service.organization_name)
    return response


async def _service(visit: Visit) -> contract.ConnectedService | None:
    parts = (await visit.ask(visit.services.privacy, contract.GET_PARTS)).read(contract.PrivacyParts)
    return next((one for one in parts.services if one.id == visit.request.match_info["service_id"]), None)


def contact_for(points: tuple[ContactPoint, ...]) -> ContactPoint | None:
    """Choose whom to ask about a service: who helps, else whoever there is."""
    return next((point for point in points if point.role == _HELP), points[0] if points else None)


def _by_organization(found: gateway.Privacy) -> list[Declared]:
    return [
        Declared(
            notice=notice,
            terms=tuple(
                terms
                for terms in found.terms
                if terms.organization_id == notice.organization_id and (terms.acceptances or not terms.to_accept)
            ),
            data_uses=tuple(use for use in found.data_uses if use.organization_id == notice.organization_id),
        )
        for notice in found.notices
    ]
