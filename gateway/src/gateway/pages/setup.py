"""Adding a method: choose its type, set it up, confirm it with a code."""

from aiohttp import web

from gateway.pages.forms import Form, command_of, faults_of, refuse, see_other, typed
from gateway.pages.methods import HERE, info_of
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import method_words, with_words
from shared.contracts import security_info as contract

TYPE = "authenticator-app"


async def choose(visit: Visit) -> web.Response:
    """Show the types of methods that can be added, with a name to begin with."""
    info = await info_of(visit)
    return _choice(visit, info, Form(values={"name": free_name(info, visit.language)}))


async def start(visit: Visit) -> web.Response:
    """Start the setup of a method; a refused name stays in the field."""
    name = await typed(visit, "name")
    answer = await visit.command(
        visit.services.security_info,
        contract.ADD_METHOD,
        command=await command_of(visit),
        body={"type": TYPE, "name": name},
    )
    if answer.ok:
        return see_other(_address(answer.read(contract.AuthenticatorAppSetup).method_id))
    problem = answer.problem()
    faults = faults_of(problem.model_dump(), visit.language, "name")
    if not faults and problem.key != contract.MethodLimitReached.key:
        raise refuse(answer)
    return _choice(visit, await info_of(visit), Form(values={"name": name}, faults=faults), status=problem.status)


async def show(visit: Visit) -> web.Response:
    """Show the steps of a setup that is under way; one that is finished leads to the list."""
    return await _steps(visit, Form())


async def confirm(visit: Visit) -> web.Response:
    """Finish a setup with a code; a wrong one leads back to the same steps and says how many tries are left."""
    answer = await visit.command(
        visit.services.security_info,
        contract.CONFIRM_METHOD,
        command=await command_of(visit),
        body={"code": await typed(visit, "code")},
        method_id=visit.request.match_info["method_id"],
    )
    problem = None if answer.ok else answer.problem()
    if problem is None or problem.key == contract.MethodConfirmedAlready.key:
        return see_other(f"{HERE}?done=added")
    document = problem.model_dump()
    if problem.key == contract.CodeIncorrect.key:
        faults = {"code": with_words(document, visit.language)["detail"]}
    else:
        faults = faults_of(document, visit.language, "code")
    if not faults:
        raise refuse(answer)
    return await _steps(visit, Form(faults=faults), status=422)


def free_name(info: contract.SecurityInfo, language: str) -> str:
    """Give a name for another method that none of the person's methods has."""
    taken = {method.name for method in info.methods}
    word = method_words(TYPE).label.said(language)
    name, number = word, 2
    while name in taken:
        name, number = f"{word} {number}", number + 1
    return name


def _address(method_id: str) -> str:
    return f"{HERE}/methods/{method_id}/setup"


def _choice(visit: Visit, info: contract.SecurityInfo, form: Form, status: int = 200) -> web.Response:
    return render(
        visit.request,
        "method_add.html",
        visit.language,
        status=status,
        session=visit.session,
        offers=info.can_add,
        form=form,
    )


async def _steps(visit: Visit, form: Form, status: int = 200) -> web.Response:
    method_id = visit.request.match_info["method_id"]
    answer = await visit.ask(visit.services.security_info, contract.GET_SETUP, method_id=method_id)
    if not answer.ok and answer.problem().key == contract.MethodConfirmedAlready.key:
        return see_other(HERE)
    return render(
        visit.request,
        "method_setup.html",
        visit.language,
        status=status,
        session=visit.session,
        setup=answer.read(contract.AuthenticatorAppSetup),
        form=form,
    )
