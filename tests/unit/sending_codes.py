"""Let codes be sent and typed, right but for what a test wants otherwise."""

from datetime import timedelta
from typing import Any

from security_info import enrolling, reaching
from security_info.methods import Reachable
from security_info.model import SecurityInfo
from shared.facts import Facts
from shared.letters import Channel
from shared.testing import facts_at
from tests.unit.furnished import ANYTHING, NOW, UNHURRIED, right_code, target, wish

PHONE, EMAIL = "phone", "email"
NUMBER, ANOTHER = "+46701740605", "+46701740699"
_USUAL: dict[str, Channel] = {PHONE: "text", EMAIL: "mail"}


def after(seconds: float, chance: int = 50) -> Facts:
    return facts_at(NOW.now + timedelta(seconds=seconds), chance=chance)


def adding(
    info: SecurityInfo, type_: str = PHONE, to: str = NUMBER, *, facts: Facts = NOW, way: Any = None, **other: Any
) -> Any:
    """Start a setup of what a code is sent to."""
    known = {"sending": UNHURRIED, "policies": ANYTHING, **other}
    wanted = wish(type_, **{name: known.pop(name) for name in ("name", "replaces") if name in known})
    goal = target(to, way or _USUAL[type_])
    return enrolling.start_reaching(info, facts, wish=wanted, target=goal, **known)


def changing(
    info: SecurityInfo, method_id: str, to: str = ANOTHER, *, facts: Facts = NOW, way: Any = None, **other: Any
) -> Any:
    """Ask for another number or address."""
    type_ = other.pop("type_", info.methods[method_id].type if method_id in info.methods else PHONE)
    goal = target(to, way or _USUAL[type_])
    known = {"sending": UNHURRIED, "policies": ANYTHING, **other}
    return reaching.start_change(info, facts, method_id=method_id, type_=type_, target=goal, **known)


def again(info: SecurityInfo, method_id: str, *, facts: Facts = NOW, way: Any = None, **other: Any) -> Any:
    """Ask for another code."""
    known = {"sending": UNHURRIED, "policies": ANYTHING, **other}
    return reaching.send_again(info, facts, method_id=method_id, way=way, **known)


def typing(info: SecurityInfo, method_id: str, code: str, *, facts: Facts = NOW, allowed: Any = ANYTHING) -> Any:
    """Type a code that was sent."""
    return enrolling.confirm_code(info, facts, method_id=method_id, code=code, policies=allowed)


def mistyped(info: SecurityInfo, method_id: str) -> str:
    """Give a code that was not sent."""
    return f"{(int(right_code(info, method_id)) + 1) % 1_000_000:06}"


def reachable(info: SecurityInfo, method_id: str) -> Reachable:
    method = info.methods[method_id]
    assert isinstance(method, Reachable)
    return method
