"""What a person's secrets are never found in: databases, logs and news."""

import base64
import json

import pytest

from tests.component.browsing import Browser
from tests.component.listening import event, listening
from tests.component.looking import everything_in
from tests.component.setting_up import begin, code, secret_of, wrong
from tests.waiting import until


class Told:
    """What was secret, and everything that was written down."""

    def __init__(self):
        self.secrets, self.stored, self.news, self.logged = {}, b"", "", ""


async def swap_keys(mongo, account, one, other):
    """Put the sealed key of one method in the place of another's."""
    accounts = mongo["security_info"]["accounts"]
    sealed = (await accounts.find_one({"_id": account}))["methods"][one]["key"]
    await accounts.update_one({"_id": account}, {"$set": {f"methods.{other}.key": sealed}})


@pytest.fixture(scope="module")
async def told(log, portal, mongo, plan, account):
    """Sign in, set an app up with codes right and wrong, and look around before and after the sign-out."""
    done = Told()
    async with listening(plan.broker_url("subscriber"), "secrets") as heard, Browser(portal) as browser:
        await browser.sign_in(account)
        setup, other = await begin(browser, "Phone"), await begin(browser, "Other")
        right, not_right = code(setup), wrong(setup)
        path = f"/security-info/methods/{setup['method_id']}/confirm"
        assert (await browser("POST", path, {"code": not_right}))[0] == 422
        done.stored = await everything_in(mongo)
        assert (await browser("POST", path, {"code": right}))[0] == 200
        await browser("POST", path, {"code": "not a code 1"})
        await swap_keys(mongo, account, setup["method_id"], other["method_id"])
        path = f"/security-info/methods/{other['method_id']}/confirm"
        assert (await browser("POST", path, {"code": right}))[0] == 500  # which is logged with all that led to it
        await browser("GET", "/overview", headers={"Authorization": "Bearer nonsense-of-a-token"})
        done.stored += await everything_in(mongo)
        cookie = browser.session
        target = await browser.sign_out()
        done.stored += await everything_in(mongo)
        await until(lambda: len(heard.about(account)) >= 4)
        done.news = json.dumps([event(message) for message in heard.about(account)])
    key = secret_of(setup)
    raw = base64.b32decode(key)
    done.secrets = {
        "key": key,
        "key as shown": setup["key"],
        "key in bytes": raw,
        "key in hexadecimal": raw.hex(),
        "key in Base64": base64.b64encode(raw).decode(),
        "right code": right,
        "wrong code": not_right,
        "session": cookie.split(".")[1],
        "ID token": target.query["id_token_hint"],
        "its signature": target.query["id_token_hint"].split(".")[2],
    }
    done.logged = log.getvalue()
    return done


ALL = [
    "key",
    "key as shown",
    "key in bytes",
    "key in hexadecimal",
    "key in Base64",
    "session",
    "ID token",
    "its signature",
]


@pytest.mark.parametrize("secret", ALL)
async def test_no_database_holds_the(told, secret):
    value = told.secrets[secret]
    assert (value if isinstance(value, bytes) else value.encode()) not in told.stored


@pytest.mark.parametrize("secret", [name for name in (*ALL, "right code", "wrong code") if name != "key in bytes"])
async def test_no_log_and_no_news_holds_the(told, secret):
    assert told.secrets[secret] not in told.logged
    assert told.secrets[secret] not in told.news


async def test_what_was_looked_through_is_what_was_written(told, account):
    # Without this, looking in the wrong place would find nothing too.
    assert f"{account}@contoso.example".encode() in told.stored
    assert b"Phone" in told.stored
    assert account in told.news
    logged = [json.loads(line) for line in told.logged.splitlines()]
    assert any("SealError" in line.get("exception", "") for line in logged)
    assert f"{account}@contoso.example" not in told.logged
    assert "profile-demo" not in told.logged
    assert "Bearer" not in told.logged


async def test_a_sealed_key_moved_to_another_account_does_not_open(portal, mongo, api, bob, someone):
    mine = await begin(api, "Mine")
    theirs = await begin(bob, "Theirs")
    accounts = mongo["security_info"]["accounts"]
    place = f"methods.{theirs['method_id']}.key"
    sealed = (await accounts.find_one({"_id": someone}))["methods"][mine["method_id"]]["key"]
    kept = (await accounts.find_one({"_id": "bob"}))["methods"][theirs["method_id"]]["key"]
    await accounts.update_one({"_id": "bob"}, {"$set": {place: sealed}})
    status, problem = await bob("POST", f"/security-info/methods/{theirs['method_id']}/confirm", {"code": code(mine)})
    assert (status, problem["key"]) == (500, "unexpected")
    assert not {"errors", "value"} & set(problem)
    assert "seal" not in json.dumps(problem).lower()
    info = (await bob("GET", "/security-info"))[1]
    assert theirs["method_id"] not in {method["id"] for method in info["methods"]}
    await accounts.update_one({"_id": "bob"}, {"$set": {place: kept}})
    path = f"/security-info/methods/{theirs['method_id']}/confirm"
    assert (await bob("POST", path, {"code": code(theirs)}))[0] == 200
    assert (await bob("DELETE", path.removesuffix("/confirm")))[0] == 204


async def test_a_key_is_shown_while_its_setup_lasts_and_never_again(service):
    ask = service("security-info", "shown-once")
    setup = await begin(ask)
    path = f"/security-info/methods/{setup['method_id']}"
    assert (await ask("GET", f"{path}/setup"))[1]["key"] == setup["key"]
    status, method = await ask("POST", f"{path}/confirm", {"code": code(setup)})
    assert status == 200
    status, problem = await ask("GET", f"{path}/setup")
    assert (status, problem["key"]) == (409, "method_confirmed_already")
    _, info = await ask("GET", "/security-info")
    assert secret_of(setup) not in json.dumps([method, info, problem])
