"""Who is let in at the portal's door: the matrix is made from the endpoint tables."""

import base64

import pytest

from tests.component.asking import ABOUT_A_METHOD, EXPOSED, body_of, named, path_of, said
from tests.component.browsing import Browser
from tests.component.setting_up import add
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
async def id_token(portal):
    async with Browser(portal) as browser:
        return (await browser.tokens("alice"))["id_token"]


@pytest.fixture(scope="module")
async def access_token(portal):
    async with Browser(portal) as browser:
        return (await browser.tokens("alice"))["access_token"]


async def ask(http, portal, endpoint, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    address = f"{portal.url}/api{path_of(endpoint)}"
    async with http.request(endpoint.method, address, json=body_of(endpoint), headers=headers) as response:
        return response, await response.json(content_type=None)


@pytest.mark.parametrize("authorization", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_nobody_is_let_in_with(portal, http, endpoint, authorization):
    response, problem = await ask(http, portal, endpoint, authorization)
    assert (response.status, problem["key"]) == (401, "not_signed_in")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_an_id_token_is_no_access_token(portal, http, endpoint, id_token):
    response, problem = await ask(http, portal, endpoint, f"Bearer {id_token}")
    assert (response.status, problem["key"]) == (401, "not_signed_in")


@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_an_access_token_opens_every_door(portal, http, endpoint, access_token):
    response, _ = await ask(http, portal, endpoint, f"bearer {access_token}")
    assert response.status not in {401, 403}


async def test_bytes_that_are_no_text_are_refused_and_no_failure(portal):
    for header in (b"Authorization: Bearer \xff\xfe", b"Cookie: profile=\xff.\xff", b"Cookie: profile=a.\xed\xa0\x80"):
        answer = await said(portal, b"GET /api/overview HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n" % header)
        assert answer.startswith(b"HTTP/1.1 401 "), header


@pytest.fixture(scope="module")
async def mine(program):
    """A method that somebody else asks for."""
    return (await add(program))["method_id"]


@pytest.mark.parametrize("endpoint", ABOUT_A_METHOD, ids=named)
async def test_someone_elses_method_is_not_found(program, bob, mine, endpoint):
    seen = await program("GET", "/security-info")
    status, problem = await bob(endpoint.method, path_of(endpoint, mine), body_of(endpoint, mine))
    assert (status, problem["key"]) == (404, "method_not_found")
    assert await program("GET", "/security-info") == seen


async def test_someone_elses_history_never_appears(program, bob):
    await add(program, "Unmistakable")

    async def entered():
        _, history = await program("GET", "/activity", params={"limit": 1})
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


def test_the_matrix_is_not_empty():
    assert len(EXPOSED) >= 8
    assert len(ABOUT_A_METHOD) >= 4
