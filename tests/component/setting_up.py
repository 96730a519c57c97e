"""What a person does to have a method; each takes the API as its first argument, called by that person."""

import time
from typing import Any

import pyotp

from tests.authenticators import SoftwareKey, decoded


def secret_of(setup: dict[str, Any]) -> str:
    return setup["key"].replace(" ", "")


def code(setup: dict[str, Any]) -> str:
    """Give the code that the app shows now."""
    return pyotp.TOTP(secret_of(setup)).now()


def wrong(setup: dict[str, Any]) -> str:
    """Give a code that the app does not show."""
    return f"{(int(code(setup)) + 500_000) % 1_000_000:06}"


async def begin(api: Any, name: str = "Phone") -> dict[str, Any]:
    """Start a setup."""
    status, setup = await api("POST", "/security-info/methods", {"type": "authenticator-app", "name": name})
    assert status == 201, setup
    return setup


async def add(api: Any, name: str = "Phone") -> dict[str, Any]:
    """Set a method up and confirm it; give what its setup showed."""
    setup = await begin(api, name)
    status, method = await api("POST", f"/security-info/methods/{setup['method_id']}/confirm", {"code": code(setup)})
    assert status == 200, method
    return setup


def next_code(setup: dict[str, Any]) -> str:
    """Give the code that the app shows next: the one of now may be used up."""
    totp = pyotp.TOTP(secret_of(setup))
    return totp.at(time.time() + totp.interval)


async def add_recovery_codes(api: Any) -> tuple[str, list[str]]:
    """Add recovery codes, and give their method's id and the codes."""
    status, shown = await api("POST", "/security-info/methods", {"type": "recovery-codes"})
    assert status == 201, shown
    return shown["method_id"], shown["codes"]


async def add_key(api: Any, key: SoftwareKey, name: str = "Key") -> str:
    """Register a security key, and give its id."""
    status, setup = await api("POST", "/security-info/methods", {"type": "security-key", "name": name})
    assert status == 201, setup
    credential = key.register(decoded(setup["options"]["challenge"]))
    path = f"/security-info/methods/{setup['method_id']}/confirm"
    status, method = await api("POST", path, {"credential": credential})
    assert status == 200, method
    return str(setup["method_id"])


async def challenged(api: Any, method_id: str | None = None, **wish: Any) -> dict[str, Any]:
    """Ask for a challenge."""
    status, challenge = await api(
        "POST", "/security-info/proofs", wish | ({"method_id": method_id} if method_id else {})
    )
    assert status == 201, challenge
    return challenge


async def answered(api: Any, challenge: dict[str, Any], **answer: Any) -> tuple[int, Any]:
    """Answer a challenge."""
    return await api("POST", f"/security-info/proofs/{challenge['id']}/answer", answer)
