"""OpenAPI 3.1 of what stands under `/api`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.contracts.endpoint import LINE_LIMIT, Endpoint
from shared.documenting.answers import HEADERS, body_type, cacheable, problem_schema, problems, refusals, successes
from shared.documenting.schemas import Schemas, schemas
from shared.proving import PROOF_HEADER

PREFIX = "/api"
_ABOUT = (
    "A person's account is never named: it is the caller's; systems name it, under `/api/system`. A command that is "
    "sent again with the same `Idempotency-Key` within 24 hours is carried out once and answered again. Every refusal "
    "is a problem of RFC 9457 with a `key` for programs; `title` and `detail` are in the caller's language "
    "(`Accept-Language`). New fields may appear in answers at any time."
)


def openapi(endpoints_by_service: Mapping[str, Sequence[Endpoint]], *, title: str, version: str) -> dict[str, Any]:
    """Describe the exposed endpoints as an OpenAPI 3.1 document; each service is a tag."""
    exposed = {
        service: [endpoint for endpoint in endpoints if endpoint.exposed]
        for service, endpoints in endpoints_by_service.items()
    }
    endpoints = [endpoint for several in exposed.values() for endpoint in several]
    described = _described(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for service, several in exposed.items():
        for endpoint in several:
            operation = _operation(service, endpoint, described)
            paths.setdefault(PREFIX + endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": service} for service, several in exposed.items() if several],
        "security": [{"bearer": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": _components(endpoints, described),
            "parameters": _PARAMETERS,
            "headers": HEADERS,
            "securitySchemes": _SECURITY | _of_systems(endpoints),
        },
    }


_PARAMETERS = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The command's id; sent again with it, the command is not carried out again.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The `ETag` of what the caller has seen; a change since then refuses the command.",
        "schema": {"type": "string"},
    },
    "Proof": {
        "name": PROOF_HEADER,
        "in": "header",
        "description": "A proof of who is there, as `POST /api/security-info/proofs` gives it; without one: 401.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The `ETag` of what the caller has.",
        "schema": {"type": "string"},
    },
}
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An access token of the identity provider."},
    "session": {"type": "apiKey", "in": "cookie", "name": "profile", "description": "A browser that signed in."},
}


def _of_systems(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Describe the tokens of systems, which name their scopes; where they are had is the provider's own to tell."""
    scopes = sorted({endpoint.scope for endpoint in endpoints if endpoint.scope})
    said = (
        "A system's own access token (RFC 6749, section 4.4). "
        f"Scopes: {', '.join(f'`{scope}`' for scope in scopes)}. It is bound to organizations."
    )
    return {"system": {"type": "http", "scheme": "bearer", "description": said}} if scopes else {}


def _described(endpoints: Iterable[Endpoint]) -> Schemas:
    """Describe everything that the endpoints take and give; answers as they are written, the rest as it is read."""
    read: dict[type, None] = {}
    written: dict[type, None] = {}
    for endpoint in endpoints:
        read |= dict.fromkeys(kind for kind in (endpoint.request, endpoint.query) if kind)
        read |= dict.fromkeys(problems(endpoint))
        written |= dict.fromkeys(kind for kind in (endpoint.response,) if kind)
    return schemas([*((kind, "validation") for kind in read), *((kind, "serialization") for kind in written)])


def _components(endpoints: Iterable[Endpoint], described: Schemas) -> dict[str, Any]:
    components = dict(described.components)
    for endpoint in endpoints:
        if endpoint.query:  # its fields stand as parameters instead
            components.pop(described.name(endpoint.query, "validation"), None)
        for problem in problems(endpoint):
            name = described.name(problem, "validation")
            components[name] = problem_schema(problem, described.components[name])
    return components


def _operation(service: str, endpoint: Endpoint, described: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": endpoint.name, "summary": endpoint.summary, "tags": [service]}
    if said := _description(endpoint):
        operation["description"] = said
    if parameters := [*_path_parameters(endpoint), *_query_parameters(endpoint, described), *_headers(endpoint)]:
        operation["parameters"] = parameters
    if endpoint.request:
        content = {body_type(endpoint): {"schema": described.ref(endpoint.request, "validation")}}
        operation["requestBody"] = {"required": not endpoint.optional_body, "content": content}
    if endpoint.scope:
        operation["security"] = [{"system": [endpoint.scope]}]
    operation["responses"] = {**successes(endpoint, described), **refusals(endpoint, described)}
    return operation


def _description(endpoint: Endpoint) -> str:
    parts = []
    if endpoint.needs_proof:
        parts.append(f"It needs a recent proof that is good for `{endpoint.needs_proof}`.")
    if endpoint.fresh:
        parts.append("The answer holds what is shown once: keep it nowhere.")
    if endpoint.lines:
        parts.append(
            f"The request and the answer are NDJSON: each line stands for itself, has at most {LINE_LIMIT} bytes, and "
            "is answered by a line, in order, while others are still sent; so read while you send. Empty lines are "
            "counted and not answered. An answer that breaks off was not all: with the same `Idempotency-Key` the same "
            "lines, under the same numbers, are answered again and carried out once. After a line that failed in a way "
            "that may pass, the later ones of its account are `unavailable`: send them again together."
        )
    elif endpoint.request:
        parts.append(f"The body has at most {endpoint.body_limit} bytes.")
    return " ".join(parts)


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    shown = {"minLength": 1, "maxLength": 64}
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **({"pattern": pattern} if pattern else shown)},
        }
        for name, pattern in endpoint.path_parameters.items()
    ]


def _query_parameters(endpoint: Endpoint, described: Schemas) -> list[dict[str, Any]]:
    if not endpoint.query:
        return []
    schema = described.components[described.name(endpoint.query, "validation")]
    return [
        _query_parameter(name, field, required=name in schema.get("required", ()))
        for name, field in schema["properties"].items()
    ]


def _query_parameter(name: str, field: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    """Describe one query parameter; an address can leave one out, yet cannot say null."""
    schema = {key: value for key, value in field.items() if key != "description" and (key, value) != ("default", None)}
    kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
    schema |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}
    said = {"description": field["description"]} if "description" in field else {}
    return {"name": name, "in": "query", "required": required, **said, "schema": schema}


def _headers(endpoint: Endpoint) -> list[dict[str, Any]]:
    changing = ("IdempotencyKey",) if endpoint.scope else ("IdempotencyKey", "IfMatch")
    names = changing if endpoint.changes else ("IfNoneMatch",) if cacheable(endpoint) else ()
    proving = ("Proof",) if endpoint.needs_proof else ()
    return [{"$ref": f"#/components/parameters/{name}"} for name in (*names, *proving)]
