"""What methods are made of is never found: in databases, logs, news and numbers."""

import base64
import json

import pytest

from tests.authenticators import SoftwareKey, decoded
from tests.component.browsing import Browser
from tests.component.listening import listening
from tests.component.looking import everything_in
from tests.component.putting_in import put_account
from tests.component.setting_up import (
    add,
    add_key,
    add_recovery_codes,
    answered,
    challenged,
    next_code,
    secret_of,
    wrong,
)
from tests.conftest import Caller
from tests.waiting import until

METHODS = "/security-info/methods"
POLICY = {
    "password_reset": {"methods": ["authenticator-app", "security-questions"]},
    "app_passwords": True,
}
GIVEN = ("Unmistakable Straße", "Unmistakable Ærø", "Unmistakable Kraków")


def however_typed(shown):
    """Give what was shown in every form in which it could have been kept."""
    bare = shown.replace("-", "")
    return {form for text in (shown, bare) for form in (text, text.lower(), text.upper())}


class Told:
    """What was secret, by what it is, and everything that was written down."""

    def __init__(self):
        self.secrets, self.stored, self.news, self.elsewhere = {}, b"", "", ""
        self.wanted = set()


@pytest.fixture(scope="module")
async def told(log, portal, mongo, plan, http, *, directory, account):
    """Set every kind of method up, use each rightly and wrongly, and let a request fail with its secrets at hand."""
    done = Told()
    wish = {"name": "Secretive", "security_policy": POLICY}
    assert (await directory("PUT", "/system/organizations/secretive", wish))[0] == 200
    await put_account(directory, account, home_organization="secretive")
    async with listening(plan.broker_url("subscriber"), "secrets-of-methods") as heard, Browser(portal) as browser:
        await browser.sign_in(account)

        async def allowed():
            return "app-password" in str((await browser("GET", "/security-info"))[1]["can_add"])

        await until(allowed)
        app, (codes_id, codes) = await add(browser), await add_recovery_codes(browser)
        _, mail = await browser("POST", METHODS, {"type": "app-password", "name": "Mail"})
        await answer_questions(browser)
        key = SoftwareKey(rp_id="localhost", origin=portal.url)
        key_id = await add_key(browser, key)
        _, issued = await directory("POST", f"/system/accounts/{account}/access-code", {})
        proofs = await prove_by_all(browser, app, (codes_id, codes[0]), (key_id, key), issued["code"])
        for password in (mail["password"], "wrong-unmistakable-password"):
            await directory("POST", f"/system/accounts/{account}/app-passwords/check", {"password": password})
        done.stored = await everything_in(mongo)
        await fail_with_open_secrets(mongo, browser, account, (codes_id, codes[1]))
        done.stored += await everything_in(mongo)

        def told_of_all():
            return sum(b"identity.proved" in message.body for message in heard.about(account)) >= 4

        await until(told_of_all)
        done.news = "".join(f"{message.body.decode()}{message.headers}" for message in heard.messages)
    done.wanted = {account, app["method_id"], codes_id}
    done.secrets = {
        "key of an app": {secret_of(app), app["key"], base64.b32decode(secret_of(app)).hex()},
        "app password": however_typed(mail["password"]) | {"wrong-unmistakable-password"},
        "recovery codes": {form for one in codes for form in however_typed(one)},
        "temporary access code": however_typed(issued["code"]),
        "answers": {form for one in GIVEN for form in (one, one.casefold(), one.lower())},
        "proofs": {part for proof in proofs for part in (proof, proof.split(".")[2])},
    }
    done.elsewhere = log.getvalue()
    for port in portal.ports.values():
        async with http.get(f"http://127.0.0.1:{port}/metrics") as response:
            done.elsewhere += await response.text()
    return done


async def answer_questions(browser):
    """Register security questions, after answers that are refused."""
    _, asked = await browser("GET", "/security-info/questions")
    ids = [one["id"] for one in asked["questions"]]
    for given, expected in (((GIVEN[0], GIVEN[0], GIVEN[1]), 422), (GIVEN, 201)):
        answers = [{"question_id": id_, "answer": one} for id_, one in zip(ids, given, strict=False)]
        assert (await browser("POST", METHODS, {"type": "security-questions", "answers": answers}))[0] == expected


