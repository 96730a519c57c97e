"""A code that was sent to a phone or an address, which counts once the code has come back."""

from urllib.parse import urlencode

from aiohttp import web

from gateway.pages import changing
from gateway.pages.forms import Form, command_of, faults_of, refuse, retrying, see_other, typed
from gateway.pages.methods import HERE
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import with_words
from shared.calling import Answer
from shared.contracts import security_info as contract
from shared.contracts.problem import ProblemDetails


def page(visit: Visit, setup: contract.CodeSetup, form: Form, problem: ProblemDetails | None = None) -> web.Response:
    """Ask for the code that was sent."""
    response = render(
        visit.request,
        "method_setup_code.html",
        visit.language,
        status=problem.status if problem else 200,
        session=visit.session,
        setup=setup,
        own=f"{HERE}/methods/{setup.method_id}",
        action=_address_of(setup),
        again=visit.request.query.get("sent") == "again" and problem is None,
        problem=with_words(problem.model_dump(), visit.language) if problem and not form.faults else None,
        form=form,
    )
    return retrying(response, problem)


async def send_again(visit: Visit) -> web.Response:
    """Send another code, perhaps by the other way; one that is asked for too early is told when it is not."""
    way = await typed(visit, "way")
    answer = await visit.command(
        visit.services.security_info,
        contract.SEND_CODE,
        command=await command_of(visit, "-send"),
        body={"way": way} if way else {},
        method_id=visit.request.match_info["method_id"],
    )
    if answer.ok:
        return see_other(_address_of(answer.read(contract.CodeSetup), sent="again"))
    problem = answer.problem()
    if problem.key == contract.MethodConfirmedAlready.key:
        return see_other(HERE)
    if problem.key == contract.SetupEnded.key:
        return await changing.ended(visit, answer)
    faults = faults_of(problem.model_dump(), visit.language, "way")
    if not faults and problem.key != contract.TooManySends.key:
        raise refuse(answer)
    setup = await _setup(visit)
    return page(visit, setup, Form(faults=faults), problem) if setup else see_other(HERE)


async def give_up(visit: Visit) -> web.Response:
    """Give up what waits for a code; a method that counts stays, with what it has."""
    setup = await _setup(visit)
    if setup is None:
        return see_other(HERE)
    answer = await visit.command(
        visit.services.security_info,
        contract.GIVE_UP_CHANGE if setup.changes else contract.REMOVE_METHOD,
        command=await command_of(visit, "-give-up"),
        method_id=setup.method_id,
    )
    if not answer.ok and answer.problem().key != contract.MethodNotFound.key:
        raise refuse(answer)
    if await typed(visit, "then") == "again":
        return see_other(_beginning_of(setup))
    return see_other(HERE)


def _address_of(setup: contract.CodeSetup, **told: str) -> str:
    query = urlencode({**({"replaces": setup.replaces} if setup.replaces else {}), **told})
    return f"{HERE}/methods/{setup.method_id}/setup{'?' if query else ''}{query}"


def _beginning_of(setup: contract.CodeSetup) -> str:
    if setup.changes:
        return f"{HERE}/methods/{setup.method_id}/change"
    return f"{HERE}/add/{setup.type}{'?' + urlencode({'replaces': setup.replaces}) if setup.replaces else ''}"


async def _setup(visit: Visit) -> contract.CodeSetup | None:
    answer: Answer = await visit.ask(
        visit.services.security_info, contract.GET_SETUP, method_id=visit.request.match_info["method_id"]
    )
    if not answer.ok:
        return None
    setup = answer.read(contract.MethodStarted).root
    return setup if isinstance(setup, contract.CodeSetup) else None
