"""Serve endpoints with aiohttp: handlers get a `Call` and return a model or raise a problem."""

import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from pydantic import BaseModel
from pydantic_core import to_json

from shared.asking import BRIEFLY, Call, etag
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import FieldProblem, Invalid, MissingScope, NotAllowed
from shared.deciding import Actor, Command
from shared.identifying import Caller, SystemClient, Verifier
from shared.measuring import REQUEST_ID, measured
from shared.passing import end_when_stopping
from shared.proving import PROOF_HEADER, ProofVerifier
from shared.reading import JSON, parsed, read_body, said_once
from shared.refusing import problems
from shared.streaming import answer_lines

_PARAMETER = re.compile(r"\{(\w+)\}")
_COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

Key = TypeVar("Key")
Answering: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]

Handler: TypeAlias = Callable[..., Awaitable[BaseModel | bytes | None]]
"""`async (call) → model` or, where the endpoint takes a body, `async (call, request) → model`; bytes are JSON."""


def bound(table: Mapping[Key, Any], *to: object) -> dict[Key, Callable[..., Any]]:
    """Bind a table of contents, written with the methods of classes, to the objects that have them."""

    def whose(method: Any) -> object:
        return next(one for one in to if getattr(type(one), method.__name__, None) is method)

    return {key: method.__get__(whose(method)) for key, method in table.items()}


def application(
    endpoints: Mapping[Endpoint, Handler],
    *,
    verifier: Verifier,
    ready: Callable[[], Awaitable[Mapping[str, bool]]],
    registry: CollectorRegistry,
    proofs: ProofVerifier | None = None,
) -> web.Application:
    """Make the web application of a service from its table of endpoints; *proofs* where some need one."""
    if proofs is None and any(endpoint.needs_proof for endpoint in endpoints):
        raise TypeError("an endpoint needs proof, and nobody checks it")
    largest = max((endpoint.body_limit for endpoint in endpoints), default=0)
    app = web.Application(middlewares=[measured(registry, trust_number=True), problems], client_max_size=largest)
    for endpoint, handler in endpoints.items():
        route = route_to(endpoint)
        app.router.add_route(endpoint.method, route, _served(endpoint, handler, verifier, proofs), name=endpoint.name)
    add_operations(app, ready, registry)
    end_when_stopping(app)
    app.on_response_prepare.append(_hide_server)
    return app


def route_to(endpoint: Endpoint) -> str:
    """Give the route to an endpoint; a parameter may hold braces too, which the framework alone would not find."""
    return _PARAMETER.sub(r"{\1:[^/]+}", endpoint.path)


def add_operations(
    app: web.Application, ready: Callable[[], Awaitable[Mapping[str, bool]]], registry: CollectorRegistry
) -> None:
    """Add what an operator's tools ask for: `/health/live`, `/health/ready` and `/metrics`."""

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def is_ready(_request: web.Request) -> web.Response:
        parts = await ready()
        return web.json_response(dict(parts), status=200 if all(parts.values()) else 503)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", is_ready)
    app.router.add_get("/metrics", metrics)


def _served(
    endpoint: Endpoint, handler: Handler, verifier: Verifier, proofs: ProofVerifier | None
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        caller = verifier.caller(request.headers.get("Authorization"))
        if endpoint.needs_proof and proofs:
            admit(endpoint, caller)
            proofs.check(request.headers.get(PROOF_HEADER), caller, endpoint.needs_proof)
        return await answer(endpoint, handler, caller, request)

    return serve


async def answer(endpoint: Endpoint, handler: Handler, caller: Caller, request: web.Request) -> web.StreamResponse:
    """Answer a request of a *caller* who proved who they are."""
    admit(endpoint, caller)
    _check_path(endpoint, request.match_info)
    if endpoint.lines:
        call = Call(caller, _command(endpoint, request, caller, None), request.match_info)
        return await answer_lines(endpoint, handler, call, request)
    body = await read_body(request, endpoint) if endpoint.request else None
    query = parsed(endpoint.query, said_once(request.query)) if endpoint.query else None
    call = Call(
        caller=caller,
        command=_command(endpoint, request, caller, body),
        path=request.match_info,
        query=query,
        if_match=None if endpoint.scope else request.headers.get("If-Match"),  # systems see no views to compare
    )
    content = await (handler(call) if body is None else handler(call, body))
    if content is None:
        return web.Response(status=endpoint.status)
    if not isinstance(content, bytes):
        content = to_json(content)
    return answered(endpoint, content, request.headers.get("If-None-Match"))


def admit(endpoint: Endpoint, caller: Caller) -> None:
    """Raise `NotAllowed` where a person asks what is for systems or the other way round, `MissingScope` without it."""
    if isinstance(caller, SystemClient) != bool(endpoint.scope):
        raise NotAllowed
    if endpoint.scope and isinstance(caller, SystemClient) and endpoint.scope not in caller.scopes:
        raise MissingScope(scope=endpoint.scope)


def _check_path(endpoint: Endpoint, path: Mapping[str, str]) -> None:
    faults = [
        FieldProblem(pointer=f"/{name}", key="pattern")
        for name, pattern in endpoint.path_parameters.items()
        if pattern and not re.fullmatch(pattern, path[name])
    ]
    if faults:
        raise Invalid(errors=faults)


def answered(endpoint: Endpoint, content: bytes, if_none_match: str | None) -> web.Response:
    """Answer with JSON: never cached unasked, and not sent again to who has it."""
    if endpoint.fresh or endpoint.changes:
        headers = {"Cache-Control": "no-store"}
    else:
        headers = {"Cache-Control": "private, no-cache", "ETag": etag(content)}
        if if_none_match and headers["ETag"] in if_none_match:
            return web.Response(status=304, headers=headers)
    return web.Response(body=content, status=endpoint.status, content_type=JSON, headers=headers)


def _command(endpoint: Endpoint, request: web.Request, caller: Caller, body: BaseModel | None) -> Command:
    given = request.headers.get("Idempotency-Key") if endpoint.changes else None
    if given is not None and not _COMMAND_ID.fullmatch(given):
        raise Invalid(errors=[FieldProblem(pointer="/Idempotency-Key", key="pattern")])
    # A code in the body is a SecretStr and comes out masked: the digest tells requests apart, not codes.
    content = to_json(body) if body else b""
    actor = _actor(caller)
    # Systems share an account's commands: what one was answered is no answer to another, which may be bound elsewhere.
    asked = f"{endpoint.name} {request.path}" + (f" {actor.id}" if endpoint.scope else "")
    digest = hashlib.blake2b(f"{asked}\n".encode() + content, digest_size=16)
    return Command(
        id=given or uuid.uuid4().hex,
        brief=given is None or BRIEFLY in request.headers,
        digest=digest.hexdigest(),
        actor=actor,
        correlation=request[REQUEST_ID],
    )


def _actor(caller: Caller) -> Actor:
    if isinstance(caller, SystemClient):
        return Actor(kind=caller.acts_for, id=caller.client_id)
    return Actor(kind="user", id=caller.account, client=caller.client)


async def _hide_server(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)
