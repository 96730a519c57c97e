"""Security info as a program uses it: through the gateway, to the real stores."""

import asyncio
from typing import Any

import pyotp


def code(setup: dict[str, Any]) -> str:
    return pyotp.TOTP(setup["key"].replace(" ", "")).now()


def wrong(setup: dict[str, Any]) -> str:
    return f"{(int(code(setup)) + 500_000) % 1_000_000:06}"


async def add(api, name: str = "Phone") -> tuple[dict[str, Any], dict[str, Any]]:
    status, setup = await api("POST", "/security-info/methods", {"type": "authenticator-app", "name": name})
    assert status == 201
    status, method = await api("POST", f"/security-info/methods/{setup['method_id']}/confirm", {"code": code(setup)})
    assert status == 200
    return setup, method


async def test_an_authenticator_app_is_added_listed_and_default(api):
    setup, method = await add(api)
    assert method["is_default"] is True
    status, info = await api("GET", "/security-info")
    assert status == 200
    assert info["methods"] == [method]
    assert info["default_method"] == setup["method_id"]
    assert setup["qr_svg"].startswith("<svg")
    offers = {offer["type"]: (offer["registered"], offer["limit"]) for offer in info["can_add"]}
    assert offers == {
        "authenticator-app": (1, 5),
        "security-key": (0, 10),
        "phone": (0, 2),
        "email": (0, 1),
        "recovery-codes": (0, 1),
    }


async def test_a_method_is_renamed_made_default_and_removed(api):
    (one, _), (two, _) = await add(api, "One"), await add(api, "Two")
    status, renamed = await api("PATCH", f"/security-info/methods/{one['method_id']}", {"name": "Eins"})
    assert (status, renamed["name"]) == (200, "Eins")
    status, info = await api("PUT", "/security-info/default-method", {"method_id": two["method_id"]})
    assert (status, info["default_method"]) == (200, two["method_id"])
    status, _ = await api("DELETE", f"/security-info/methods/{two['method_id']}")
    assert status == 204
    _, info = await api("GET", "/security-info")
    assert [method["name"] for method in info["methods"]] == ["Eins"]
    assert info["default_method"] == one["method_id"]


async def test_of_twenty_wrong_codes_at_once_the_allowed_number_is_tried(api):
    _, setup = await api("POST", "/security-info/methods", {"type": "authenticator-app"})
    path = f"/security-info/methods/{setup['method_id']}/confirm"
    answers = await asyncio.gather(*(api("POST", path, {"code": wrong(setup)}) for _ in range(20)))
    told = sorted((status, problem["key"], problem.get("attempts_left")) for status, problem in answers)
    assert told[:16] == [(409, "setup_ended", None)] * 16
    assert told[16:] == [(422, "code_incorrect", left) for left in (1, 2, 3, 4)]
    status, problem = await api("POST", path, {"code": code(setup)})
    assert (status, problem["reason"]) == (409, "too_many_attempts")


async def test_of_twenty_five_changes_at_once_nothing_acknowledged_is_lost(api):
    setup, _ = await add(api)
    path = f"/security-info/methods/{setup['method_id']}"
    answers = await asyncio.gather(*(api("PATCH", path, {"name": f"Name {n}"}) for n in range(25)))
    acknowledged = [method["name"] for status, method in answers if status == 200]
    assert len(acknowledged) == 25
    _, info = await api("GET", "/security-info")
    assert info["methods"][0]["name"] in acknowledged


async def test_a_repeated_command_happens_once(api):
    headers = {"Idempotency-Key": "one-wish"}
    body = {"type": "authenticator-app", "name": "Phone"}
    first, second = [await api("POST", "/security-info/methods", body, headers=headers) for _ in range(2)]
    assert first == second
    status, problem = await api(
        "POST", "/security-info/methods", {"type": "authenticator-app", "name": "Other"}, headers=headers
    )
    assert (status, problem["key"]) == (422, "command_reused")


async def test_a_change_of_what_one_has_not_seen_is_refused(api, portal, http, someone):
    setup, _ = await add(api)
    bearer = {"Authorization": f"Bearer {await portal.token(someone)}"}
    async with http.get(f"{portal.url}/api/security-info", headers=bearer) as response:
        seen = response.headers["ETag"]
    async with http.get(f"{portal.url}/api/security-info", headers={**bearer, "If-None-Match": seen}) as response:
        assert response.status == 304
    path = f"/security-info/methods/{setup['method_id']}"
    assert (await api("PATCH", path, {"name": "A"}, headers={"If-Match": seen}))[0] == 200
    status, problem = await api("PATCH", path, {"name": "B"}, headers={"If-Match": seen})
    assert (status, problem["key"]) == (412, "precondition_failed")
