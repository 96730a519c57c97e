"""A person's own picture, under an address made of what it shows."""

from aiohttp import web

from gateway.visiting import Visit
from shared.contracts import pictures as contract
from shared.contracts.problem import NotFound

_FOREVER = "private, max-age=31536000, immutable"


async def show(visit: Visit) -> web.Response:
    """Send the picture to the browser, which need not ask for it again: another one has another address."""
    answer = await visit.ask(visit.services.organizations, contract.GET_PICTURE)
    picture = answer.read(contract.Picture)
    if picture.digest != visit.request.match_info["digest"]:
        raise NotFound
    headers = {"Cache-Control": _FOREVER, "X-Content-Type-Options": "nosniff"}
    return web.Response(body=picture.content, content_type=contract.MEDIA_TYPE, headers=headers)