async def prove_by_all(browser, app, codes, key, access_code):
    """Prove by each means, after a wrong answer, and give the proofs."""
    proofs = []
    for method_id, bad, good in (
        (app["method_id"], wrong(app), next_code(app)),
        (codes[0], "wrong-unmistakable-password", codes[1]),
        (None, "wrong-unmistakable-password", access_code),
    ):
        challenge = await challenged(browser, method_id)
        assert (await answered(browser, challenge, code=bad))[0] == 422
        status, given = await answered(browser, challenge, code=good)
        assert status == 200
        proofs.append(given["proof"])
    challenge = await challenged(browser, key[0])
    credential = key[1].answer(decoded(challenge["options"]["challenge"]))
    status, given = await answered(browser, challenge, credential=credential)
    assert status == 200
    return [*proofs, given["proof"]]


async def fail_with_open_secrets(mongo, browser, account, codes):
    """Let what is sealed be unreadable, so that an answer fails and is logged with all that led to it."""
    accounts = mongo["security_info"]["accounts"]
    challenge = await challenged(browser, codes[0])
    place = f"methods.{codes[0]}.codes"
    kept = (await accounts.find_one({"_id": account}))["methods"][codes[0]]["codes"]
    await accounts.update_one({"_id": account}, {"$set": {place: kept[:-1] + b"\0"}})
    assert (await answered(browser, challenge, code=codes[1]))[0] == 500
    await accounts.update_one({"_id": account}, {"$set": {place: kept}})
    assert (await answered(browser, challenge, code=codes[1]))[0] == 200


KINDS = ["key of an app", "app password", "recovery codes", "temporary access code", "answers", "proofs"]


@pytest.mark.parametrize("kind", KINDS)
async def test_no_database_holds_the(told, kind):
    assert [one for one in told.secrets[kind] if one.encode() in told.stored] == []


@pytest.mark.parametrize("kind", KINDS)
async def test_no_news_no_log_and_no_number_holds_the(told, kind):
    for place in (told.news, told.elsewhere):
        assert [one for one in told.secrets[kind] if one in place or json.dumps(one)[1:-1] in place] == []


async def test_what_was_looked_through_is_what_was_written(told):
    # Without this, looking in the wrong place would find nothing too.
    assert all(told.secrets[kind] for kind in KINDS)
    for id_ in told.wanted:
        assert id_.encode() in told.stored
        assert id_ in told.news
    assert "a request failed" in told.elsewhere
    assert "profile.security-info.recovery-code.used.v1" in told.elsewhere


async def test_answers_are_kept_as_slow_hashes_and_sealed(told, mongo, account):
    kept = await mongo["security_info"]["accounts"].find_one({"_id": account})
    (questions,) = [one for one in kept["methods"].values() if one["type"] == "security-questions"]
    assert len(questions["answers"]) == 3
    for sealed in questions["answers"].values():
        assert b"argon2" not in bytes(sealed)
    assert b"argon2id" not in told.stored


@pytest.mark.usefixtures("told")
async def test_the_sealed_codes_of_another_account_prove_nothing(mongo, portal, http, *, account, someone):
    """Who could write into the database still could not let one account's codes prove another."""
    bearer, proof = await portal.proven(someone)
    own = Caller(http, portal.url, bearer, proof=proof)
    mine, codes = await add_recovery_codes(own)
    accounts = mongo["security_info"]["accounts"]
    kept = await accounts.find_one({"_id": account})
    (theirs,) = [one["codes"] for one in kept["methods"].values() if one["type"] == "recovery-codes"]
    challenge = await challenged(own, mine)
    await accounts.update_one({"_id": someone}, {"$set": {f"methods.{mine}.codes": theirs}})
    assert (await answered(own, challenge, code=codes[0]))[0] == 500
