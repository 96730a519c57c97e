"""The page after signing out."""

from aiohttp import web

from gateway.language import language_of
from gateway.rendering import render


async def show(request: web.Request) -> web.Response:
    """Say that one is signed out, and offer to sign in."""
    return render(request, "signed_out.html", language_of(request))
