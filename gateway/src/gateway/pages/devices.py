"""The devices with which a person works: list them, rename and disable them."""

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web

from gateway.pages.forms import Form, carry_out, see_other, typed
from gateway.pages.organizations import names
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import REASONS
from shared.contracts import devices as contract

HERE = "/devices"
DONE = ("renamed", "disabled", "disabled-unsafe")
"""What a page may be asked to say that was done: never anything that someone typed."""
_UNSAFE = ("stolen", "not_recognised")
"""Reasons for which somebody else may have been in the account."""


async def show(visit: Visit) -> web.Response:
    """List the devices, with the names of their organizations where these can be had."""
    listed, organizations = await asyncio.gather(devices_of(visit), names(visit))
    done = visit.request.query.get("done")
    return render(
        visit.request,
        "devices.html",
        visit.language,
        session=visit.session,
        groups=_by_organization(listed.devices, organizations),
        done=done if done in DONE else None,
    )


async def ask_name(visit: Visit) -> web.Response:
    """Ask for a device's new name."""
    device = await _device(visit)
    return _rename_page(visit, device, Form(values={"name": device.name}))


async def rename(visit: Visit) -> web.Response:
    """Give a device another name; a refused one stays in the field."""
    name = await typed(visit, "name")
    faults = await carry_out(visit, visit.services.devices, contract.RENAME_DEVICE, {"name": name}, fields=("name",))
    if not faults:
        return see_other(f"{HERE}?done=renamed")
    return _rename_page(visit, await _device(visit), Form(values={"name": name}, faults=faults), status=422)


async def ask_reason(visit: Visit) -> web.Response:
    """Tell what disabling a device would mean, and ask what happened; a disabled one leads to the list."""
    device = await _device(visit)
    if device.state == "disabled":
        return see_other(HERE)
    return await _disable_page(visit, device, Form())


async def disable(visit: Visit) -> web.Response:
    """Disable a device; without a reason the page is shown again."""
    reason = await typed(visit, "reason")
    faults = await carry_out(
        visit, visit.services.devices, contract.DISABLE_DEVICE, {"reason": reason}, fields=("reason",)
    )
    if not faults:
        return see_other(f"{HERE}?done={'disabled-unsafe' if reason in _UNSAFE else 'disabled'}")
    return await _disable_page(visit, await _device(visit), Form(faults=faults), status=422)


async def devices_of(visit: Visit) -> contract.Devices:
    """Ask for the visitor's devices."""
    return (await visit.ask(visit.services.devices, contract.GET_DEVICES)).read(contract.Devices)


def _by_organization(
    devices: Sequence[contract.Device], names_by_id: Mapping[str, str]
) -> list[tuple[str | None, list[contract.Device]]]:
    """Group devices by the names of their organizations, in the order of these; the disabled ones come last."""
    groups: dict[str | None, list[contract.Device]] = {}
    for device in sorted(devices, key=lambda one: one.state == "disabled"):
        groups.setdefault(device.organization_id if device.organization_id in names_by_id else None, []).append(device)
    return [(names_by_id.get(id_ or ""), groups[id_]) for id_ in (*names_by_id, None) if id_ in groups]


async def _device(visit: Visit) -> contract.Device:
    for device in (await devices_of(visit)).devices:
        if device.id == visit.request.match_info["device_id"]:
            return device
    raise contract.DeviceNotFound


def _rename_page(visit: Visit, device: contract.Device, form: Form, status: int = 200) -> web.Response:
    return render(
        visit.request,
        "device_rename.html",
        visit.language,
        status=status,
        session=visit.session,
        device=device,
        form=form,
    )


async def _disable_page(visit: Visit, device: contract.Device, form: Form, status: int = 200) -> web.Response:
    return render(
        visit.request,
        "device_disable.html",
        visit.language,
        status=status,
        session=visit.session,
        device=device,
        organization=(await names(visit)).get(device.organization_id),
        reasons=REASONS,
        form=form,
    )
