"""Whether an account is all right, and what to look at next: a rule over what the overview's sections tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.contracts import gateway as contract
from shared.contracts.devices import Device
from shared.contracts.security_info import Method, SecurityInfo

IDLE = timedelta(days=90)
"""For how long a device is not active before one is asked about it."""
NAMED = 2
"""How many devices a finding names; the others are counted."""

Verdict = Literal["all_right", "to_look_at", "partly_unchecked", "unchecked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, about *count* things of which *names* has the first; its words are looked up by *key*."""

    key: str
    names: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What there is to look at, the most important first, and what could not be checked."""

    verdict: Verdict
    steps: tuple[Finding, ...] = ()
    unchecked: tuple[Finding, ...] = ()


def check_up(overview: contract.Overview, now: datetime) -> CheckUp:
    """Tell whether the account looks all right; what a section does not tell is neither good nor bad."""
    info, devices = overview.security_info.content, overview.devices.content
    used = [device for device in devices.devices if device.state != "disabled"] if devices else []
    faulty = [device for device in used if device.compliance == "not_compliant"]
    idle = [device for device in used if device.compliance != "not_compliant" and _is_idle(device, now)]
    two_step = [method for method in info.methods if "two_step" in method.purposes] if info else []
    steps = (
        *([Finding("no_method")] if info and not two_step else ()),
        *_about("devices_not_compliant", *faulty),
        *(_about("single_method", *two_step) if info and len(two_step) == 1 and _can_add(info) else ()),
        *_about("devices_idle", *idle),
    )
    unchecked = (
        *([Finding("security_info_unchecked")] if info is None else ()),
        *([Finding("devices_unchecked")] if devices is None else ()),
    )
    return CheckUp(
        verdict=_verdict(found=bool(steps), checked=(info is not None, devices is not None)),
        steps=steps,
        unchecked=unchecked,
    )


def _about(key: str, *things: Device | Method) -> Iterator[Finding]:
    if things:
        yield Finding(key, tuple(thing.name for thing in things[:NAMED]), len(things))


def _is_idle(device: Device, now: datetime) -> bool:
    """Tell whether it was active once and is no more; of one that never told, nothing is known."""
    return device.last_active_at is not None and now - device.last_active_at >= IDLE


def _can_add(info: SecurityInfo) -> bool:
    return any(offer.registered < offer.limit for offer in info.can_add)


def _verdict(*, found: bool, checked: tuple[bool, ...]) -> Verdict:
    if found:
        return "to_look_at"
    if all(checked):
        return "all_right"
    return "partly_unchecked" if any(checked) else "unchecked"
