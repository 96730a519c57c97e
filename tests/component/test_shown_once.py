"""What is shown once is shown once: to whoever asks again by the same command, and in any later answer."""

import asyncio
import json

import pytest

from shared.proving import PROOF_HEADER
from tests.component.putting_in import put_account
from tests.component.setting_up import add, answered, challenged
from tests.waiting import until

METHODS = "/security-info/methods"


def key(value):
    return {"headers": {"Idempotency-Key": value}}


@pytest.fixture
async def at_home(directory, api, someone):
    """A person at home in an organization that allows app passwords."""
    wish = {"name": "Shown", "security_policy": {"app_passwords": True}}
    assert (await directory("PUT", "/system/organizations/shown", wish))[0] == 200
    await put_account(directory, someone, home_organization="shown")

    async def heard():
        return "app-password" in [one["type"] for one in (await api("GET", "/security-info"))[1]["can_add"]]

    await until(heard)
    return someone


SHOWN = {
    "app password": ({"type": "app-password", "name": "Mail"}, lambda shown: [shown["password"]]),
    "recovery codes": ({"type": "recovery-codes"}, lambda shown: shown["codes"]),
}


@pytest.mark.parametrize(("wish", "secrets_in"), SHOWN.values(), ids=SHOWN)
async def test_ten_at_once_make_one_and_show_it_once(at_home, api, wish, secrets_in):
    once = {"headers": {"Idempotency-Key": "once", PROOF_HEADER: await api.prove()}}
    answers = await asyncio.gather(*(api("POST", METHODS, wish, **once) for _ in range(10)))
    (shown,) = [answer for status, answer in answers if status == 201]
    refused = [(status, answer["key"], answer["method_id"]) for status, answer in answers if status != 201]
    assert refused == [(409, "shown_once", shown["method_id"])] * 9
    assert len((await api("GET", "/security-info"))[1]["methods"]) == 1
    again = await api("POST", METHODS, wish, **once)
    assert (again[0], again[1]["key"]) == (409, "shown_once")
    _, info = await api("GET", "/security-info")
    _, history = await api("GET", "/activity")
    for secret in secrets_in(shown):
        assert secret not in json.dumps([again, info, history])


async def test_new_recovery_codes_replace_the_old_ones(api):
    _, old = await api("POST", METHODS, {"type": "recovery-codes"})
    status, problem = await api("POST", METHODS, {"type": "recovery-codes"})
    assert (status, problem["key"], problem["limit"]) == (409, "method_limit_reached", 1)
    wish = {"type": "recovery-codes", "replaces": old["method_id"]}
    status, new = await api("POST", METHODS, wish)
    assert status == 201
    assert not set(old["codes"]) & set(new["codes"])
    assert len(set(new["codes"])) == 10
    for codes, expected in ((old["codes"], 422), (new["codes"], 200)):
        challenge = await challenged(api, new["method_id"])
        assert (await answered(api, challenge, code=codes[0]))[0] == expected


async def test_an_app_password_lets_in_until_it_is_removed(at_home, directory, api):
    path = f"/system/accounts/{at_home}/app-passwords/check"
    _, mail = await api("POST", METHODS, {"type": "app-password", "name": "Mail"})
    _, calendar = await api("POST", METHODS, {"type": "app-password", "name": "Calendar"})
    assert mail["password"] != calendar["password"]
    for shown in (mail, calendar):
        for typed in (shown["password"], shown["password"].replace("-", "").upper()):
            status, answer = await directory("POST", path, {"password": typed})
            assert (status, answer) == (200, {"accepted": True, "method_id": shown["method_id"]})
    for wrong in ("wrong", mail["password"][:-1], mail["password"] + "a", " "):
        assert (await directory("POST", path, {"password": wrong}))[1] == {"accepted": False, "method_id": None}
    seen = {one["name"]: one["last_used_at"] for one in (await api("GET", "/security-info"))[1]["methods"]}
    assert all(seen.values())
    assert (await api("DELETE", f"{METHODS}/{mail['method_id']}"))[0] == 204
    assert (await directory("POST", path, {"password": mail["password"]}))[1]["accepted"] is False
    assert (await directory("POST", path, {"password": calendar["password"]}))[1]["accepted"] is True


async def test_an_echo_lets_no_other_password_in_and_none_that_is_gone(at_home, directory, api):
    path, same = f"/system/accounts/{at_home}/app-passwords/check", key("same")
    _, mail = await api("POST", METHODS, {"type": "app-password", "name": "Mail"})
    assert (await directory("POST", path, {"password": mail["password"]}, **same))[1]["accepted"] is True
    assert (await directory("POST", path, {"password": "another"}, **same))[1]["accepted"] is False
    assert (await directory("POST", path, {"password": mail["password"]}, **same))[1]["accepted"] is True
    assert (await api("DELETE", f"{METHODS}/{mail['method_id']}"))[0] == 204
    assert (await directory("POST", path, {"password": mail["password"]}, **same))[1]["accepted"] is False


async def test_an_app_password_is_of_one_account_and_checked_by_its_home_organization(at_home, directory, system, api):
    _, mail = await api("POST", METHODS, {"type": "app-password", "name": "Mail"})
    wish = {"password": mail["password"]}
    assert (await directory("POST", "/system/accounts/bob/app-passwords/check", wish))[1]["accepted"] is False
    for stranger in ("contoso", "fabrikam", "nobody"):
        ask = await system(stranger)
        status, problem = await ask("POST", f"/system/accounts/{at_home}/app-passwords/check", wish)
        assert (status, problem["key"]) == (403, "organization_not_yours")


async def test_neither_codes_nor_passwords_nor_questions_are_the_default_or_prove_what_they_are_not_for(at_home, api):
    app = await add(api)
    _, mail = await api("POST", METHODS, {"type": "app-password", "name": "Mail"})
    _, codes = await api("POST", METHODS, {"type": "recovery-codes"})
    for shown in (mail, codes):
        status, problem = await api("PUT", "/security-info/default-method", {"method_id": shown["method_id"]})
        assert (status, problem["key"]) == (409, "method_cannot_be_default")
    assert (await api("GET", "/security-info"))[1]["default_method"] == app["method_id"]
    status, problem = await api("POST", "/security-info/proofs", {"method_id": mail["method_id"]})
    assert (status, problem["key"]) == (409, "method_cannot_prove")
    status, problem = await api("PATCH", f"{METHODS}/{codes['method_id']}", {"name": "Mine"})
    assert (status, problem["key"]) == (409, "method_cannot_be_renamed")
    assert (await api("PATCH", f"{METHODS}/{mail['method_id']}", {"name": "Mine"}))[0] == 200


async def test_forty_app_passwords_and_no_more(at_home, service):
    ask = service("security-info", at_home)
    wish = {"type": "app-password"}
    for _ in range(38):
        assert (await ask("POST", METHODS, wish))[0] == 201
    answers = await asyncio.gather(*(ask("POST", METHODS, wish) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [201] * 2 + [409] * 3
    assert {answer["limit"] for status, answer in answers if status == 409} == {40}
    assert len((await ask("GET", "/security-info"))[1]["methods"]) == 40
