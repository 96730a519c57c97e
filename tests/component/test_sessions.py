"""What a browser's session is good for, and what does not count as one."""

from datetime import timedelta

import pytest
from yarl import URL

from shared.facts import now
from tests.component.asking import CHANGING, body_of, named, path_of
from tests.component.browsing import Browser
from tests.component.setting_up import add, begin

ELSEWHERE = {
    "another origin": {"Origin": "https://evil.example"},
    "an origin that looks alike": {"Origin": "http://localhost.evil.example"},
    "no origin at all": {"Origin": "null"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sibling site": {"Sec-Fetch-Site": "same-site"},
    "typed in": {"Sec-Fetch-Site": "none"},
    "another site that claims our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "OWN"},
    "neither header": {},
}


@pytest.fixture(scope="module")
async def signed_in(portal, account):
    async with Browser(portal) as opened:
        await opened.sign_in(account)
        yield opened


def cookie(value):
    return {"Cookie": f"profile={value}"}


async def overview(http, portal, headers):
    async with http.get(f"{portal.url}/api/overview", headers=headers) as response:
        return response.status


async def test_a_session_opens_the_api(http, portal, signed_in, account):
    status, seen = await signed_in("GET", "/overview")
    assert status == 200
    assert seen["profile"]["account"] == account
    assert await overview(http, portal, cookie(signed_in.session)) == 200


async def test_the_cookie_is_for_this_host_and_no_script(portal, browser, someone):
    await browser.sign_in(someone)
    (kept,) = [one for one in browser._http.cookie_jar if one.key == "profile"]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept["path"] == "/"
    assert kept["domain"] == "localhost"  # what the jar notes for a cookie without a domain


async def test_anything_but_the_whole_cookie_is_refused(http, portal, signed_in):
    session_id, secret = signed_in.session.split(".")
    other = "A" if secret[0] != "A" else "B"
    for forged in (
        "",
        session_id,
        f"{session_id}.",
        f".{secret}",
        f"{session_id}.{secret[:-1]}",
        f"{session_id}.{secret}A",
        f"{session_id}.{other}{secret[1:]}",
        f"{session_id[:-1]}0.{secret}" if session_id[-1] != "0" else f"{session_id[:-1]}1.{secret}",
        f"{secret}.{session_id}",
        f"{'a' * 300}.{secret}",
        "[object Object].x",
        "$ne.x",
    ):
        assert await overview(http, portal, cookie(forged)) == 401, forged


async def test_a_refused_token_is_not_made_good_by_a_session(http, portal, signed_in):
    headers = cookie(signed_in.session) | {"Authorization": "Bearer nonsense"}
    assert await overview(http, portal, headers) == 401


async def test_a_session_that_was_ended_opens_nothing(http, portal, browser, someone):
    await browser.sign_in(someone)
    kept = cookie(browser.session)
    assert await overview(http, portal, kept) == 200
    await browser.sign_out()
    assert await overview(http, portal, kept) == 401


@pytest.mark.parametrize("change", [{"expires_at": -1}, {"seen_at": -3601}], ids=["too old", "too long unused"])
async def test_a_session_ends_by_itself(http, portal, mongo, browser, someone, change):
    await browser.sign_in(someone)
    session_id = browser.session.split(".")[0]
    (field, seconds), *_ = change.items()
    moment = now() + timedelta(seconds=seconds)
    await mongo["gateway"]["sessions"].update_one({"_id": session_id}, {"$set": {field: moment}})
    assert await overview(http, portal, cookie(browser.session)) == 401


@pytest.fixture(scope="module")
async def method(signed_in):
    """A method that forged requests would change."""
    return (await add(signed_in, "Kept"))["method_id"]


@pytest.mark.parametrize("told", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("endpoint", CHANGING, ids=named)
async def test_another_site_cannot_change_anything_with(http, portal, mongo, signed_in, account, method, endpoint, told):
    headers = {**cookie(signed_in.session), **told}
    if headers.get("Origin") == "OWN":
        headers["Origin"] = portal.url
    before = await mongo["security_info"]["accounts"].find_one({"_id": account}, {"outbox": 0})
    address = f"{portal.url}/api{path_of(endpoint, method)}"
    async with http.request(endpoint.method, address, json=body_of(endpoint, method), headers=headers) as response:
        assert response.status == 403
        assert (await response.json(content_type=None))["key"] == "not_allowed"
    assert await mongo["security_info"]["accounts"].find_one({"_id": account}, {"outbox": 0}) == before


@pytest.mark.parametrize("told", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("path", ["/sign-out", "/language", "/security-info/add", "/security-info/methods/m/remove"])
async def test_another_site_cannot_send_the_pages_forms_with(http, portal, signed_in, path, told):
    headers = {**cookie(signed_in.session), **told}
    if headers.get("Origin") == "OWN":
        headers["Origin"] = portal.url
    for more in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer nonsense"}):
        async with http.post(
            f"{portal.url}{path}", data={"language": "sv"}, headers={**headers, **more}, allow_redirects=False
        ) as response:
            assert response.status == 403
    assert await overview(http, portal, cookie(signed_in.session)) == 200


@pytest.mark.parametrize("told", [{"Origin": "OWN"}, {"Sec-Fetch-Site": "same-origin"}], ids=["origin", "metadata"])
async def test_the_portals_own_pages_can(http, portal, signed_in, told):
    headers = {**cookie(signed_in.session), **told}
    if headers.get("Origin") == "OWN":
        headers["Origin"] = portal.url
    setup = await begin(signed_in)
    address = f"{portal.url}/api/security-info/methods/{setup['method_id']}"
    async with http.delete(address, headers=headers) as response:
        assert response.status == 204


async def test_signing_out_sends_to_the_provider_and_back_here_only(portal, browser, someone):
    await browser.sign_in(someone)
    target = await browser.sign_out()
    assert str(target).startswith(portal.provider.issuer)
    assert URL(target.query["post_logout_redirect_uri"]) == URL(f"{portal.url}/signed-out")
