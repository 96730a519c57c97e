"""The recovery keys of a device: list them without the keys, show one, ask for a new one."""

from urllib.parse import quote

from aiohttp import web

from gateway.pages.devices import HERE
from gateway.pages.forms import Form, carry_out, command_of, see_other
from gateway.rendering import render
from gateway.visiting import Visit
from shared.contracts import devices as contract


async def show(visit: Visit) -> web.Response:
    """List the recovery keys of a device, and none of them."""
    device_id = visit.request.match_info["device_id"]
    answer = await visit.ask(visit.services.devices, contract.GET_RECOVERY_KEYS, device_id=device_id)
    listed = answer.read(contract.RecoveryKeys)
    return render(
        visit.request,
        "recovery_keys.html",
        visit.language,
        session=visit.session,
        listed=listed,
        form=Form,  # each key's forms are commands of their own
        asked=visit.request.query.get("done") == "asked",
    )


async def reveal(visit: Visit) -> web.Response:
    """Show one recovery key, in the answer to a form alone."""
    answer = await visit.command(
        visit.services.devices,
        contract.REVEAL_RECOVERY_KEY,
        command=await command_of(visit),
        device_id=visit.request.match_info["device_id"],
        key_id=visit.request.match_info["key_id"],
    )
    shown = answer.read(contract.RevealedKey)
    response = render(
        visit.request,
        "recovery_key_shown.html",
        visit.language,
        session=visit.session,
        shown=shown,
        back_to=_list_of(visit),
        form=Form(),
        only_here=True,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def go_back(visit: Visit) -> web.Response:
    """Lead to the list who asks for a key by its address, which shows none."""
    return see_other(_list_of(visit))


async def ask_new(visit: Visit) -> web.Response:
    """Ask for a recovery key to be replaced."""
    await carry_out(visit, visit.services.devices, contract.ROTATE_RECOVERY_KEY)
    return see_other(f"{_list_of(visit)}?done=asked")


def _list_of(visit: Visit) -> str:
    return f"{HERE}/{quote(visit.request.match_info['device_id'], safe='')}/recovery-keys"
