"""Whether an account is all right, and what to look at next: a rule over what the overview's sections tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.choosing import FEW_CODES, RECOVERY_CODES, names_of
from shared.contracts import gateway as contract
from shared.contracts.devices import Device
from shared.contracts.security_info import Method, Need, SecurityInfo

IDLE = timedelta(days=90)
"""For how long a device is not active before one is asked about it."""
ALARMING = timedelta(days=14)
"""For how long one is asked about a sign-in with the right password that did not get past the second step."""
NAMED = 2
"""How many devices a finding names; the others are counted."""

Verdict = Literal["all_right", "to_look_at", "partly_unchecked", "unchecked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, about *count* things of which *names* has the first; its words are looked up by *key*.

    *number* is how much is required, or left.
    """

    key: str
    names: tuple[str, ...] = ()
    count: int = 0
    number: int = 0


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
    steps = (
        *_tried(overview.privacy.content, now),
        *(_missing(info) if info else ()),
        *_about("methods_locked", *(method for method in info.methods if method.locks) if info else ()),
        *_about("devices_not_compliant", *faulty),
        *_waiting(overview.privacy.content),
        *(_weak(info) if info else ()),
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


def _missing(info: SecurityInfo) -> Iterator[Finding]:
    """Find what organizations require and there is not; only where they do not, a password that stands alone."""
    lacking = [need for need in info.needs if need.registered < need.required]
    yield from (_required(info, need) for need in lacking)
    if not _second_steps(info) and "two_step" not in {need.purpose for need in lacking}:
        yield Finding("no_method")


def _required(info: SecurityInfo, need: Need) -> Finding:
    known = names_of(info)
    names = [known.get(id_, id_) for id_ in need.organizations]
    return Finding(f"{need.purpose}_required", tuple(names[:NAMED]), len(names), need.required)


def _tried(told: contract.PrivacySummary | None, now: datetime) -> Iterator[Finding]:
    if told and told.second_step_failed_at and now - told.second_step_failed_at < ALARMING:
        yield Finding("password_known")


def _waiting(told: contract.PrivacySummary | None) -> Iterator[Finding]:
    if told and told.terms_to_accept:
        yield Finding("terms_waiting", number=told.terms_to_accept)


def _weak(info: SecurityInfo) -> Iterator[Finding]:
    """Find what would lock the person out if one thing was lost."""
    second = _second_steps(info)
    required = any(need.purpose == "two_step" and need.registered < need.required for need in info.needs)
    if len(second) == 1 and not required and _can_add(info):
        yield from _about("single_method", *second)
    codes = next((method for method in info.methods if method.type == RECOVERY_CODES), None)
    if codes and codes.remaining is not None and codes.remaining <= FEW_CODES:
        yield Finding("recovery_codes_few" if codes.remaining else "recovery_codes_used_up", number=codes.remaining)
    elif second and not codes and any(offer.type == RECOVERY_CODES for offer in info.can_add):
        yield Finding("no_recovery_codes")


def _second_steps(info: SecurityInfo) -> list[Method]:
    """Give the methods for two-step verification; recovery codes only stand in for one."""
    return [method for method in info.methods if "two_step" in method.purposes and method.type != RECOVERY_CODES]


def _about(key: str, *things: Device | Method) -> Iterator[Finding]:
    if things:
        yield Finding(key, tuple(thing.name for thing in things[:NAMED]), len(things))


def _is_idle(device: Device, now: datetime) -> bool:
    """Tell whether it was active once and is no more; of one that never told, nothing is known."""
    return device.last_active_at is not None and now - device.last_active_at >= IDLE


def _can_add(info: SecurityInfo) -> bool:
    return any(
        offer.registered < offer.limit and "two_step" in offer.purposes and offer.type != RECOVERY_CODES
        for offer in info.can_add
    )


def _verdict(*, found: bool, checked: tuple[bool, ...]) -> Verdict:
    if found:
        return "to_look_at"
    if all(checked):
        return "all_right"
    return "partly_unchecked" if any(checked) else "unchecked"
