"""The overview: who one is, and a tile for each part."""

from aiohttp import web

from gateway.overview import overview
from gateway.rendering import render
from gateway.visiting import Visit


async def show(visit: Visit) -> web.Response:
    """Show everything at a glance."""
    content = await overview(visit.services, visit.principal, deadline=visit.deadline)
    return render(visit.request, "overview.html", visit.language, session=visit.session, overview=content)
