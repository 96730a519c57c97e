"""What an endpoint may answer, in the terms of OpenAPI 3.1: successes, refusals and their headers."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from shared.contracts.endpoint import Endpoint
from shared.contracts.lines import MEDIA_TYPE as LINES
from shared.contracts.problem import MEDIA_TYPE, Problem, ProofNeeded, type_of
from shared.documenting.schemas import Schemas, reference, words_of

JSON = "application/json"
HEADERS = {
    "ETag": {"description": "Tells this state from any other (RFC 9110, 8.8.3).", "schema": {"type": "string"}},
    "NotStored": {"description": "Nobody may keep it.", "schema": {"const": "no-store"}},
    "AskedAgain": {
        "description": "The caller alone may keep it, and asks each time whether it is still so.",
        "schema": {"const": "private, no-cache"},
    },
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
    "Authenticate": {"description": "How to sign in (RFC 9110, 11.6.1).", "schema": {"type": "string"}},
    "AuthenticateOrProve": {
        "description": "How to sign in; where only a recent proof is missing, `insufficient_user_authentication` with "
        "the `max_age` that it may have (RFC 9470, 3).",
        "schema": {"type": "string"},
        "example": 'Bearer error="insufficient_user_authentication", max_age="600"',
    },
}


def problems(endpoint: Endpoint) -> tuple[type[Problem], ...]:
    """Name every problem that may be the answer, the one that nobody foresaw included."""
    return tuple(dict.fromkeys((*endpoint.all_problems, Problem)))


def cacheable(endpoint: Endpoint) -> bool:
    """Tell whether the answer has an entity tag."""
    return endpoint.response is not None and not endpoint.changes and not endpoint.fresh


def body_type(endpoint: Endpoint) -> str:
    """Give the media type of what is asked and answered; of lines, the schema is that of each."""
    return LINES if endpoint.lines else JSON


def problem_schema(problem: type[Problem], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a problem as the gateway sends it: the fields of its kind among the members of RFC 9457."""
    words = words_of(problem) if problem is not Problem else "Say that something unforeseen went wrong."
    return {
        "title": fields["title"],
        "type": "object",
        **({"description": words} if words else {}),
        "properties": {
            "type": {"const": type_of(problem.key)},
            "status": {"const": problem.status},
            "key": {"const": problem.key},
            "title": {"type": "string", "description": "In the caller's language."},
            "detail": {"type": "string", "description": "In the caller's language."},
            **fields["properties"],
        },
        "required": ["type", "status", "key", "title", "detail", *fields.get("required", ())],
    }


def _header(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/headers/{name}"}


def successes(endpoint: Endpoint, described: Schemas) -> dict[str, Any]:
    """Describe the answer that was asked for, by its status."""
    answer: dict[str, Any] = {"description": HTTPStatus(endpoint.status).phrase}
    if endpoint.response is None:
        return {str(endpoint.status): answer}
    content = {body_type(endpoint): {"schema": described.ref(endpoint.response, "serialization")}}
    if not cacheable(endpoint):
        return {
            str(endpoint.status): {**answer, "headers": {"Cache-Control": _header("NotStored")}, "content": content}
        }
    headers = {"Cache-Control": _header("AskedAgain"), "ETag": _header("ETag")}
    return {
        str(endpoint.status): {**answer, "headers": headers, "content": content},
        "304": {"description": "The caller has it.", "headers": headers},
    }


def refusals(endpoint: Endpoint, described: Schemas) -> dict[str, Any]:
    """Describe the problems by their status; of several with one status, the key tells which it is."""
    by_status: dict[int, list[type[Problem]]] = {}
    for problem in problems(endpoint):
        by_status.setdefault(problem.status, []).append(problem)
    return {str(status): _refusal(status, by_status[status], described) for status in sorted(by_status)}


def _refusal(status: int, problems: Sequence[type[Problem]], described: Schemas) -> dict[str, Any]:
    names = {problem.key: described.name(problem, "validation") for problem in problems}
    schema: dict[str, Any] = {"oneOf": [reference(name) for name in names.values()]}
    if len(names) == 1:
        schema = schema["oneOf"][0]
    else:
        mapping = {key: reference(name)["$ref"] for key, name in names.items()}
        schema["discriminator"] = {"propertyName": "key", "mapping": mapping}
    headers = {"Cache-Control": _header("NotStored")}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _header("AuthenticateOrProve" if ProofNeeded in problems else "Authenticate")
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        headers["Retry-After"] = _header("RetryAfter")
    return {"description": ", ".join(names), "headers": headers, "content": {MEDIA_TYPE: {"schema": schema}}}
