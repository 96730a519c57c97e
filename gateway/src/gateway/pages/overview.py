"""The overview: who one is, whether the account is all right, and a tile for each part."""

from aiohttp import web

from gateway.checkup import check_up
from gateway.overview import overview
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words.checkup import said
from shared.facts import now


async def show(visit: Visit) -> web.Response:
    """Show everything at a glance."""
    content = await overview(visit.services, visit.principal, deadline=visit.deadline)
    return render(
        visit.request,
        "overview.html",
        visit.language,
        session=visit.session,
        overview=content,
        checkup=said(check_up(content, now()), visit.language),
    )
