"""The methods of security info: list them, choose the default, rename and remove."""

from aiohttp import web

from gateway.choosing import FEW_CODES, asks, choices, groups, names_of, reasons
from gateway.pages.forms import Form, carry_out, command_of, refuse, see_other, typed
from gateway.pages.reaching import REACHED
from gateway.rendering import render
from gateway.visiting import Visit
from shared.contracts import security_info as contract

HERE = "/security-info"
DONE = ("added", "replaced", "kept", "changed", "renamed", "removed", "default")
"""What a page may be asked to say that was done: never anything that someone typed."""


async def show(visit: Visit) -> web.Response:
    """List the methods, and what one's organizations ask for."""
    info = await info_of(visit)
    done = visit.request.query.get("done")
    return render(
        visit.request,
        "security_info.html",
        visit.language,
        session=visit.session,
        info=info,
        groups=groups(info),
        organizations=asks(info),
        open_types=[choice.type for choice in choices(info) if choice.state == "open"],
        changeable=[offer.type for offer in info.can_add if offer.type in REACHED],
        names=names_of(info),
        reasons={method.id: list(reasons(info, method)) for method in info.methods},
        few=FEW_CODES,
        done=done if done in DONE else None,
        form=Form(),
    )


async def make_default(visit: Visit) -> web.Response:
    """Make a method the one that is asked for first."""
    wish = {"method_id": visit.request.match_info["method_id"]}
    await carry_out(visit, visit.services.security_info, contract.SET_DEFAULT_METHOD, wish)
    return see_other(f"{HERE}?done=default")


async def ask_name(visit: Visit) -> web.Response:
    """Ask for a method's new name."""
    _, method = await _method(visit)
    if method.managed:
        raise contract.MethodIsManaged
    if not method.can_be_renamed:
        raise contract.MethodCannotBeRenamed
    return _rename_page(visit, method, Form(values={"name": method.name}))


async def rename(visit: Visit) -> web.Response:
    """Give a method another name; a refused one stays in the field."""
    name = await typed(visit, "name")
    faults = await carry_out(
        visit, visit.services.security_info, contract.CHANGE_METHOD, {"name": name}, fields=("name",)
    )
    if not faults:
        return see_other(f"{HERE}?done=renamed")
    _, method = await _method(visit)
    return _rename_page(visit, method, Form(values={"name": name}, faults=faults), status=422)


async def ask_removal(visit: Visit) -> web.Response:
    """Tell what removing a method would mean, and ask."""
    return await _removal_page(visit)


async def remove(visit: Visit) -> web.Response:
    """Remove a method; one that became required meanwhile leads back to the question, which tells it."""
    answer = await visit.command(
        visit.services.security_info,
        contract.REMOVE_METHOD,
        command=await command_of(visit),
        method_id=visit.request.match_info["method_id"],
    )
    if answer.ok:
        return see_other(f"{HERE}?done=removed")
    problem = answer.problem()
    if problem.key != contract.MethodNeeded.key:
        raise refuse(answer)
    return await _removal_page(visit, status=problem.status)


async def info_of(visit: Visit) -> contract.SecurityInfo:
    """Ask for the visitor's security info."""
    return (await visit.ask(visit.services.security_info, contract.GET_SECURITY_INFO)).read(contract.SecurityInfo)


def method_of(info: contract.SecurityInfo, method_id: str) -> contract.Method:
    """Give a method by its id; raises `MethodNotFound`."""
    for method in info.methods:
        if method.id == method_id:
            return method
    raise contract.MethodNotFound


async def _method(visit: Visit) -> tuple[contract.SecurityInfo, contract.Method]:
    info = await info_of(visit)
    return info, method_of(info, visit.request.match_info["method_id"])


def _rename_page(visit: Visit, method: contract.Method, form: Form, status: int = 200) -> web.Response:
    return render(
        visit.request,
        "method_rename.html",
        visit.language,
        status=status,
        session=visit.session,
        method=method,
        form=form,
    )


async def _removal_page(visit: Visit, status: int = 200) -> web.Response:
    info, method = await _method(visit)
    if method.managed:
        raise contract.MethodIsManaged
    able = [other for other in info.methods if other.id != method.id and other.can_be_default]
    return render(
        visit.request,
        "method_remove.html",
        visit.language,
        status=status,
        session=visit.session,
        method=method,
        reasons=list(reasons(info, method)),
        # The service moves the default to the oldest other method that can be it, and lists the oldest first.
        successor=able[0] if able and method.is_default else None,
        is_last=info.proof.methods == (method.id,),
        form=Form(),
    )
