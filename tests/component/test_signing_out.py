"""Sessions seen and ended, here and everywhere, in every gateway."""

import time
from contextlib import asynccontextmanager

import pytest
from yarl import URL

import gateway.app
import gateway.settings
from gateway.keeping import KEPT_SECONDS
from onebox.house import address
from onebox.ports import free_port
from tests.component.browsing import Browser
from tests.component.listening import event, listening
from tests.conftest import Caller
from tests.waiting import until

PROMISED = 5.0
"""Seconds within which every gateway refuses what was signed out."""


@pytest.fixture
async def two_browsers(portal, someone):
    """Give two browsers of one person, both signed in."""
    async with Browser(portal) as one, Browser(portal) as other:
        await one.sign_in(someone)
        await other.sign_in(someone)
        yield one, other


@asynccontextmanager
async def another_gateway(portal, plan):
    """Run a second gateway on the same database and behind the same broker; give its address."""
    port = free_port()
    settings = gateway.settings.Settings(
        **plan.gateway(
            port, portal.provider, {name: taken for name, taken in portal.ports.items() if name != "gateway"}
        )
        | {"public_url": portal.url}
    )
    async with gateway.app.running(settings):
        yield address(port)


async def status_at(http, url, browser):
    async with http.get(f"{url}/api/overview", headers={"Cookie": f"profile={browser.session}"}) as response:
        return response.status


async def test_a_person_sees_where_they_are_signed_in(two_browsers):
    one, other = two_browsers
    status, seen = await one("GET", "/sessions")
    assert status == 200
    assert [(session["id"], session["current"]) for session in seen["sessions"]] == [
        (one.session.split(".")[0], True),
        (other.session.split(".")[0], False),
    ]
    assert {session["client"]["browser"] for session in seen["sessions"]} == {"Firefox 145"}
    assert one.session.split(".")[1] not in str(seen)


async def test_one_session_is_ended_and_the_others_go_on(two_browsers):
    one, other = two_browsers
    ended = other.session.split(".")[0]
    assert (await one("DELETE", f"/sessions/{ended}"))[0] == 204
    assert (await other("GET", "/overview"))[0] == 401
    assert (await one("GET", "/overview"))[0] == 200
    assert len((await one("GET", "/sessions"))[1]["sessions"]) == 1
    status, problem = await one("DELETE", f"/sessions/{ended}")
    assert (status, problem["key"]) == (404, "session_not_found")


async def test_the_same_command_again_is_answered_again(two_browsers):
    one, other = two_browsers
    headers = {"Idempotency-Key": "end-it"}
    for _ in range(2):
        assert (await one("DELETE", f"/sessions/{other.session.split('.')[0]}", headers=headers))[0] == 204


@pytest.mark.parametrize("foreign", ["nonsense", "00000000-0000-0000-0000-000000000000", None])
async def test_nobody_ends_what_is_not_theirs(two_browsers, bob, foreign):
    one, _ = two_browsers
    status, problem = await bob("DELETE", f"/sessions/{foreign or one.session.split('.')[0]}")
    assert (status, problem["key"]) == (404, "session_not_found")
    assert (await one("GET", "/overview"))[0] == 200


async def test_a_program_sees_the_sessions_and_none_is_its_own(two_browsers, api):
    _, seen = await api("GET", "/sessions")
    assert [session["current"] for session in seen["sessions"]] == [False, False]


@pytest.fixture
async def elsewhere(portal, plan):
    """Give the address of a second gateway."""
    async with another_gateway(portal, plan) as url:
        yield url


async def test_signing_out_everywhere_ends_browsers_and_tokens_in_two_gateways(portal, http, two_browsers, elsewhere):
    one, other = two_browsers
    account = (await one("GET", "/overview"))[1]["profile"]["account"]
    token = await portal.token(account)
    programs = [Caller(http, url, token) for url in (portal.url, elsewhere)]
    assert [(await program("GET", "/overview"))[0] for program in programs] == [200, 200]
    assert await status_at(http, elsewhere, other) == 200
    begun = time.monotonic()
    status, answer = await one("POST", "/sessions/revoke")
    assert status == 200
    assert str(answer["continue_at"]).startswith(portal.provider.issuer)
    assert URL(answer["continue_at"]).query["post_logout_redirect_uri"] == f"{portal.url}/signed-out"

    assert (await one("GET", "/overview"))[0] == 401
    assert (await other("GET", "/overview"))[0] == 401
    assert (await programs[0]("GET", "/overview"))[0] == 401

    async def refused_elsewhere():
        program_is = (await programs[1]("GET", "/overview"))[0]
        return (program_is, await status_at(http, elsewhere, other)) == (401, 401)

    await until(refused_elsewhere, seconds=PROMISED)
    assert time.monotonic() - begun < PROMISED

    fresh = await _fresh_token(portal, account)
    assert (await Caller(http, elsewhere, fresh)("GET", "/overview"))[0] == 200
    async with Browser(portal) as again:
        await again.sign_in(account)
        assert (await again("GET", "/overview"))[0] == 200
        assert len((await again("GET", "/sessions"))[1]["sessions"]) == 1


async def test_a_browser_that_the_provider_still_knows_has_to_prove_it_anew(portal, two_browsers):
    one, other = two_browsers
    account = (await one("GET", "/overview"))[1]["profile"]["account"]
    second = int(time.time())
    await until(lambda: int(time.time()) > second)  # the provider tells in seconds when someone signed in
    assert (await one("POST", "/sessions/revoke"))[0] == 200
    at, page = await other._page("GET", URL(f"{portal.url}/sign-in?return_to=/api/overview"))
    assert str(at).startswith(portal.provider.issuer), page
    await other.sign_in(account)
    assert (await other("GET", "/overview"))[0] == 200


async def test_signing_out_everywhere_is_news_and_so_is_the_end_of_each_session(plan, two_browsers, someone):
    async with listening(plan.broker_url("subscriber"), "revoked") as heard:
        assert (await two_browsers[0]("POST", "/sessions/revoke"))[0] == 200

        def told():
            return sorted(event(message)["type"] for message in heard.about(someone)) == [
                "profile.gateway.session.ended.v1",
                "profile.gateway.session.ended.v1",
                "profile.gateway.sessions.revoked.v1",
            ]

        await until(told)
        reasons = [event(one)["data"].get("reason") for one in heard.about(someone)]
        assert reasons.count("signed_out_everywhere") == 2


async def _fresh_token(portal, account):
    """Get a token of another second than the signing out."""
    second = int(time.time())
    await until(lambda: int(time.time()) > second)
    return await portal.token(account)


async def test_what_one_gateway_keeps_is_younger_than_what_is_promised():
    assert KEPT_SECONDS < PROMISED


async def test_a_disabled_account_is_signed_out_and_stays_out(portal, directory, member, api):
    async with Browser(portal) as browser:
        await browser.sign_in(member)
        wish = {"home_organization": "contoso", "disabled": True}
        assert (await directory("PUT", f"/system/accounts/{member}", wish))[0] == 200

        async def out():
            return (await browser("GET", "/overview"))[0] == 401

        await until(out)
        status, problem = await api("GET", "/overview")
        assert (status, problem["key"]) == (403, "account_disabled")
        async with Browser(portal) as again:
            with pytest.raises(AssertionError):
                await again.sign_in(member)

        assert (await directory("PUT", f"/system/accounts/{member}", wish | {"disabled": False}))[0] == 200

        async def taken():
            return (await api("GET", "/overview"))[0] == 200

        await until(taken)
        await browser.sign_in(member)
        assert (await browser("GET", "/overview"))[0] == 200
