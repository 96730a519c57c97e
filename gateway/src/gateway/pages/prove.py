"""Recent proof: a person is led through it and back to what they were doing, with nothing typed lost."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from aiohttp import web
from pydantic_core import from_json

from gateway.language import form_of, local_path
from gateway.pages.forms import Form, retrying, see_other
from gateway.proofs import (
    ACCESS_CODE,
    FORM_MARGIN,
    MARGIN,
    SENT,
    USUAL,
    Asked,
    Reply,
    SentCode,
    able,
    forget,
    is_of_way,
    is_proved,
    locked,
    prove,
    prove_unasked,
)
from gateway.rendering import render
from gateway.visiting import Page, Visit
from gateway.words import fault_detail, with_words
from shared.calling import Refused
from shared.contracts import security_info as contract
from shared.contracts.problem import ProofNeeded
from shared.facts import now

HERE = "/prove"
DONE = f"{HERE}/done"
_OURS = "proof_"
"""What the names of the fields begin with that are about the proof; all others are the interrupted form's."""
_AREAS = ("/security-info", "/devices", "/organizations")
_COMMAND = re.compile(r"[A-Za-z0-9_-]{1,50}")
_AT_FIELD = frozenset({"code_incorrect", "invalid"})
_SAID_BY_PAGE = frozenset({"method_locked", "sign_in_too_old"})
"""Problems that the page tells of anyway, since they stay until something else happens."""

Carried = Sequence[tuple[str, str]]


async def show(visit: Visit) -> web.Response:
    """Ask for a proof, unless there is one, and go on to where the person wanted to be."""
    target = local_path(visit.request.query.get("return_to", "/"))
    if _is_proved_for_all(visit):
        return see_other(target)
    visit, asking = await prove(visit, Reply())
    return see_other(target) if asking is None else _page(visit, asking, target=target)


async def answer(visit: Visit) -> web.Response:
    """Take an answer, and go on to where the person wanted to be."""
    fields = await form_of(visit.request)
    target = local_path(str(fields.get("return_to", "/")))
    if _is_proved_for_all(visit):  # in another tab; the code is used up there and would be wrong here
        return see_other(target)
    visit, asking = await prove(visit, _reply(fields))
    return see_other(target) if asking is None else _page(visit, asking, target=target, empty=_is_empty(fields))


def _is_proved_for_all(visit: Visit) -> bool:
    return all(is_proved(visit, scope, margin=MARGIN) for scope in contract.SCOPES)


async def proving(visit: Visit, page: Page, scope: str) -> web.StreamResponse:
    """Answer with *page* once the person has proved who they are.

    A form that was sent without a proof is carried along while the person is asked, and then goes on as it was. A
    kept proof that a service does not take (clocks apart, or another key) is forgotten, and one is asked for again.
    """
    try:
        return await _proving(visit, page, scope)
    except Refused as refused:
        if refused.details.key != ProofNeeded.key or visit.session.proof is None:
            raise
        return await _proving(await forget(visit), page, scope)


async def _proving(visit: Visit, page: Page, scope: str) -> web.StreamResponse:
    if visit.request.method != "POST":
        if not is_proved(visit, scope, margin=MARGIN):
            visit = await prove_unasked(visit)
        if is_proved(visit, scope, margin=MARGIN):
            return await page(visit)
        return see_other(f"{HERE}?return_to={quote(visit.request.path_qs, safe='')}")
    if is_proved(visit, scope, margin=FORM_MARGIN):
        return await page(visit)
    fields = await form_of(visit.request)
    visit, asking = await prove(visit, _reply(fields))
    if asking is None:
        return await page(visit)
    return _page(visit, asking, carried=_carried(fields), empty=_is_empty(fields))


async def done(visit: Visit) -> web.Response:
    """Tell that the person is signed in anew, in the tab that was opened for it."""
    return render(visit.request, "prove_done.html", visit.language, session=visit.session)


