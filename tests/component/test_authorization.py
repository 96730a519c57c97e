"""Who is let in at the portal's door: the matrix is made from the endpoint tables."""

import base64

import pytest

from gateway.documents import ENDPOINTS
from tests.component.asking import (
    ALL,
    EXPOSED,
    EXPOSED_TO_PERSONS,
    EXPOSED_TO_SYSTEMS,
    LAST,
    about,
    body_of,
    named,
    path_of,
    said,
)
from tests.component.browsing import Browser
from tests.component.looking import kept_of
from tests.component.putting_in import connect, publish, put_account, put_device, put_service
from tests.component.setting_up import add
from tests.conftest import Caller
from tests.proving import session_of
from tests.waiting import until

NONSENSE = {
    "no header": None,
    "nothing": "",
    "a scheme alone": "Bearer",
    "an empty token": "Bearer  ",
    "nonsense": "Bearer nonsense",
    "three dots": "Bearer a.b.c",
    "a long token": "Bearer " + "a" * 6000,
    "basic": "Basic " + base64.b64encode(b"alice:profile-demo").decode(),
    "another scheme": "Digest abc",
    "two tokens": "Bearer a, Bearer b",
}


@pytest.fixture(scope="module")
async def tokens(portal, account):
    async with Browser(portal) as browser:
        return await browser.tokens(account)


@pytest.fixture(scope="module")
def opened(tokens, prover, account):
    """Headers of a person whose token is good for everything, and is used up by signing out everywhere."""
    token = tokens["access_token"]
    return {"Authorization": f"bearer {token}", **prover.header(account, session_of(token))}


async def ask(http, portal, endpoint, headers, **ids):
    address = f"{portal.url}/api{path_of(endpoint, **ids)}"
    async with http.request(endpoint.method, address, json=body_of(endpoint, **ids), headers=headers) as response:
        return response, await response.json(content_type=None)


