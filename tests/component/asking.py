"""Requests made from the endpoint tables, so that what is added there is asked for here."""

import asyncio
from collections.abc import Callable
from typing import Any

from gateway.documents import ENDPOINTS
from shared.contracts import devices, organizations, pictures, privacy, security_info
from shared.contracts.endpoint import Endpoint
from tests.conftest import Portal
from tests.picturing import as_text, picture

ALL = [endpoint for several in ENDPOINTS.values() for endpoint in several]
EXPOSED = [endpoint for endpoint in ALL if endpoint.exposed]
EXPOSED_TO_PERSONS = [endpoint for endpoint in EXPOSED if not endpoint.scope]
EXPOSED_TO_SYSTEMS = [endpoint for endpoint in EXPOSED if endpoint.scope]
ONE_BY_ONE = [endpoint for endpoint in EXPOSED_TO_SYSTEMS if not endpoint.lines]
"""Endpoints for systems that answer one request; what each line of the others is answered, test_bulk tells."""
CHANGING = [endpoint for endpoint in EXPOSED if endpoint.changes]
CHANGED_BY_PERSONS = [endpoint for endpoint in EXPOSED_TO_PERSONS if endpoint.changes]
BEHIND = [(service, endpoint) for service, several in ENDPOINTS.items() if service != "gateway" for endpoint in several]
BEHIND_FOR_PERSONS = [door for door in BEHIND if not door[1].scope]
PROVED = [endpoint for endpoint in EXPOSED_TO_PERSONS if endpoint.needs_proof]
PROVED_BEHIND = [door for door in BEHIND if door[1].needs_proof]
BEHIND_FOR_SYSTEMS = [door for door in BEHIND if door[1].scope]
BEHIND_ONE_BY_ONE = [door for door in BEHIND_FOR_SYSTEMS if not door[1].lines]
LAST = "signOutEverywhere"
"""The endpoint after which a person's token is good for nothing."""

_IDS = {
    "account": "asked-for",
    "challenge_id": "c",
    "device_id": "d",
    "key_id": "k",
    "method_id": "m",
    "organization_id": "contoso",
    "service_id": "mail",
    "session_id": "s",
    "terms_id": "tos",
    "use_id": "u",
    "version": "1",
}
_BODIES: dict[type, Callable[[dict[str, str]], dict[str, Any]]] = {
    security_info.AddMethod: lambda _ids: {"type": "authenticator-app", "name": "Asked"},
    security_info.ConfirmMethod: lambda _ids: {"code": "123456"},
    security_info.ChangeMethod: lambda _ids: {"name": "Asked"},
    security_info.SetDefaultMethod: lambda ids: {"method_id": ids["method_id"]},
    security_info.StartProof: lambda ids: {"method_id": ids["method_id"], "scopes": ["device.disable"]},
    security_info.AnswerProof: lambda _ids: {"code": "123456"},
    security_info.SendCode: lambda _ids: {"way": "call"},
    security_info.PutMethod: lambda _ids: {"number": "+46 8 123 456 78"},
    security_info.IssueAccessCode: lambda _ids: {},
    security_info.CheckAppPassword: lambda _ids: {"password": "asked-for"},
    devices.RenameDevice: lambda _ids: {"name": "Asked"},
    devices.DisableDevice: lambda _ids: {"reason": "lost"},
    devices.PutDevice: lambda ids: {
        "organization_id": ids["organization_id"],
        "name": "Asked",
        "kind": "laptop",
        "os": "Asked",
    },
    devices.NoteActivity: lambda _ids: {"last_active_at": "2026-11-20T09:00:00Z"},
    devices.PutRecoveryKey: lambda _ids: {"kind": "luks", "key": "asked-for-asked-for"},
    devices.BulkLine: lambda ids: {"account": ids["account"], "device_id": ids["device_id"], "do": "delete"},
    organizations.SignInClaims: lambda _ids: {"name": "Asked"},
    organizations.PutOrganization: lambda ids: organization(ids["organization_id"]),
    organizations.PutAccount: lambda ids: {
        "home_organization": ids["organization_id"],
        "profile": {"name": "Asked"},
        "disabled": False,
    },
    organizations.PutMembership: lambda _ids: {},
    pictures.PutPicture: lambda _ids: {"content": as_text(picture())},
    privacy.AcceptTerms: lambda ids: {"version": ids["version"], "language": "en", "digest": "0" * 64},
    privacy.PutPreferences: lambda _ids: {},
    privacy.PutService: lambda _ids: {"name": "Asked"},
    privacy.PutConnection: lambda _ids: {},
    privacy.PutDataUse: lambda _ids: {
        "category": "pd:Name",
        "purpose": "dpv:ServiceProvision",
        "legal_basis": "eu-gdpr:A6-1-b",
        "source": "organization",
        "retention": {"en": "Asked"},
    },
    privacy.PublishTerms: lambda _ids: {"texts": {"en": {"title": "Asked", "markdown": "Asked"}}},
    privacy.PutPrivacyRules: lambda _ids: {},
    privacy.SignInLine: lambda ids: {
        "account": ids["account"],
        "organization_id": ids["organization_id"],
        "id": "asked-for",
        "at": "2026-11-20T09:00:00Z",
        "status": "success",
    },
}


def organization(name: str) -> dict[str, Any]:
    """Give what the directory has said of an organization already: saying it again changes nothing."""
    contact = {"role": "privacy", "name": "Privacy office", "email": f"privacy@{name}.example"}
    return {"name": name.title(), "privacy_statement": f"https://{name}.example/privacy", "contacts": [contact]}


def named(endpoint: Any) -> str:
    """Name a test by the endpoint, or the service's door, that it is about."""
    if isinstance(endpoint, tuple):
        return f"{endpoint[0]}-{endpoint[1].name}"
    return endpoint.name if isinstance(endpoint, Endpoint) else str(endpoint)


def about(thing: str) -> list[Endpoint]:
    """Give the endpoints for persons that are told the id of a thing, in the path or in the body."""
    return [
        endpoint
        for endpoint in EXPOSED_TO_PERSONS
        if thing in endpoint.path_parameters or (endpoint.request and thing in endpoint.request.model_fields)
    ]


def path_of(endpoint: Endpoint, **ids: str) -> str:
    return endpoint.path.format_map(_IDS | ids)


def body_of(endpoint: Endpoint, **ids: str) -> dict[str, Any] | None:
    """Give a body that keeps the contract; a new kind of request needs one here."""
    return _BODIES[endpoint.request](_IDS | ids) if endpoint.request else None


async def said(portal: Portal, request: bytes) -> bytes:
    """Send bytes as they are, which no well-made client would, and give the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", portal.ports["gateway"])
    try:
        writer.write(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
