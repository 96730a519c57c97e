"""Scripts of other origins: the configured ones may call with a token, nobody else, and never with a cookie."""

from contextlib import asynccontextmanager

import pytest

import gateway.app
import gateway.settings
from onebox.house import address
from onebox.ports import free_port

FRONTEND = "https://frontend.contoso.example"
NAMES = ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers")


@asynccontextmanager
async def sharing(portal, plan, *origins):
    port = free_port()
    behind = {name: taken for name, taken in portal.ports.items() if name != "gateway"}
    settings = gateway.settings.Settings(**plan.gateway(port, portal.provider, behind) | {"cors_origins": origins})
    async with gateway.app.running(settings):
        yield address(port)


@pytest.fixture(scope="module")
async def url(portal, plan):
    # Typed as people do; browsers write the origin in one way alone.
    async with sharing(portal, plan, "https://Frontend.Contoso.example:443/") as running:
        yield running


async def ask(http, url, method="GET", path="/api/overview", **headers):
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http.request(method, url + path, headers=sent) as response:
        return response.status, response.headers


async def test_a_configured_origin_asks_first_and_is_let_in(http, url):
    status, headers = await ask(http, url, "OPTIONS", Origin=FRONTEND, Access_Control_Request_Method="PATCH")
    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == FRONTEND
    assert "PATCH" in headers["Access-Control-Allow-Methods"]
    assert {"Authorization", "Idempotency-Key", "If-Match"} <= set(headers["Access-Control-Allow-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in headers
    assert "Origin" in headers["Vary"]


async def test_its_calls_are_answered_to_it_problems_too(http, url, portal, someone):
    token = f"Bearer {await portal.token(someone)}"
    status, headers = await ask(http, url, Origin=FRONTEND, Authorization=token)
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, FRONTEND)
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    status, headers = await ask(http, url, Origin=FRONTEND, Authorization="Bearer nonsense")
    assert (status, headers["Access-Control-Allow-Origin"]) == (401, FRONTEND)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://frontend.contoso.example",
        "https://frontend.contoso.example.evil.example",
        "https://frontend.contoso.example:8443",
        "null",
        "*",
    ],
)
async def test_no_other_origin_is(http, url, origin):
    for method in ("OPTIONS", "GET"):
        _, headers = await ask(http, url, method, Origin=origin, Access_Control_Request_Method="GET")
        assert not [name for name in NAMES if name in headers]


async def test_pages_are_never_shared(http, url):
    _, headers = await ask(http, url, path="/signed-out", Origin=FRONTEND)
    assert not [name for name in NAMES if name in headers]


async def test_a_session_from_another_origin_changes_nothing(http, url, signed_in):
    cookie = f"profile={signed_in.session}"
    status, _ = await ask(http, url, "POST", "/api/sessions/revoke", Origin=FRONTEND, Cookie=cookie)
    assert status == 403


async def test_nothing_is_shared_unless_configured(http, portal):
    _, headers = await ask(http, portal.url, "OPTIONS", Origin=FRONTEND, Access_Control_Request_Method="GET")
    assert not [name for name in NAMES if name in headers]


async def test_the_well_known_address_leads_to_where_a_password_is_changed(http, portal):
    async with http.get(f"{portal.url}/.well-known/change-password", allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"].startswith(portal.provider.issuer)
