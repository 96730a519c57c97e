"""The methods of security info: list them, choose the default, rename and remove."""

from aiohttp import web

from gateway.pages.forms import Form, carry_out, see_other, typed
from gateway.rendering import render
from gateway.visiting import Visit
from shared.contracts import security_info as contract

HERE = "/security-info"
DONE = ("added", "renamed", "removed", "default")
"""What a page may be asked to say that was done: never anything that someone typed."""


async def show(visit: Visit) -> web.Response:
    """List the methods."""
    done = visit.request.query.get("done")
    return render(
        visit.request,
        "security_info.html",
        visit.language,
        session=visit.session,
        info=await info_of(visit),
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
    info, method = await _method(visit)
    others = [other for other in info.methods if other.id != method.id]
    return render(
        visit.request,
        "method_remove.html",
        visit.language,
        session=visit.session,
        method=method,
        others=others,
        # The service moves the default to the oldest other method, and lists the oldest first.
        successor=others[0] if others and method.is_default else None,
        form=Form(),
    )


async def remove(visit: Visit) -> web.Response:
    """Remove a method."""
    await carry_out(visit, visit.services.security_info, contract.REMOVE_METHOD)
    return see_other(f"{HERE}?done=removed")


async def info_of(visit: Visit) -> contract.SecurityInfo:
    """Ask for the visitor's security info."""
    return (await visit.ask(visit.services.security_info, contract.GET_SECURITY_INFO)).read(contract.SecurityInfo)


async def _method(visit: Visit) -> tuple[contract.SecurityInfo, contract.Method]:
    info = await info_of(visit)
    for method in info.methods:
        if method.id == visit.request.match_info["method_id"]:
            return info, method
    raise contract.MethodNotFound


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
