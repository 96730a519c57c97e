"""Answer with problem details (RFC 9457)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from pydantic_core import to_json

from shared.contracts.endpoint import BODY_LIMIT
from shared.contracts.problem import MEDIA_TYPE, Malformed, MethodNotAllowed, NotFound, Problem, ProofNeeded, TooLarge
from shared.measuring import route_of

_TRY_AGAIN = 2
"""Seconds after which what was not available may be asked for again."""

_log = structlog.get_logger(__name__)


def problem_response(document: Mapping[str, Any]) -> web.Response:
    """Send a problem document."""
    headers = {"Cache-Control": "no-store"}
    if document["status"] == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if document["key"] == ProofNeeded.key:  # RFC 9470, section 3
        headers["WWW-Authenticate"] = (
            'Bearer error="insufficient_user_authentication", '
            'error_description="A recent proof of who is there is needed, in the header Proof", '
            f'max_age="{document.get("max_age")}"'
        )
    if scope := document.get("scope"):  # RFC 6750, section 3.1
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    unavailable = document["status"] == HTTPStatus.SERVICE_UNAVAILABLE
    if retry := document.get("retry_after") or (_TRY_AGAIN if unavailable else None):
        headers["Retry-After"] = str(retry)
    return web.Response(body=to_json(document), status=document["status"], content_type=MEDIA_TYPE, headers=headers)


@web.middleware
async def problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn what was raised into a problem document; the unexpected is logged and told without its cause."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem_response(problem.document())
    except web.HTTPException as error:
        return allowing(error, problem_response(framework_problem(error).document()))
    except (asyncio.CancelledError, ConnectionResetError):
        raise
    except Exception:  # noqa: BLE001  # the edge: what nobody foresaw becomes a 500 without its cause
        _log.exception("a request failed", method=request.method, route=route_of(request))
        return problem_response(Problem().document())


def framework_problem(error: web.HTTPException) -> Problem:
    """Give our problem for what the framework refused by itself."""
    match error:
        case web.HTTPNotFound():
            return NotFound()
        case web.HTTPMethodNotAllowed():
            return MethodNotAllowed()
        case web.HTTPRequestEntityTooLarge():
            return TooLarge(limit=BODY_LIMIT)
        case web.HTTPClientError():
            return Malformed()
        case _:
            return Problem()


def allowing(error: web.HTTPException, response: web.StreamResponse) -> web.StreamResponse:
    """Name the methods that there are, where another was used (RFC 9110, 15.5.6)."""
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
