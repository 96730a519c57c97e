"""The overview: who one is, and a tile for each part."""

from aiohttp import web

from gateway.overview import overview
from gateway.rendering import render
from gateway.visiting import Visit
from shared.contracts.gateway import Profile


async def show(visit: Visit) -> web.Response:
    """Show everything at a glance."""
    profile = Profile(account=visit.session.account, name=visit.session.name, email=visit.session.email)
    content = await overview(visit.services, visit.principal, profile, deadline=visit.deadline)
    return render(visit.request, "overview.html", visit.language, session=visit.session, overview=content)
