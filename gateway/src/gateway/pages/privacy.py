"""What a person's organizations declare about data, and whom to ask."""

from aiohttp import web

from gateway.rendering import render
from gateway.visiting import Visit


async def show(visit: Visit) -> web.Response:
    """List the privacy notices, the home organization's first."""
    return render(
        visit.request,
        "privacy.html",
        visit.language,
        session=visit.session,
        notices=(await visit.own.get_privacy(visit.call())).notices,
    )
