"""Requests made from the endpoint tables, so that what is added there is asked for here."""

import asyncio
from collections.abc import Callable
from typing import Any

from gateway.documents import ENDPOINTS
from shared.contracts import security_info
from shared.contracts.endpoint import Endpoint
from tests.conftest import Portal

EXPOSED = [endpoint for several in ENDPOINTS.values() for endpoint in several if endpoint.exposed]
CHANGING = [endpoint for endpoint in EXPOSED if endpoint.changes]
ABOUT_A_METHOD = [
    endpoint
    for endpoint in EXPOSED
    if "{method_id}" in endpoint.path or (endpoint.request and "method_id" in endpoint.request.model_fields)
]
BEHIND = [(service, endpoint) for service, several in ENDPOINTS.items() if service != "gateway" for endpoint in several]
_BODIES: dict[type, Callable[[str], dict[str, Any]]] = {
    security_info.AddMethod: lambda _id: {"type": "authenticator-app", "name": "Asked"},
    security_info.ConfirmMethod: lambda _id: {"code": "123456"},
    security_info.ChangeMethod: lambda _id: {"name": "Asked"},
    security_info.SetDefaultMethod: lambda id_: {"method_id": id_},
}


def named(endpoint: Any) -> str:
    """Name a test by the endpoint that it is about."""
    return endpoint.name if isinstance(endpoint, Endpoint) else str(endpoint)


def path_of(endpoint: Endpoint, method_id: str = "m") -> str:
    return endpoint.path.format(method_id=method_id)


def body_of(endpoint: Endpoint, method_id: str = "m") -> dict[str, Any] | None:
    """Give a body that keeps the contract; a new kind of request needs one here."""
    return _BODIES[endpoint.request](method_id) if endpoint.request else None


async def said(portal: Portal, request: bytes) -> bytes:
    """Send bytes as they are, which no well-made client would, and give the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", portal.ports["gateway"])
    try:
        writer.write(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
