"""The way to the provider's page for changing one's password (W3C: A Well-Known URL for Changing Passwords)."""

from aiohttp import web

from gateway.keys import CHANGE_PASSWORD
from shared.contracts.problem import NotFound


async def go(request: web.Request) -> web.Response:
    """Send the browser there, if there is such a page."""
    address = request.app[CHANGE_PASSWORD]
    if not address:
        raise NotFound
    return web.Response(status=303, headers={"Location": address})
