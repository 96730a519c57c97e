"""Problems as pages: what happened, what it means, and a way on."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.language import language_of, local_path
from gateway.rendering import render
from gateway.sessions import Session
from gateway.words import PROBLEMS, with_words
from shared.contracts.problem import NotFound

SECURITY_INFO = "/security-info"
_AREAS = {
    SECURITY_INFO: "security_info",
    "/devices": "devices",
    "/organizations": "organizations",
    "/privacy": "privacy",
    "/sessions": "sessions",
}
_WAYS_ON = {
    "not_signed_in": ("sign_in", "/"),
    "sign_in_failed": ("sign_in", "/"),
    "setup_ended": ("start_again", f"{SECURITY_INFO}/add"),
    "place_unknown": ("newest", "/activity"),
    "account_disabled": ("sign_in_again", "/sign-in?again=1"),
}


def respond(
    request: web.Request, document: Mapping[str, Any], language: str, session: Session | None
) -> web.StreamResponse:
    """Show a problem to the person who met it."""
    worded = with_words(document, language)
    way, address = _way_on(request, worded)
    response = render(
        request,
        "problem.html",
        language,
        status=int(worded["status"]),
        session=session,
        problem=worded,
        way=way,
        address=address,
        # What a form was sent to may have no page of its own.
        return_to=request.path_qs if request.method in {"GET", "HEAD"} else address,
    )
    if "retry_after" in worded:
        response.headers["Retry-After"] = str(worded["retry_after"])
    return response


async def explain(request: web.Request) -> web.StreamResponse:
    """Tell what a type of problem means (RFC 9457, section 3.1.1)."""
    key = request.match_info["key"]
    language = language_of(request)
    if key not in PROBLEMS:
        return respond(request, NotFound().document(), language, None)
    words = PROBLEMS[key]
    return render(
        request,
        "problem_type.html",
        language,
        key=key,
        title=words.title.said(language),
        about=words.general(language),
    )


def _way_on(request: web.Request, problem: Mapping[str, Any]) -> tuple[str, str]:
    """Name the way on and its address."""
    if problem["key"] in _WAYS_ON:
        return _WAYS_ON[problem["key"]]
    again = problem["key"] in {"unavailable", "unexpected", "too_many_changes"}
    if again and request.method == "GET":
        return "again", local_path(request.path_qs)
    area = "/" + request.path.split("/")[1]
    if area in _AREAS and request.path != area:
        return _AREAS[area], area
    return "overview", "/"