@pytest.mark.parametrize("authorization", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_nobody_is_let_in_with(portal, http, endpoint, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    response, problem = await ask(http, portal, endpoint, headers)
    assert (response.status, problem["key"]) == (401, "not_signed_in")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("kind", ["id_token", "refresh_token"])
@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_another_kind_of_token_is_no_access_token(portal, http, endpoint, tokens, kind):
    response, problem = await ask(http, portal, endpoint, {"Authorization": f"Bearer {tokens[kind]}"})
    assert (response.status, problem["key"]) == (401, "not_signed_in")


@pytest.mark.parametrize("endpoint", sorted(EXPOSED_TO_PERSONS, key=lambda one: one.name == LAST), ids=named)
async def test_an_access_token_opens_every_door_for_persons(portal, http, endpoint, opened):
    response, _ = await ask(http, portal, endpoint, opened)
    assert response.status not in {401, 403}


async def test_and_signing_out_everywhere_is_the_last_that_it_opens(portal, http, opened):
    for endpoint in EXPOSED_TO_PERSONS:
        response, problem = await ask(http, portal, endpoint, opened)
        assert (response.status, problem["key"]) == (401, "not_signed_in"), endpoint.name


async def test_bytes_that_are_no_text_are_refused_and_no_failure(portal):
    for header in (b"Authorization: Bearer \xff\xfe", b"Cookie: profile=\xff.\xff", b"Cookie: profile=a.\xed\xa0\x80"):
        answer = await said(portal, b"GET /api/overview HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n" % header)
        assert answer.startswith(b"HTTP/1.1 401 "), header


@pytest.fixture(scope="module")
async def disabled(portal, http, directory, _unused_people):
    """A program of an account that its organization has disabled."""
    account = next(_unused_people)
    program = Caller(http, portal.url, await portal.token(account))
    await put_account(directory, account, disabled=True)

    async def noticed():
        return (await program("GET", "/devices"))[0] == 403

    await until(noticed)
    return program


@pytest.mark.parametrize("endpoint", EXPOSED_TO_PERSONS, ids=named)
async def test_a_disabled_account_is_let_in_nowhere(disabled, endpoint):
    status, problem = await disabled(endpoint.method, path_of(endpoint), body_of(endpoint))
    assert (status, problem["key"]) == (403, "account_disabled")


@pytest.fixture(scope="module")
async def owner(portal, http, directory, _unused_people):
    """A person who has a method, a device, a session and two organizations, as their account, program and ids."""
    account = next(_unused_people)
    program = Caller(http, portal.url, await portal.token(account))
    await put_account(directory, account)
    await directory("PUT", f"/system/accounts/{account}/organizations/fabrikam")
    await put_device(directory, account, "owned")
    key = {"kind": "luks", "key": "owned-owned-owned"}
    path = f"/system/accounts/{account}/devices/owned/recovery-keys/owned-key"
    assert (await directory("PUT", path, key))[0] == 204
    terms, used = await publish(directory, "fabrikam", "owned", "1"), await put_service(directory, "fabrikam", "owned")
    await connect(directory, account, "fabrikam", "owned")
    method = (await add(program))["method_id"]
    status, challenge = await program("POST", "/security-info/proofs", {"method_id": method})
    assert status == 201
    async with Browser(portal) as browser:
        await browser.sign_in(account)
        session = browser.session.split(".")[0]
        ids = {"method_id": method, "device_id": "owned", "session_id": session, "organization_id": "fabrikam"}
        ids |= {"service_id": used, "terms_id": terms}
        yield account, program, ids | {"challenge_id": challenge["id"], "key_id": "owned-key"}


NOT_FOUND = {
    "challenge_id": (409, "challenge_ended"),
    "method_id": (404, "method_not_found"),
    "device_id": (404, "device_not_found"),
    "key_id": (404, "device_not_found"),
    "session_id": (404, "session_not_found"),
    "service_id": (404, "service_not_found"),
    "terms_id": (404, "terms_not_found"),
    "organization_id": (404, "organization_not_found"),
}
ABOUT = [(endpoint, thing) for thing in NOT_FOUND for endpoint in about(thing)]


@pytest.mark.parametrize(("endpoint", "thing"), ABOUT, ids=named)
async def test_someone_elses_is_not_found(mongo, owner, program, endpoint, thing):
    account, _, ids = owner
    before = await kept_of(mongo, account)
    status, problem = await program(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))
    assert (status, problem["key"]) == NOT_FOUND[thing]
    assert await kept_of(mongo, account) == before


async def test_what_someone_else_has_is_never_in_an_answer(owner, program):
    account, _, ids = owner
    for endpoint in EXPOSED_TO_PERSONS:
        if endpoint.name != LAST:
            _, answer = await program(endpoint.method, path_of(endpoint), body_of(endpoint))
            assert not [told for told in (account, *ids.values()) if f"'{told}'" in str(answer)], endpoint.name


async def test_it_was_there_and_its_owner_finds_it(owner):
    # Without this, what does not exist at all would be somebody else's, too.
    _, program, ids = owner
    assert [one["id"] for one in (await program("GET", "/security-info"))[1]["methods"]] == [ids["method_id"]]
    _, privacy = await program("GET", "/privacy")
    assert ids["terms_id"] in {one["id"] for one in privacy["terms"]}
    assert [one["id"] for one in privacy["services"]] == [ids["service_id"]]
    assert [one["id"] for one in (await program("GET", "/devices"))[1]["devices"]] == ["owned"]
    assert ids["session_id"] in [one["id"] for one in (await program("GET", "/sessions"))[1]["sessions"]]
    assert "fabrikam" in [one["id"] for one in (await program("GET", "/organizations"))[1]["organizations"]]
    for endpoint, thing in ABOUT:
        status, answer = await program(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))
        assert (status, (answer or {}).get("key")) != NOT_FOUND[thing], endpoint.name
        if endpoint.name == "removeMethod":  # the endpoints after it ask for another
            ids["method_id"] = (await add(program))["method_id"]


async def test_someone_elses_history_never_appears(api, bob):
    await add(api, "Unmistakable")

    async def entered():
        _, history = await api("GET", "/activity", params={"limit": 1})
        return history["next"]

    place = await until(entered)
    await add(bob, "Bob's own")
    own = {method["id"] for method in (await bob("GET", "/security-info"))[1]["methods"]}

    async def of_bob(**query):
        return (await bob("GET", "/activity", params=query))[1]["entries"]

    await until(of_bob)
    for query in ({}, {"before": place}, {"q": "unmistakable"}, {"limit": "100"}):
        for entry in await of_bob(**query):
            assert "Unmistakable" not in str(entry["facts"])
            assert entry["facts"].get("method_id", next(iter(own))) in own | {None}
    _, overview = await bob("GET", "/overview")
    assert "Unmistakable" not in str(overview)


def test_the_matrix_covers_every_endpoint():
    assert set(EXPOSED_TO_PERSONS) | set(EXPOSED_TO_SYSTEMS) == set(EXPOSED)
    assert set(EXPOSED) == {endpoint for several in ENDPOINTS.values() for endpoint in several if endpoint.exposed}
    named_things = {thing for endpoint in EXPOSED_TO_PERSONS for thing in endpoint.path_parameters}
    assert named_things == set(NOT_FOUND)
    assert {endpoint for endpoint, _ in ABOUT} >= {one for one in EXPOSED_TO_PERSONS if one.path_parameters}
    assert len(EXPOSED_TO_PERSONS) >= 16
    assert len(EXPOSED_TO_SYSTEMS) >= 6
    assert len(ALL) > len(EXPOSED)
