"""What a person does to have a phone or an address; each takes the API as its first argument, called by that person."""

import uuid
from itertools import count
from typing import Any

from tests.arriving import Post, code_in
from tests.waiting import until

METHODS = "/security-info/methods"
_NUMBERS = count(2_000_000)


def new_number() -> str:
    """Give a Swedish number that no other test has: one number gets only so many codes."""
    return f"+4670{next(_NUMBERS)}"


def new_address() -> str:
    return f"{uuid.uuid4().hex[:10]}@home.example"


def phone(number: str, **more: Any) -> dict[str, Any]:
    """Give the wish for a phone, typed as at home."""
    return {"type": "phone", "number": {"country": "SE", "typed": f"0{number[3:]}"}, **more}


def email(address: str, **more: Any) -> dict[str, Any]:
    return {"type": "email", "address": address, **more}


async def codes(post: Post, to: str, many: int = 1, *, channel: str | None = None) -> list[str]:
    """Wait until so many codes have come, and give them, the newest first; notices come to the same places."""

    async def come() -> Any:
        letters = await post.letters(to=to, **({"channel": channel} if channel else {}))
        found = [code for letter in letters if (code := code_of(letter))]
        return found if len(found) >= many else None

    found: list[str] = await until(come)
    return found


def code_of(letter: dict[str, Any]) -> str | None:
    """Give the code of a letter; a notice has none."""
    try:
        return code_in(letter["text"])
    except AssertionError:
        return None


async def begun(api: Any, wish: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Start a setup."""
    status, setup = await api("POST", METHODS, wish, **more)
    assert status == 201, setup
    return dict(setup)


async def confirmed(api: Any, method_id: str, code: str) -> dict[str, Any]:
    status, method = await api("POST", f"{METHODS}/{method_id}/confirm", {"code": code})
    assert status == 200, method
    return dict(method)


async def add(api: Any, post: Post, wish: dict[str, Any], to: str) -> dict[str, Any]:
    """Set a phone or an address up; give the method."""
    setup = await begun(api, wish)
    return await confirmed(api, setup["method_id"], (await codes(post, to))[0])


async def add_phone(api: Any, post: Post, number: str, **more: Any) -> dict[str, Any]:
    return await add(api, post, phone(number, **more), number)


async def add_email(api: Any, post: Post, address: str, **more: Any) -> dict[str, Any]:
    return await add(api, post, email(address, **more), address)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"
