"""How a person proves once more who they are: by each means, through the portal, to the real stores."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.problem import PROOF_SECONDS
from shared.contracts.security_info import SCOPES
from shared.identifying import Principal
from shared.proving import PROOF_HEADER
from tests.authenticators import SoftwareKey, decoded
from tests.component.browsing import Browser
from tests.component.putting_in import put_account, until_at_home
from tests.component.setting_up import (
    add,
    add_key,
    add_recovery_codes,
    answered,
    begin,
    challenged,
    code,
    next_code,
    wrong,
)
from tests.conftest import Caller
from tests.waiting import until

ADD = {"type": "authenticator-app", "name": "Proved"}


@pytest.fixture
async def another(portal, http, someone):
    """The same person by another token, with which nothing was proved yet."""
    return Caller(http, portal.url, await portal.token(someone), proves=False)


@pytest.fixture
def key(portal):
    return SoftwareKey(rp_id="localhost", origin=portal.url)


async def is_good(api, proof):
    """Check that a proof lets its session add a method, and leave that again."""
    headers = {"headers": {PROOF_HEADER: proof}}
    status, setup = await api("POST", "/security-info/methods", ADD, **headers)
    assert status == 201, setup
    assert (await api("DELETE", f"/security-info/methods/{setup['method_id']}", **headers))[0] == 204


def lasts_ten_minutes(given):
    assert given["scopes"] == list(SCOPES)
    left = datetime.fromisoformat(given["expires_at"]) - datetime.now(UTC)
    assert timedelta(seconds=PROOF_SECONDS - 60) < left <= timedelta(seconds=PROOF_SECONDS)


async def test_a_sign_in_of_just_now_proves_who_has_no_method_yet(another):
    assert (await another("GET", "/security-info"))[1]["proof"] == {"methods": [], "otherwise": "sign_in"}
    challenge = await challenged(another)
    assert (challenge["kind"], challenge["method_id"], challenge["options"]) == ("none", None, None)
    lasts_ten_minutes(challenge["given"])
    await is_good(another, challenge["given"]["proof"])


async def test_a_browsers_sign_in_of_just_now_proves_as_well(portal, someone):
    async with Browser(portal, proves=False) as browser:
        await browser.sign_in(someone)
        await is_good(browser, (await challenged(browser))["given"]["proof"])


AGES = {
    "just now": (0, 201),
    "nine minutes ago": (540, 201),
    "eleven minutes ago": (660, 403),
    "an hour ago": (3600, 403),
    "a moment in the future": (-10, 201),
    "far in the future": (-600, 403),
    "nobody knows when": (None, 403),
}


@pytest.mark.parametrize(("age", "expected"), AGES.values(), ids=AGES)
async def test_a_sign_in_counts_for_ten_minutes(portal, http, signer, database, *, age, expected):
    auth_time = None if age is None else int(time.time()) - age
    person = Principal(account=f"age-{database}", session="s", auth_time=auth_time)
    headers = {"Authorization": f"Bearer {signer.token(person, 'security-info')}"}
    address = f"http://127.0.0.1:{portal.ports['security-info']}/security-info/proofs"
    async with http.post(address, json={}, headers=headers) as response:
        answer = await response.json(content_type=None)
    assert response.status == expected
    assert expected == 201 or (answer["key"], answer["max_age"]) == ("sign_in_too_old", PROOF_SECONDS)


async def test_where_there_is_a_method_a_sign_in_proves_nothing(api, another):
    setup = await add(api)
    proof = (await another("GET", "/security-info"))[1]["proof"]
    assert proof == {"methods": [setup["method_id"]], "otherwise": None}
    status, problem = await another("POST", "/security-info/proofs", {})
    assert (status, problem["key"]) == (409, "method_cannot_prove")


async def test_an_authenticator_app_proves_by_a_code_that_is_good_once(api, another):
    setup = await add(api)
    for used in (code(setup), wrong(setup)):
        challenge = await challenged(another, setup["method_id"])
        assert (challenge["kind"], challenge["given"]) == ("code", None)
        assert (await answered(another, challenge, code=used))[0] == 422
    right = next_code(setup)
    challenge, second = await challenged(another, setup["method_id"]), await challenged(another, setup["method_id"])
    status, given = await answered(another, challenge, code=f"{right[:3]} {right[3:]}")
    assert status == 200
    lasts_ten_minutes(given)
    await is_good(another, given["proof"])
    status, problem = await answered(another, challenge, code=right)
    assert (status, problem["key"]) == (409, "challenge_ended")
    status, problem = await answered(another, second, code=right)
    assert (status, problem["key"]) == (422, "code_incorrect")
    assert (await another("GET", "/security-info"))[1]["methods"][0]["last_used_at"]


async def test_a_recovery_code_proves_once_however_it_is_typed(api, another):
    method_id, codes = await add_recovery_codes(api)
    challenge = await challenged(another, method_id)
    assert challenge["kind"] == "recovery_code"
    typed = codes[3].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    status, given = await answered(another, challenge, code=typed)
    assert status == 200
    await is_good(another, given["proof"])
    (method,) = (await another("GET", "/security-info"))[1]["methods"]
    assert method["remaining"] == len(codes) - 1 == 9
    status, problem = await answered(another, await challenged(another, method_id), code=codes[3])
    assert (status, problem["key"]) == (422, "code_incorrect")
    for unused in [*codes[:3], *codes[4:]]:
        assert (await answered(another, await challenged(another, method_id), code=unused))[0] == 200
    status, problem = await another("POST", "/security-info/proofs", {"method_id": method_id})
    assert (status, problem["key"]) == (409, "method_cannot_prove")


async def test_a_security_key_proves_by_its_signature(api, another, key):
    method_id = await add_key(api, key)
    challenge = await challenged(another, method_id)
    assert challenge["kind"] == "credential"
    assert challenge["options"]["rpId"] == "localhost"
    status, given = await answered(
        another, challenge, credential=key.answer(decoded(challenge["options"]["challenge"]))
    )
    assert status == 200, given
    await is_good(another, given["proof"])


async def test_a_credential_that_does_not_hold_ends_its_challenge(api, another, portal, key):
    method_id = await add_key(api, key)
    stranger = SoftwareKey(rp_id="localhost", origin=portal.url, credential_id=key.credential_id)
    elsewhere = SoftwareKey(rp_id="localhost", origin="https://evil.example", private=key.private, count=100)
    for bad, reason in ((stranger, "signature"), (elsewhere, "origin")):
        challenge = await challenged(another, method_id)
        nonce = decoded(challenge["options"]["challenge"])
        status, problem = await answered(another, challenge, credential=bad.answer(nonce))
        assert (status, problem["key"], problem["reason"]) == (422, "credential_refused", reason)
        status, problem = await answered(another, challenge, credential=key.answer(nonce))
        assert (status, problem["key"]) == (409, "challenge_ended")
    old = await challenged(another, method_id)
    status, problem = await answered(
        another, await challenged(another, method_id), credential=key.answer(decoded(old["options"]["challenge"]))
    )
    assert (status, problem["reason"]) == (422, "challenge")


async def test_a_challenge_is_of_one_session(api, another, portal, http, someone):
    setup = await add(api)
    challenge = await challenged(another, setup["method_id"])
    third = Caller(http, portal.url, await portal.token(someone), proves=False)
    for caller in (api, third):
        status, problem = await answered(caller, challenge, code=next_code(setup))
        assert (status, problem["key"]) == (409, "challenge_ended")
    assert (await answered(another, challenge, code=next_code(setup)))[0] == 200


async def test_a_repeated_answer_is_given_the_same_proof(api, another):
    setup = await add(api)
    challenge, right = await challenged(another, setup["method_id"]), next_code(setup)
    path, twice = f"/security-info/proofs/{challenge['id']}/answer", {"headers": {"Idempotency-Key": "answer"}}
    first = await another("POST", path, {"code": right}, **twice)
    assert first[0] == 200
    assert await another("POST", path, {"code": right}, **twice) == first
    other = await challenged(another, setup["method_id"])
    status, problem = await another("POST", path.replace(challenge["id"], other["id"]), {"code": right}, **twice)
    assert (status, problem["key"]) == (422, "command_reused")


async def test_what_is_not_asked_for_is_out_of_place(api, another, key):
    setup, key_id = await add(api), await add_key(api, key)
    for method_id, answer, pointer in (
        (setup["method_id"], {"credential": {}}, "/credential"),
        (key_id, {"code": "1"}, "/code"),
    ):
        status, problem = await answered(another, await challenged(another, method_id), **answer)
        assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["key"]) == (422, pointer, "out_of_place")
    challenge = await challenged(another, setup["method_id"])
    for answer in ({}, {"code": "123456", "credential": {}}):
        assert (await answered(another, challenge, **answer))[1]["errors"][0]["key"] == "code_or_credential"
    assert (await answered(another, challenge, code="12345"))[1]["errors"][0]["key"] == "six_digits"


async def test_a_method_that_is_not_set_up_or_not_for_it_proves_nothing(api, another):
    setup = await begin(api)
    status, problem = await another("POST", "/security-info/proofs", {"method_id": setup["method_id"]})
    assert (status, problem["key"]) == (409, "method_not_confirmed")
    status, problem = await another("POST", "/security-info/proofs", {"scopes": ["security-info.read"]})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/scopes/0")


@pytest.fixture
async def issued(directory, system, someone):
    """Let the organization of a person's own system give them a temporary access code."""
    await put_account(directory, someone)
    await until_at_home(system, someone)
    contoso = await system("contoso")

    async def issuing(**wish):
        status, shown = await contoso("POST", f"/system/accounts/{someone}/access-code", wish)
        assert status == 201, shown
        return shown

    return issuing


