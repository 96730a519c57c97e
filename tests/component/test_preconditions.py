"""Whoever tells what they have seen changes nothing that is different by now (RFC 9110, 13.1.1)."""

import pytest

from tests.component.asking import CHANGED_BY_PERSONS, body_of, named, path_of
from tests.component.browsing import Browser
from tests.component.looking import kept_of
from tests.component.putting_in import connect, publish, put_account, put_device, put_service
from tests.component.setting_up import add


@pytest.fixture(scope="module")
async def ids(directory, portal, program, account):
    """What a person has who changes it."""
    await put_account(directory, account)
    await directory("PUT", f"/system/accounts/{account}/organizations/fabrikam")
    await put_device(directory, account, "d")
    terms = await publish(directory, "contoso", "preconditions", "1")
    service = await put_service(directory, "contoso", "preconditions", may_disconnect=True)
    await connect(directory, account, "contoso", "preconditions")
    method = (await add(program))["method_id"]
    async with Browser(portal) as browser:
        await browser.sign_in(account)
        session = browser.session.split(".")[0]
        yield {
            "method_id": method,
            "session_id": session,
            "organization_id": "fabrikam",
            "device_id": "d",
            "terms_id": terms,
            "service_id": service,
        }


@pytest.mark.parametrize("endpoint", CHANGED_BY_PERSONS, ids=named)
async def test_nothing_is_changed_that_one_has_not_seen_as_it_is(mongo, program, account, ids, endpoint):
    before = await kept_of(mongo, account)
    asked = (endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))
    status, problem = await program(*asked, headers={"If-Match": '"as it was long ago"'})
    assert (status, problem["key"]) == (412, "precondition_failed")
    assert await kept_of(mongo, account) == before


async def test_terms_are_accepted_by_who_saw_them(portal, http, program, ids):
    path = f"/privacy/terms/{ids['terms_id']}"
    async with http.get(f"{portal.url}/api{path}", headers=program._headers) as response:
        seen, text = {"If-Match": response.headers["ETag"]}, await response.json()
    shown = {name: text[f"shown_{name}"] for name in ("version", "language")} | {"digest": text["digest"]}
    again = {"Idempotency-Key": "accepted-by-who-saw-them"}
    for _ in range(2):
        assert (await program("POST", f"{path}/accept", shown, headers=seen | again))[0] == 200
    status, problem = await program("POST", f"{path}/accept", shown, headers=seen)
    assert (status, problem["key"]) == (412, "precondition_failed")


async def test_a_session_is_ended_by_who_saw_it(portal, http, program, ids):
    async with http.get(f"{portal.url}/api/sessions", headers=program._headers) as response:
        seen = {"If-Match": response.headers["ETag"]}
    assert (await program("DELETE", f"/sessions/{ids['session_id']}", headers=seen))[0] == 204
    for method, path in (("DELETE", f"/sessions/{ids['session_id']}"), ("POST", "/sessions/revoke")):
        status, problem = await program(method, path, headers=seen)
        assert (status, problem["key"]) == (412, "precondition_failed")
    assert (await program("POST", "/sessions/revoke", headers={"If-Match": "*"}))[0] == 200
