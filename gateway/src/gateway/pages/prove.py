"""Recent proof: a person is led through it and back to what they were doing, with nothing typed lost."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from aiohttp import web
from pydantic_core import from_json

from gateway.language import form_of, local_path
from gateway.pages.forms import Form, see_other
from gateway.proofs import ACCESS_CODE, MARGIN, Asked, Reply, is_proved, locked, prove
from gateway.rendering import render
from gateway.visiting import Page, Visit
from gateway.words import with_words
from shared.contracts import security_info as contract

HERE = "/prove"
_OURS = "proof_"
"""What the names of the fields begin with that are about the proof; all others are the interrupted form's."""
_ALL: contract.ProofScope = "security-info.change"

Carried = Sequence[tuple[str, str]]


async def show(visit: Visit) -> web.Response:
    """Ask for a proof, unless there is one, and go on to where the person wanted to be."""
    target = local_path(visit.request.query.get("return_to", "/"))
    if is_proved(visit, _ALL, margin=MARGIN):
        return see_other(target)
    visit, asking = await prove(visit, Reply(method_id=visit.request.query.get("with", "")))
    return see_other(target) if asking is None else _page(visit, asking, target=target)


async def answer(visit: Visit) -> web.Response:
    """Take an answer, and go on to where the person wanted to be."""
    fields = await form_of(visit.request)
    target = local_path(str(fields.get("return_to", "/")))
    visit, asking = await prove(visit, await _reply(visit))
    return see_other(target) if asking is None else _page(visit, asking, target=target)


async def proving(visit: Visit, page: Page, scope: str) -> web.StreamResponse:
    """Answer with *page* once the person has proved who they are.

    A form that was sent without a proof is carried along while the person is asked, and then goes on as it was.
    """
    if visit.request.method != "POST":
        if is_proved(visit, scope, margin=MARGIN):
            return await page(visit)
        return see_other(f"{HERE}?return_to={quote(visit.request.path_qs, safe='')}")
    if is_proved(visit, scope):
        return await page(visit)
    visit, asking = await prove(visit, await _reply(visit))
    return await page(visit) if asking is None else _page(visit, asking, carried=await _carried(visit))


async def _reply(visit: Visit) -> Reply:
    fields = await form_of(visit.request)
    sent = {name: value for name, value in fields.items() if isinstance(value, str) and name.startswith(_OURS)}
    chosen = sent.get("proof_choose")
    if chosen:  # another method was asked for: what is in the field was meant for this one
        return Reply(method_id=chosen)
    return Reply(
        method_id=sent.get("proof_with", ""),
        code=sent.get("proof_code", "").strip(),
        credential=_credential(sent.get("proof_credential", "")),
        challenge_id=sent.get("proof_challenge", ""),
        command=sent.get("proof_command", "")[:50],
    )


def _credential(text: str) -> Mapping[str, object] | None:
    try:
        read = from_json(text) if text else None
    except ValueError:
        return {}
    return read if isinstance(read, dict) else None


async def _carried(visit: Visit) -> Carried:
    fields = await form_of(visit.request)
    return [(name, value) for name, value in fields.items() if isinstance(value, str) and not name.startswith(_OURS)]


def _page(visit: Visit, asking: Asked, *, target: str | None = None, carried: Carried = ()) -> web.Response:
    problem = asking.problem
    told = with_words(problem.model_dump(), visit.language) if problem else None
    faults = {}
    if told and told["key"] in {"code_incorrect", "invalid"}:
        faults = {"proof_code": told["errors"][0]["detail"] if told.get("errors") else told["detail"]}
    methods = [method for method in asking.info.methods if method.id in asking.info.proof.methods]
    return render(
        visit.request,
        "prove.html",
        visit.language,
        status=problem.status if problem and asking.kind != "sign_in" else 200,
        session=visit.session,
        asking=asking,
        action=HERE if target is not None else visit.request.path,
        target=target,
        carried=carried,
        problem=told if told and not faults else None,
        locked=locked,
        others=[method for method in methods if asking.method is None or method.id != asking.method.id],
        by_code=asking.info.proof.otherwise == "temporary_access_code" and asking.kind != "access_code",
        access_code=ACCESS_CODE,
        again=f"/sign-in?again=1&return_to={quote(target if target is not None else '/prove/done', safe='')}",
        form=Form(faults=faults),
    )


async def done(visit: Visit) -> web.Response:
    """Tell that the person is signed in anew, in the tab that was opened for it."""
    return render(visit.request, "prove_done.html", visit.language, session=visit.session)
