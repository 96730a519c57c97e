"""Giving a phone or an e-mail address another target: what is there holds until a code sent to the new one is back."""

from aiohttp import web

from gateway.pages.forms import Form, command_of, refuse, retrying, see_other
from gateway.pages.methods import HERE, info_of, method_of
from gateway.pages.reaching import REACHED, faults_of_target, reach_of, target_typed
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import with_words
from shared.calling import Answer
from shared.contracts import security_info as contract
from shared.contracts.problem import NotFound, ProblemDetails


async def ask(visit: Visit) -> web.Response:
    """Ask where codes are to go from now on."""
    info, method = await _changeable(visit)
    return _page(visit, info, method, Form(values={"way": method.way or ""}))


async def change(visit: Visit) -> web.Response:
    """Take the new target, to which a code then goes; what was typed and refused stays in its fields."""
    info, method = await _changeable(visit)
    answer = await visit.command(
        visit.services.security_info,
        contract.CHANGE_METHOD,
        command=await command_of(visit),
        body=await target_typed(visit, method.type),
        method_id=method.id,
    )
    if answer.ok:
        waits = answer.read(contract.Method).changing_to is not None
        return see_other(f"{HERE}/methods/{method.id}/setup" if waits else f"{HERE}?done=changed")
    problem = answer.problem()
    faults = faults_of_target(problem.model_dump(), visit.language)
    if not faults and problem.key != contract.TooManySends.key:
        raise refuse(answer)
    fields = await visit.request.post()
    values = {name: value for name, value in fields.items() if isinstance(value, str)}
    return _page(visit, info, method, Form(values=values, faults=faults), problem)


async def ended(visit: Visit, answer: Answer) -> web.Response:
    """Tell that a change came to nothing, where it can be begun again; raises the end of any other setup."""
    info = await info_of(visit)
    method = next((one for one in info.methods if one.id == visit.request.match_info["method_id"]), None)
    if method is None or method.type not in REACHED:
        raise refuse(answer)
    return _page(visit, info, method, Form(values={"way": method.way or ""}), answer.problem())


async def _changeable(visit: Visit) -> tuple[contract.SecurityInfo, contract.Method]:
    info = await info_of(visit)
    method = method_of(info, visit.request.match_info["method_id"])
    if method.type not in REACHED:
        raise NotFound
    if method.managed:
        raise contract.MethodIsManaged
    barred = next((one for one in info.not_offered if one.type == method.type), None)
    if barred:
        raise contract.MethodTypeNotAllowed(organizations=list(barred.organizations))
    return info, method


def _page(
    visit: Visit,
    info: contract.SecurityInfo,
    method: contract.Method,
    form: Form,
    problem: ProblemDetails | None = None,
) -> web.Response:
    page = render(
        visit.request,
        "method_change.html",
        visit.language,
        status=problem.status if problem else 200,
        session=visit.session,
        method=method,
        reach=reach_of(visit, info, method.type),
        problem=with_words(problem.model_dump(), visit.language) if problem and not form.faults else None,
        form=form,
    )
    return retrying(page, problem)