async def test_a_temporary_access_code_proves_once_also_where_there_are_methods(api, another, issued):
    setup = await add(api)
    before = (await issued())["code"]
    shown = await issued(lifetime_minutes=10)
    left = datetime.fromisoformat(shown["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    proof = (await another("GET", "/security-info"))[1]["proof"]
    assert proof == {"methods": [setup["method_id"]], "otherwise": "temporary_access_code"}
    challenge = await challenged(another)
    assert challenge["kind"] == "access_code"
    status, problem = await answered(another, challenge, code=before)
    assert (status, problem["key"]) == (422, "code_incorrect"), "the one before has ended"
    status, given = await answered(another, challenge, code=shown["code"].lower().replace("-", ""))
    assert status == 200
    await is_good(another, given["proof"])
    assert (await another("POST", "/security-info/proofs", {}))[1]["key"] == "method_cannot_prove"


async def test_a_temporary_access_code_is_void_after_five_wrong_ones(another, issued):
    shown, challenge = await issued(), await challenged(another)
    told = [(await answered(another, challenge, code="WRONG-CODE"))[1] for _ in range(5)]
    assert [problem.get("attempts_left") for problem in told] == [4, 3, 2, 1, None]
    assert told[4]["key"] == "access_code_void"
    status, problem = await answered(another, challenge, code=shown["code"])
    assert (status, problem["key"]) == (409, "challenge_ended")

    async def entered():
        _, history = await another("GET", "/activity")
        return "profile.security-info.access-code.voided.v1" in {one["type"] for one in history["entries"]}

    await until(entered)


@pytest.mark.parametrize("minutes", [9, 1441, 0, -1, "1h"])
async def test_an_access_code_lasts_ten_minutes_to_a_day(system, issued, someone, minutes):
    await issued()
    ask = await system("contoso")
    status, problem = await ask("POST", f"/system/accounts/{someone}/access-code", {"lifetime_minutes": minutes})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/lifetime_minutes")


async def test_where_policy_asks_for_an_access_code_a_sign_in_proves_nothing(directory, another, someone):
    wish = {"name": "Careful", "security_policy": {"first_proof": "temporary_access_code"}}
    assert (await directory("PUT", "/system/organizations/careful", wish))[0] == 200
    await put_account(directory, someone, home_organization="careful")

    async def heard():
        return (await another("GET", "/security-info"))[1]["proof"]["otherwise"] == "temporary_access_code"

    await until(heard)
    status, problem = await another("POST", "/security-info/proofs", {})
    assert (status, problem["key"], problem["organizations"]) == (403, "access_code_needed", ["careful"])
    status, shown = await directory("POST", f"/system/accounts/{someone}/access-code", {})
    assert status == 201
    status, given = await answered(another, await challenged(another), code=shown["code"])
    assert status == 200
    await is_good(another, given["proof"])
    assert (await another("POST", "/security-info/proofs", {}))[1]["key"] == "access_code_needed"
