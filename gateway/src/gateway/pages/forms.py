"""What every form needs: its command, what was typed, what is wrong with it, and where to go afterwards."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from gateway.language import form_of
from gateway.visiting import Visit
from gateway.words import with_words
from shared.calling import Answer, Refused, Service
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import ProblemDetails

_COMMAND = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is shown: what stands in its fields, and what is wrong with them by field name."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    command: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Made anew whenever the form is shown, so that only the very same form counts as sent twice."""


async def typed(visit: Visit, name: str) -> str:
    """Give what the form holds in the field *name*, or nothing."""
    value = (await form_of(visit.request)).get(name, "")
    return value if isinstance(value, str) else ""


async def command_of(visit: Visit, part: str = "") -> str:
    """Give the command's id that the form brought, or nothing where no form of ours would have made it.

    Forms of one page that do different things share an id, which *part* tells apart.
    """
    brought = await typed(visit, "command")
    return f"{brought}{part}" if _COMMAND.fullmatch(brought) else ""


def faults_of(document: Mapping[str, Any], language: str, *names: str) -> dict[str, str]:
    """Tell what is wrong with the fields *names*; a problem of another field or of none is raised by `refuse`."""
    worded = with_words(document, language)
    found = {str(fault.get("pointer", "")).removeprefix("/"): fault["detail"] for fault in worded.get("errors", ())}
    return {name: found[name] for name in names if name in found}


def retrying(response: web.Response, problem: ProblemDetails | None) -> web.Response:
    """Give the answer with when to try again (RFC 9110), where the problem tells."""
    seconds = problem.model_dump().get("retry_after") if problem else None
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def refuse(answer: Answer) -> Refused:
    """Give the problem that a service answered with, to be raised."""
    return Refused(details=answer.problem())


async def carry_out(
    visit: Visit,
    service: Service,
    endpoint: Endpoint,
    body: Mapping[str, Any] | None = None,
    *,
    fields: tuple[str, ...] = (),
) -> dict[str, str]:
    """Carry out what a form asks for, once, about the things that its address names.

    Gives what is wrong with its *fields*, and nothing where it was done; any other refusal is raised.
    """
    answer = await visit.command(
        service, endpoint, command=await command_of(visit), body=body, **visit.request.match_info
    )
    if answer.ok:
        return {}
    faults = faults_of(answer.problem().model_dump(), visit.language, *fields)
    if not faults:
        raise refuse(answer)
    return faults


def see_other(path: str) -> web.Response:
    """Send the browser on after a form, so that reloading does not send it again."""
    return web.Response(status=303, headers={"Location": path})