def _reply(fields: Mapping[str, Any]) -> Reply:
    sent = {name: value for name, value in fields.items() if isinstance(value, str) and name.startswith(_OURS)}
    given = sent.get("proof_command", "")
    command = given if _COMMAND.fullmatch(given) else ""
    if chosen := sent.get("proof_choose"):  # what is in the field was meant for another way
        return Reply(way=chosen, sends=USUAL, command=command)
    way, code = sent.get("proof_with", ""), _code_sent(sent)
    if (sends := sent.get("proof_send")) in contract.WAYS:
        return Reply(way=way, sends=sends, sent=code, command=command)
    return Reply(
        way=way,
        code=sent.get("proof_code", "").strip(),
        credential=_credential(sent.get("proof_credential", "")),
        challenge_id=sent.get("proof_challenge", ""),
        command=command,
        sent=code,
    )


def _is_empty(fields: Mapping[str, Any]) -> bool:
    """Tell whether an answer was sent without anything in its field."""
    asked_for_another = "proof_choose" in fields or "proof_send" in fields
    return fields.get("proof_code", "-").strip() == "" and not asked_for_another and not fields.get("proof_credential")


def _code_sent(fields: Mapping[str, str]) -> SentCode | None:
    """Read what the page knows of a code that is on its way."""
    challenge_id, way = fields.get("proof_challenge", ""), fields.get("proof_sent_by")
    if not challenge_id or way not in contract.WAYS:
        return None
    try:
        again_at = datetime.fromisoformat(fields.get("proof_again_at", ""))
    except ValueError:
        again_at = now()
    return SentCode(challenge_id, way, again_at if again_at.tzinfo else now())


def _credential(text: str) -> Mapping[str, object] | None:
    try:
        read = from_json(text) if text else None
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _carried(fields: Mapping[str, Any]) -> Carried:
    return [
        (name, value)
        for name, value in fields.items()
        # A code of a setup would be of the past by then, and cost an attempt.
        if isinstance(value, str) and not name.startswith(_OURS) and name != "code"
    ]


def _page(
    visit: Visit, asking: Asked, *, target: str | None = None, carried: Carried = (), empty: bool = False
) -> web.Response:
    """Show what is asked; *target* is where to go on to, and without one the interrupted form's fields are carried.

    Where the field was sent *empty*, that is told at it.
    """
    told = with_words(asking.problem.model_dump(), visit.language) if asking.problem else None
    if told and asking.kind == "access_code" and told["key"] == contract.AccessCodeNeeded.key:
        told = {**told, "key": "invalid", "detail": fault_detail({"key": "access_code_unusable"}, visit.language)}
    typed = asking.kind not in {"credential", "sign_in"} and (asking.kind != SENT or asking.sent is not None)
    if asking.problem and is_of_way(asking.problem):
        field = "proof_send"
    else:
        field = "proof_code" if told and typed and told["key"] in _AT_FIELD else ""
    faults = {field: _fault(told)} if told and field else {}
    if empty and typed and not told:
        faults = {"proof_code": fault_detail({"key": "missing"}, visit.language)}
    others = [method for method in able(asking.info) if method != asking.method]
    area = _area(target or visit.request.path)
    response = render(
        visit.request,
        "prove.html",
        visit.language,
        status=_status(asking) if told or not faults else 422,
        session=visit.session,
        asking=asking,
        lock=locked(asking.method) if asking.method else None,
        locked=locked,
        action=HERE if target is not None else visit.request.path_qs,
        target=target,
        carried=carried,
        only_here=target is None,
        kept=any(value and name != "command" for name, value in carried),
        problem=None if field or not told or told["key"] in _SAID_BY_PAGE else told,
        others=[*(method for method in others if not locked(method)), *(method for method in others if locked(method))],
        by_code=asking.info.proof.otherwise == "temporary_access_code" and asking.kind != "access_code",
        access_code=ACCESS_CODE,
        again=f"/sign-in?again=1&return_to={quote(DONE if target is None else target, safe='')}",
        area=area,
        form=Form(faults=faults),
    )
    return retrying(response, asking.problem)


def _status(asking: Asked) -> int:
    """Tell that an answer was refused; to be asked for a sign-in or another way is no fault of the browser's."""
    problem = asking.problem
    return problem.status if problem and problem.key not in _SAID_BY_PAGE | {"method_not_found"} else 200


def _fault(told: Mapping[str, Any]) -> str:
    return str(told["errors"][0]["detail"] if told.get("errors") else told["detail"])


def _area(path: str) -> str:
    """Give the list of what the person was about to change, to which they can go back instead."""
    return next((area for area in _AREAS if path == area or path.startswith(f"{area}/")), "/")
