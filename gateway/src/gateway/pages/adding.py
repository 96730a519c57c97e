"""Adding a method: choose its type, then give what this type needs; a setup or what is shown once follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from gateway.choosing import Choice, choices
from gateway.pages.answering import answers_typed, faults_of_answers, questions_of
from gateway.pages.forms import Form, command_of, faults_of, refuse, retrying, see_other, typed
from gateway.pages.methods import HERE, info_of
from gateway.pages.reaching import REACHED, faults_of_target, reach_of, target_typed
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import with_words
from shared.contracts import security_info as contract
from shared.contracts.problem import NotFound, ProblemDetails
from shared.telling import METHODS, method_words

ADD = f"{HERE}/add"
QUESTIONS, KEY = "security-questions", "security-key"
NAMED = ("authenticator-app", KEY, "app-password")
_TOLD = {
    problem.key
    for problem in (
        contract.MethodLimitReached,
        contract.MethodTypeNotAllowed,
        contract.MethodNeeded,
        contract.MethodNotFound,
        contract.TooManySends,
    )
}
"""What is told above the form, where nothing that was typed is lost."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A type of method that someone wants to add, and the method in whose place it is to come."""

    info: contract.SecurityInfo
    type: str
    replaced: contract.Method | None

    @property
    def choice(self) -> Choice:
        """Tell whether it can be added; raises `NotFound` where no such type is known."""
        found = next((one for one in choices(self.info, self.replaced) if one.type == self.type), None)
        if found is None or self.type not in METHODS:
            raise NotFound
        return found


async def choose(visit: Visit) -> web.Response:
    """Show the types of methods that can be added, and why not where one cannot."""
    info = await info_of(visit)
    replaced = _replaced(info, visit.request.query.get("replaces", ""))
    return render(
        visit.request,
        "method_add.html",
        visit.language,
        session=visit.session,
        choices=[choice for choice in choices(info, replaced) if choice.type in METHODS],
        address_of=address_of,
        replaced=replaced,
    )


async def ask(visit: Visit) -> web.Response:
    """Ask for what a type of method needs; one that cannot be added leads to where it is told why."""
    info = await info_of(visit)
    replaces = visit.request.query.get("replaces", "")
    wish = Wish(info, visit.request.match_info["type"], _replaced(info, replaces))
    choice = wish.choice
    if choice.state == "there":
        return see_other(address_of(choice))
    if choice.state != "open":
        return see_other(f"{ADD}{_query(replaces)}")
    return await _form_page(visit, wish, Form(values={"name": free_name(info, wish.type, visit.language)}))


async def start(visit: Visit) -> web.Response:
    """Add a method or start its setup; what was typed and refused stays in its fields."""
    type_, replaces = visit.request.match_info["type"], await typed(visit, "replaces")
    if type_ not in METHODS:
        raise NotFound
    answer = await visit.command(
        visit.services.security_info, contract.ADD_METHOD, command=await command_of(visit), body=await _body(visit)
    )
    if answer.ok:
        return _begun(visit, answer.read(contract.MethodStarted).root, replaces)
    problem = answer.problem()
    if problem.key == contract.MethodConfirmedAlready.key:
        return see_other(_done(replaces))
    if problem.key == contract.ShownOnce.key:
        return _shown_once_page(visit, type_, problem)
    form = await _form(visit, problem)
    if not form.faults and problem.key not in _TOLD:
        raise refuse(answer)
    info = await info_of(visit)
    wish = Wish(info, type_, _replaced(info, replaces))
    return await _form_page(visit, wish, form, problem=problem)


def address_of(choice: Choice) -> str:
    """Give the address where a type of method is added."""
    return f"{ADD}/{choice.type}{_query(choice.replaces)}"


def free_name(info: contract.SecurityInfo, type_: str, language: str) -> str:
    """Give a name for another method that none of the person's methods has."""
    taken = {method.name for method in info.methods}
    word = method_words(type_).label.said(language)
    name, number = word, 2
    while name in taken:
        name, number = f"{word} {number}", number + 1
    return name


def _begun(visit: Visit, started: Any, replaces: str) -> web.Response:
    match started:
        case contract.MethodDone():
            return see_other(_done(replaces))
        case contract.AppPasswordShown() | contract.RecoveryCodesShown():
            return _secret_page(visit, started, replaced=bool(replaces))
        case _:
            return see_other(f"{HERE}/methods/{started.method_id}/setup{_query(replaces)}")


def _done(replaces: str) -> str:
    return f"{HERE}?done={'replaced' if replaces else 'added'}"


def _query(replaces: str | None) -> str:
    return f"?{urlencode({'replaces': replaces})}" if replaces else ""


def _replaced(info: contract.SecurityInfo, replaces: str) -> contract.Method | None:
    return next((method for method in info.methods if method.id == replaces), None)


async def _body(visit: Visit) -> Mapping[str, Any]:
    type_, replaces = visit.request.match_info["type"], await typed(visit, "replaces")
    body: dict[str, Any] = {"type": type_, **({"replaces": replaces} if replaces else {})}
    if type_ in NAMED:
        body["name"] = await typed(visit, "name")
    if type_ == KEY:
        body["discoverable"] = bool(await typed(visit, "discoverable"))
    if type_ == QUESTIONS:
        body["answers"] = await answers_typed(visit)
    if type_ in REACHED:
        body |= await target_typed(visit, type_)
    return body


async def _form(visit: Visit, problem: ProblemDetails) -> Form:
    fields = await visit.request.post()
    values = {name: value for name, value in fields.items() if isinstance(value, str)}
    document = problem.model_dump()
    type_ = visit.request.match_info["type"]
    if type_ == QUESTIONS:
        faults = faults_of_answers(document, visit.language)
    elif type_ in REACHED:
        faults = faults_of_target(document, visit.language)
    else:
        faults = faults_of(document, visit.language, "name")
    return Form(values=values, faults=faults)


async def _form_page(visit: Visit, wish: Wish, form: Form, problem: ProblemDetails | None = None) -> web.Response:
    asked = await questions_of(visit, wish.info) if wish.type == QUESTIONS else None
    page = render(
        visit.request,
        "method_form.html",
        visit.language,
        status=problem.status if problem else 200,
        session=visit.session,
        type=wish.type,
        named=wish.type in NAMED,
        is_new=problem is None,
        replaced=wish.replaced,
        asked=asked,
        reach=reach_of(visit, wish.info, wish.type),
        problem=with_words(problem.model_dump(), visit.language) if problem and not form.faults else None,
        action=f"{ADD}/{wish.type}",
        again=f"{ADD}{_query(wish.replaced.id if wish.replaced else None)}",
        form=form,
    )
    return retrying(page, problem)


def _secret_page(
    visit: Visit, shown: contract.AppPasswordShown | contract.RecoveryCodesShown, *, replaced: bool
) -> web.Response:
    response = render(
        visit.request,
        "method_shown.html",
        visit.language,
        session=visit.session,
        shown=shown,
        replaced=replaced,
        only_here=True,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown_once_page(visit: Visit, type_: str, problem: ProblemDetails) -> web.Response:
    return render(
        visit.request,
        "method_shown_once.html",
        visit.language,
        status=problem.status,
        session=visit.session,
        type=type_,
        problem=with_words(problem.model_dump(), visit.language),
        method_id=problem.model_dump().get("method_id", ""),
    )
