"""What a person does to have a method; each takes the API as its first argument, called by that person."""

from typing import Any

import pyotp


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
