"""The devices with which a person works: list them, rename and disable them."""

import asyncio

from aiohttp import web

from gateway.devices import disabled, found, in_use_by_organization, quota, told_apart
from gateway.pages.forms import Form, carry_out, see_other, typed
from gateway.pages.organizations import names
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import REASONS, kind_words
from shared.contracts import devices as contract

HERE = "/devices"
DONE = ("renamed", "asked-back", "disabled", "disabled-gone", "disabled-unsafe")
"""What a page may be asked to say that was done: never anything that someone typed."""
_SAID = {"lost": "disabled-gone", "stolen": "disabled-gone", "not_recognised": "disabled-unsafe"}
"""What is said where somebody else may have the device, or may have been in the account."""
_SEEN_AT_ONCE = 10
"""Devices that are found without a search."""
_LONGEST_SEARCH = 100


async def show(visit: Visit) -> web.Response:
    """List the devices, narrowed down as asked, with the names of their organizations where these can be had."""
    listed, organizations = await asyncio.gather(devices_of(visit), names(visit))
    done = visit.request.query.get("done")
    search = visit.request.query.get("q", "").strip()[:_LONGEST_SEARCH]
    shown = found(
        listed.devices,
        search,
        lambda one: (kind_words(one.kind).label.said(visit.language), organizations.get(one.organization_id, "")),
    )
    return render(
        visit.request,
        "devices.html",
        visit.language,
        session=visit.session,
        groups=in_use_by_organization(shown, organizations),
        disabled=disabled(shown),
        names=organizations,
        apart=told_apart(listed.devices),
        quota=quota(listed),
        search=search,
        searchable=search or len(listed.devices) > _SEEN_AT_ONCE,
        done=done if done in DONE else None,
        form=Form,  # each device's form is a command of its own
    )


async def ask_name(visit: Visit) -> web.Response:
    """Ask for a device's new name."""
    listed = await devices_of(visit)
    return _rename_page(visit, listed, Form(values={"name": _device(visit, listed).name}))


async def rename(visit: Visit) -> web.Response:
    """Give a device another name; a refused one stays in the field."""
    name = await typed(visit, "name")
    faults = await carry_out(visit, visit.services.devices, contract.RENAME_DEVICE, {"name": name}, fields=("name",))
    if not faults:
        return see_other(f"{HERE}?done=renamed")
    return _rename_page(visit, await devices_of(visit), Form(values={"name": name}, faults=faults), status=422)


async def ask_reason(visit: Visit) -> web.Response:
    """Tell what disabling a device would mean, and ask what happened; a disabled one leads to the list."""
    listed = await devices_of(visit)
    if _device(visit, listed).state == "disabled":
        return see_other(HERE)
    return await _disable_page(visit, listed, Form())


async def disable(visit: Visit) -> web.Response:
    """Disable a device; without a reason the page is shown again."""
    reason = await typed(visit, "reason")
    faults = await carry_out(
        visit, visit.services.devices, contract.DISABLE_DEVICE, {"reason": reason}, fields=("reason",)
    )
    if not faults:
        return see_other(f"{HERE}?done={_SAID.get(reason, 'disabled')}")
    return await _disable_page(visit, await devices_of(visit), Form(faults=faults), status=422)


async def ask_back(visit: Visit) -> web.Response:
    """Ask the organization to enable a disabled device again."""
    await carry_out(visit, visit.services.devices, contract.ASK_BACK)
    return see_other(f"{HERE}?done=asked-back")


async def devices_of(visit: Visit) -> contract.Devices:
    """Ask for the visitor's devices."""
    return (await visit.ask(visit.services.devices, contract.GET_DEVICES)).read(contract.Devices)


def _device(visit: Visit, listed: contract.Devices) -> contract.Device:
    for device in listed.devices:
        if device.id == visit.request.match_info["device_id"]:
            return device
    raise contract.DeviceNotFound


def _rename_page(visit: Visit, listed: contract.Devices, form: Form, status: int = 200) -> web.Response:
    device = _device(visit, listed)
    return render(
        visit.request,
        "device_rename.html",
        visit.language,
        status=status,
        session=visit.session,
        device=device,
        apart=told_apart(listed.devices).get(device.id),
        form=form,
    )


async def _disable_page(visit: Visit, listed: contract.Devices, form: Form, status: int = 200) -> web.Response:
    device = _device(visit, listed)
    return render(
        visit.request,
        "device_disable.html",
        visit.language,
        status=status,
        session=visit.session,
        device=device,
        apart=told_apart(listed.devices).get(device.id),
        organization=(await names(visit)).get(device.organization_id),
        reasons=REASONS,
        form=form,
    )
