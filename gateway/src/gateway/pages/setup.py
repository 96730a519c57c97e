"""A setup that is under way: its steps, and what finishes it."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic_core import from_json

from gateway.language import form_of
from gateway.pages import changing, sent_codes
from gateway.pages.forms import Form, command_of, faults_of, refuse, see_other, typed
from gateway.pages.methods import HERE, info_of
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import with_words
from shared.contracts import security_info as contract
from shared.contracts.problem import Invalid, ProblemDetails

_TOLD = {
    problem.key
    for problem in (
        contract.CredentialRefused,
        contract.MethodLimitReached,
        contract.MethodTypeNotAllowed,
        contract.MethodNeeded,
    )
}
"""What leaves the setup under way."""
_AT_CODE = {contract.CodeIncorrect.key, contract.CodeExpired.key}


async def show(visit: Visit) -> web.Response:
    """Show the steps of a setup that is under way; one that is finished leads to the list."""
    return await _steps(visit, Form())


async def confirm(visit: Visit) -> web.Response:
    """Finish a setup; what is refused leads back to the same steps, which say why."""
    if (await form_of(visit.request)).get("credential") == "":
        return await _steps(visit, Form(), silent=True)
    answer = await visit.command(
        visit.services.security_info,
        contract.CONFIRM_METHOD,
        command=await command_of(visit),
        body=await _body(visit),
        method_id=visit.request.match_info["method_id"],
    )
    problem = None if answer.ok else answer.problem()
    if problem is None or problem.key == contract.MethodConfirmedAlready.key:
        return see_other(f"{HERE}?done={await _done(visit)}")
    if problem.key == contract.SetupEnded.key:
        return await changing.ended(visit, answer)
    document = problem.model_dump()
    if problem.key in _AT_CODE:
        faults = {"code": with_words(document, visit.language)["detail"]}
    else:
        faults = faults_of(document, visit.language, "code")
    if not faults and problem.key not in _TOLD and not _is_of_the_credential(document):
        raise refuse(answer)
    return await _steps(visit, Form(faults=faults), problem=problem)


async def _body(visit: Visit) -> Mapping[str, Any]:
    credential = await typed(visit, "credential")
    if not credential:
        return {"code": await typed(visit, "code")}
    try:
        return {"credential": from_json(credential)}
    except ValueError:
        return {"credential": {}}


def _is_of_the_credential(document: Mapping[str, Any]) -> bool:
    faults = document.get("errors", ())
    return document["key"] == Invalid.key and all(fault["pointer"].startswith("/credential") for fault in faults)


async def _done(visit: Visit) -> str:
    if await typed(visit, "changes"):
        return "changed"
    return "replaced" if visit.request.query.get("replaces") else "added"


async def _steps(
    visit: Visit, form: Form, problem: ProblemDetails | None = None, *, silent: bool = False
) -> web.Response:
    method_id = visit.request.match_info["method_id"]
    answer = await visit.ask(visit.services.security_info, contract.GET_SETUP, method_id=method_id)
    refused = None if answer.ok else answer.problem().key
    if refused == contract.MethodConfirmedAlready.key:
        return see_other(HERE)
    if refused == contract.SetupEnded.key:
        return await changing.ended(visit, answer)
    setup = answer.read(contract.MethodStarted).root
    if isinstance(setup, contract.CodeSetup):
        return sent_codes.page(visit, setup, form, problem)
    if not isinstance(setup, contract.AuthenticatorAppSetup | contract.SecurityKeySetup):
        return see_other(HERE)
    replaced = None
    if setup.replaces:
        there = (await info_of(visit)).methods
        replaced = next((method for method in there if method.id == setup.replaces), None)
    return render(
        visit.request,
        "method_setup.html" if isinstance(setup, contract.AuthenticatorAppSetup) else "method_setup_key.html",
        visit.language,
        status=problem.status if problem else (422 if silent else 200),
        session=visit.session,
        setup=setup,
        replaced=replaced,
        action=visit.request.path_qs,
        silent=silent,
        problem=with_words(problem.model_dump(), visit.language) if problem and not form.faults else None,
        form=form,
    )
