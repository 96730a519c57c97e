"""What a newer version of security-info has kept, an older one leaves as it is: replicas of both may run at once."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.component.setting_up import add, answered, next_code

METHODS = "/security-info/methods"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PIGEON = {
    "type": "carrier-pigeon",
    "name": "Pigeon",
    "started_at": AT,
    "confirmed_at": AT,
    "last_used_at": None,
    "replaces": None,
    "attempts_left": 5,
    "tries": {},
    "managed": False,
    "wings": {"left": 1, "right": [b"2", None]},
}


@pytest.fixture
async def newer(api, mongo, someone):
    """A person with an app, to whose document a newer version has added a method, a challenge and a part."""
    setup = await add(api, "App")
    challenge = {
        "kind": "telepathy",
        "method_id": setup["method_id"],
        "session": "elsewhere",
        "scopes": ["security-info.change"],
        "expires_at": datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1),
        "nonce": b"",
        "thought": {"of": 42},
    }
    added = {"methods.pigeon": PIGEON, "challenges.strange": challenge, "aviary": {"of": ["pigeons"]}}
    accounts = mongo["security_info"]["accounts"]
    await accounts.update_one({"_id": someone}, {"$set": added})

    async def as_it_was():
        kept = await accounts.find_one({"_id": someone})
        utc = {
            name: value.replace(tzinfo=UTC) if name.endswith("_at") and value else value
            for name, value in kept["methods"]["pigeon"].items()
        }
        assert utc == PIGEON
        assert kept["challenges"]["strange"]["thought"] == {"of": 42}
        assert kept["challenges"]["strange"]["kind"] == "telepathy"
        assert kept["aviary"] == {"of": ["pigeons"]}
        return True

    return setup, as_it_was


async def test_it_is_read_and_kept_while_other_things_change(newer, api):
    setup, as_it_was = newer
    status, seen = await api("GET", "/security-info")
    assert (status, [one["name"] for one in seen["methods"]]) == (200, ["App"])
    assert seen["proof"]["methods"] == [setup["method_id"]]
    assert (await api("PATCH", f"{METHODS}/{setup['method_id']}", {"name": "Renamed"}))[0] == 200
    assert await as_it_was()
    other = await add(api, "Other")
    assert (await api("PUT", "/security-info/default-method", {"method_id": other["method_id"]}))[0] == 200
    _, asked = await api("POST", "/security-info/proofs", {"method_id": setup["method_id"]})
    assert (await answered(api, asked, code=next_code(setup)))[0] == 200
    assert (await api("DELETE", f"{METHODS}/{setup['method_id']}"))[0] == 204
    assert await as_it_was()


async def test_it_is_not_found(newer, api, service, someone):
    _, as_it_was = newer
    for method, path, body in (
        ("PATCH", f"{METHODS}/pigeon", {"name": "Dove"}),
        ("DELETE", f"{METHODS}/pigeon", None),
        ("POST", f"{METHODS}/pigeon/confirm", {"code": "123456"}),
        ("PUT", "/security-info/default-method", {"method_id": "pigeon"}),
        ("POST", METHODS, {"type": "authenticator-app", "replaces": "pigeon"}),
        ("POST", "/security-info/proofs", {"method_id": "pigeon"}),
    ):
        status, problem = await api(method, path, body)
        assert (status, problem["key"]) == (404, "method_not_found"), path
    status, problem = await service("security-info", someone)("GET", f"{METHODS}/pigeon/setup")
    assert (status, problem["key"]) == (404, "method_not_found")
    status, problem = await answered(api, {"id": "strange"}, code="123456")
    assert (status, problem["key"]) == (409, "challenge_ended")
    assert await as_it_was()
