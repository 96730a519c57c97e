"""The API and the events for people who write programs, made from the same contracts as the documents."""

from functools import cache
from inspect import getdoc
from typing import Any, get_args

from aiohttp import web
from pydantic import BaseModel, RootModel

from gateway.documents import ENDPOINTS, EVENTS
from gateway.language import language_of
from gateway.rendering import render
from shared.contracts.endpoint import Endpoint


async def show(request: web.Request) -> web.StreamResponse:
    """Show what a program may ask, what it gets, and what it can hear of."""
    return render(request, "api_docs.html", language_of(request), services=_services(), events=_events())


@cache
def _services() -> dict[str, list[dict[str, Any]]]:
    return {
        service: [_operation(endpoint) for endpoint in endpoints if endpoint.exposed]
        for service, endpoints in ENDPOINTS.items()
    }


@cache
def _events() -> list[dict[str, Any]]:
    return [
        {"wire": event.wire, "about": (getdoc(event) or "").partition("\n")[0], "fields": _fields(event)}
        for event in EVENTS
    ]


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.name,
        "method": endpoint.method,
        "path": f"/api{endpoint.path}",
        "summary": endpoint.summary,
        "scope": endpoint.scope,
        "proof": endpoint.needs_proof,
        "status": endpoint.status,
        "query": _fields(endpoint.query),
        "request": _fields(endpoint.request),
        "responses": _shapes(endpoint.response),
        "problems": sorted((problem.status, problem.key) for problem in endpoint.all_problems),
    }


def _shapes(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    """Give the shapes that an answer may have, each with what tells it from the others."""
    if model is None:
        return []
    if not issubclass(model, RootModel):
        return [{"of": "", "fields": _fields(model)}]
    variants = get_args(model.model_fields["root"].annotation)
    return [{"of": _kind(variant), "fields": _fields(variant)} for variant in variants]


def _kind(variant: type[BaseModel]) -> str:
    return " or ".join(get_args(variant.model_fields["type"].annotation))


def _fields(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema()
    return [
        {
            "name": name,
            "type": _type(about),
            "needed": name in schema.get("required", ()),
            "about": about.get("description", ""),
        }
        for name, about in schema.get("properties", {}).items()
    ]


def _type(about: dict[str, Any]) -> str:
    """Say in a word or two what a field holds."""
    if choices := about.get("anyOf"):
        return " or ".join(_type(choice) for choice in choices)
    if "$ref" in about:
        # pydantic names a generic model with its argument, such as `Section_Activity_`.
        return str(about["$ref"].rpartition("/")[2]).strip("_").replace("_", " of ")
    if "const" in about:
        return f"“{about['const']}”"
    if "enum" in about:
        return " or ".join(f"“{value}”" for value in about["enum"])
    if about.get("type") == "array":
        return f"list of {_type(about.get('items', {}))}"
    return str(about.get("format") or about.get("type", "anything"))
