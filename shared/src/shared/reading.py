"""Read what a request brings; what is wrong with it is told field by field."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import FieldProblem, Invalid, Malformed, TooLarge, WrongContentType

JSON = "application/json"


def said_once(query: Mapping[str, str]) -> dict[str, str]:
    """Give the parameters, none of them twice: who reads the first would be asked another question than who the last.

    Raises `Invalid` naming those that were.
    """
    once = dict(query)
    if len(once) < len(query):
        names = [name for name, _ in query.items()]
        raise Invalid(errors=[_fault({"type": "repeated", "loc": (name,)}) for name in once if names.count(name) > 1])
    return once


async def read_body(request: web.Request, endpoint: Endpoint) -> BaseModel:
    """Read and check a JSON body; what is wrong with it is told field by field."""
    if endpoint.optional_body and not request.can_read_body:
        return _defaults(endpoint)
    if request.content_type != JSON:
        raise WrongContentType
    content = await read_limited(request, endpoint.body_limit)
    try:
        data = from_json(content)
    except ValueError as error:
        raise Malformed from error
    if endpoint.request is None:
        raise TypeError(f"{endpoint.name} takes no body")
    body: BaseModel = parsed(endpoint.request, data)
    return body


def _defaults(endpoint: Endpoint) -> BaseModel:
    if endpoint.request is None:
        raise TypeError(f"{endpoint.name} takes no body")
    return endpoint.request()


async def read_limited(request: web.Request, limit: int) -> bytes:
    """Read a body of at most *limit* bytes."""
    if (request.content_length or 0) > limit:
        raise TooLarge(limit=limit)
    content = bytearray()
    try:
        async for part in request.content.iter_any():  # the application's own limit would be one for all endpoints
            content += part
            if len(content) > limit:
                raise TooLarge(limit=limit)
    except web.RequestPayloadError as error:
        raise Malformed from error
    return bytes(content)


def parsed(model: type[BaseModel], data: Any) -> Any:
    """Check *data* against *model*; every fault becomes a `FieldProblem` of one `Invalid`."""
    try:
        return model.model_validate(data, extra="forbid")
    except ValidationError as error:
        raise Invalid(
            errors=[_fault(fault) for fault in error.errors(include_input=False, include_url=False)]
        ) from None


def _fault(fault: Any) -> FieldProblem:
    context = fault.get("ctx") or {}
    limit = next((context[name] for name in ("max_length", "min_length", "le", "ge") if name in context), None)
    key = str(fault["type"])
    if key == "value_error":
        key = str(context.get("error", key))
    pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in fault["loc"])
    return FieldProblem(pointer=pointer, key=key, limit=limit if isinstance(limit, int) else None)
