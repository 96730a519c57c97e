"""What programs read of us: the API and the events, made from the contracts once at start."""

from collections.abc import Sequence
from importlib.metadata import version

from aiohttp import web
from pydantic_core import to_json

from gateway.branding import PRODUCT
from shared import serving
from shared.asking import etag
from shared.contracts import devices, gateway, organizations, pictures, privacy, security_info
from shared.documenting.asyncapi import asyncapi
from shared.documenting.openapi import openapi
from shared.reading import JSON

ENDPOINTS = {
    "gateway": gateway.ENDPOINTS,
    "security-info": security_info.ENDPOINTS,
    "devices": devices.ENDPOINTS,
    "organizations": (*organizations.ENDPOINTS, *pictures.ENDPOINTS),
    "privacy": privacy.ENDPOINTS,
}
EVENTS = (*security_info.EVENTS, *devices.EVENTS, *organizations.EVENTS, *privacy.EVENTS, *gateway.EVENTS)


def openapi_document(product: str = PRODUCT) -> dict[str, object]:
    """Describe everything under `/api` of the portal that is called *product*."""
    return openapi(ENDPOINTS, title=f"{product} API", version=version("my-profile-gateway"))


def asyncapi_document(product: str = PRODUCT) -> dict[str, object]:
    """Describe every event that leaves the portal that is called *product*."""
    return asyncapi(EVENTS, title=f"{product} events", version=version("my-profile-gateway"))


def routes(product: str) -> Sequence[web.RouteDef]:
    """Give the routes of the documents, in which the portal is called *product*."""
    return [
        web.get(f"/api/{name}.json", _document(to_json(document(product))))
        for name, document in (("openapi", openapi_document), ("asyncapi", asyncapi_document))
    ]


def _document(content: bytes) -> serving.Answering:
    tag = etag(content)

    async def give(request: web.Request) -> web.Response:
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        return web.Response(body=content, content_type=JSON, headers=headers)

    return give
