"""Who guesses is stopped: a method is locked for a time, and nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.component.putting_in import put_account, until_at_home
from tests.component.setting_up import add, add_recovery_codes, answered, challenged, next_code, wrong
from tests.conftest import Caller
from tests.waiting import until


@pytest.fixture
async def guesser(portal, http, someone):
    """Somebody who has a token of the person's and not their methods."""
    return Caller(http, portal.url, await portal.token(someone), proves=False)


@pytest.fixture
async def locked(directory, system, api, guesser, someone):
    """A person at home in Contoso with recovery codes and an app that was guessed at too often."""
    await put_account(directory, someone)
    await until_at_home(system, someone)
    setup, (codes_id, codes) = await add(api), await add_recovery_codes(api)
    challenge = await challenged(guesser, setup["method_id"])
    told = [await answered(guesser, challenge, code=wrong(setup)) for _ in range(5)]
    return setup, codes_id, codes, challenge, told


async def test_the_fifth_wrong_answer_in_a_row_locks_the_method_for_a_quarter(locked, guesser, portal, http):
    setup, _, _, challenge, told = locked
    assert [(status, problem.get("attempts_left")) for status, problem in told[:4]] == [(422, n) for n in (4, 3, 2, 1)]
    status, problem = told[4]
    assert (status, problem["key"]) == (429, "method_locked")
    left = datetime.fromisoformat(problem["until"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    address = f"{portal.url}/api/security-info/proofs/{challenge['id']}/answer"
    async with http.post(address, json={"code": next_code(setup)}, headers=guesser._headers) as response:
        assert response.status == 429, "not even the right one"
        assert 14 * 60 < int(response.headers["Retry-After"]) <= 15 * 60 + 1
        assert (await response.json(content_type=None))["key"] == "method_locked"
    status, problem = await guesser("POST", "/security-info/proofs", {"method_id": setup["method_id"]})
    assert (status, problem["key"]) == (429, "method_locked")


async def test_a_lock_is_seen_and_bars_no_other_method(locked, guesser):
    setup, codes_id, codes, _, told = locked
    _, info = await guesser("GET", "/security-info")
    locks = {method["id"]: method["locks"] for method in info["methods"]}
    until_then = told[4][1]["until"]
    assert [(lock["purpose"], lock["until"][:19]) for lock in locks[setup["method_id"]]] == [("proof", until_then[:19])]
    assert locks[codes_id] == []
    assert (await answered(guesser, await challenged(guesser, codes_id), code=codes[0]))[0] == 200


async def test_the_home_organization_lists_and_lifts_locks(locked, guesser, system, someone):
    setup, *_ = locked
    ask, path = await system("contoso"), f"/system/accounts/{someone}/locks"
    status, seen = await ask("GET", path)
    assert status == 200
    (lock,) = seen["locks"]
    assert (lock["method_id"], lock["type"], lock["purpose"]) == (setup["method_id"], "authenticator-app", "proof")
    assert lock.keys() == {"method_id", "type", "purpose", "until"}, "what a person calls it is theirs"
    assert (await ask("DELETE", path))[0] == 204
    assert (await ask("GET", path))[1] == {"locks": []}
    challenge = await challenged(guesser, setup["method_id"])
    assert (await answered(guesser, challenge, code=wrong(setup)))[1]["attempts_left"] == 4
    assert (await answered(guesser, challenge, code=next_code(setup)))[0] == 200


@pytest.mark.parametrize("stranger", ["fabrikam", "nobody"])
async def test_a_stranger_neither_sees_nor_lifts_a_lock(locked, guesser, directory, system, *, someone, stranger):
    assert (await directory("PUT", f"/system/accounts/{someone}/organizations/fabrikam"))[0] == 204

    async def a_member():
        return len((await guesser("GET", "/security-info"))[1]["requirements"]) == 4

    await until(a_member)  # and still not at home there
    ask, path = await system(stranger), f"/system/accounts/{someone}"
    for method, end, body in (
        ("GET", "/locks", None),
        ("DELETE", "/locks", None),
        ("POST", "/access-code", {}),
        ("POST", "/app-passwords/check", {"password": "guess"}),
    ):
        status, problem = await ask(method, path + end, body)
        assert (status, problem["key"]) == (403, "organization_not_yours"), end
    assert (await guesser("POST", "/security-info/proofs", {"method_id": locked[0]["method_id"]}))[0] == 429


async def test_a_right_answer_in_time_forgets_the_wrong_ones(api, guesser):
    method_id, codes = await add_recovery_codes(api)
    for right in codes[:2]:
        challenge = await challenged(guesser, method_id)
        told = [(await answered(guesser, challenge, code="no-such-code"))[1]["attempts_left"] for _ in range(4)]
        assert told == [4, 3, 2, 1]
        assert (await answered(guesser, challenge, code=right))[0] == 200


async def test_a_lock_is_in_the_history_and_so_is_its_end(locked, api, system, someone):
    assert (await (await system("contoso"))("DELETE", f"/system/accounts/{someone}/locks"))[0] == 204

    async def entered():
        _, history = await api("GET", "/activity", params={"limit": "100"})
        return {one["type"].removeprefix("profile.security-info.") for one in history["entries"]}

    async def both():
        return {"method.locked.v1", "locks.lifted.v1"} <= await entered()

    await until(both)
