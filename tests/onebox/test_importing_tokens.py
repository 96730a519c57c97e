"""Tokens for an import: who gives them, and what happens where that one is away or not well."""

import json
from collections.abc import Mapping

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from onebox.importing import sending
from onebox.importing.__main__ import main, put_in
from onebox.importing.away import AwayError
from onebox.importing.table import Table
from onebox.importing.tokens import portal_and_tokens
from onebox.processes import SetupError
from shared.contracts.lines import MEDIA_TYPE
from tests.onebox.tables import many

URL = "https://portal.example"


class Provider:
    """Give tokens, and be as ill as a test wants: an answer instead of that of one of its addresses, or of the next."""

    def __init__(self):
        self.asked, self.instead = [], {}
        self.once = []
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_post("/token", self._give)
        self.server = TestServer(app)

    @property
    def environment(self):
        return {"ISSUER": str(self.server.make_url("/")), "CLIENT_ID": "importer", "CLIENT_SECRET": "s"}

    async def _metadata(self, request):
        return self._ill("metadata") or web.json_response({"token_endpoint": f"{request.url.origin()}/token"})

    async def _give(self, request):
        if ill := (self.once.pop(0) if self.once else self._ill("token")):
            return ill
        self.asked.append((request.headers["Authorization"], dict(await request.post())))
        return web.json_response({"access_token": f"fresh{len(self.asked)}"})

    def _ill(self, which):
        instead = self.instead.get(which)
        return web.Response(**instead) if isinstance(instead, Mapping) else instead


@pytest.fixture
async def provider():
    provider = Provider()
    async with provider.server:
        yield provider


async def test_the_environment_names_who_gives_the_token(provider):
    url, tokens = portal_and_tokens(URL, provider.environment)
    assert (url, await tokens(), await tokens()) == (URL, "fresh1", "fresh2")
    with pytest.raises(SetupError):
        portal_and_tokens(URL, provider.environment | {"CLIENT_SECRET": ""})
    authorization, form = provider.asked[0]
    assert authorization == aiohttp.encode_basic_auth("importer", "s")
    assert form == {"grant_type": "client_credentials", "client_id": "importer", "scope": "devices.write"}


def told(**document):
    return json.dumps(document).encode()


FAULTS = {
    "no such place": ("metadata", {"status": 404}, "404"),
    "a page": ("metadata", {"body": b"<html>"}, "no JSON"),
    "a list": ("metadata", {"body": b"[]"}, "no JSON"),
    "bytes": ("metadata", {"body": b"\xff\xfe"}, "no JSON"),
    "no token_endpoint": ("metadata", {"body": b"{}"}, "token_endpoint"),
    "a token_endpoint that is none": ("metadata", {"body": told(token_endpoint="nothing")}, "nothing"),
    "a token_endpoint that anybody reads": ("metadata", {"body": told(token_endpoint="http://elsewhere/")}, "https"),
    "another place": ("metadata", {"status": 302, "headers": {"Location": "http://elsewhere/"}}, "302"),
    "a wrong secret": ("token", {"status": 401, "body": told(error="invalid_client")}, "invalid_client"),
    "a refusal in a page": ("token", {"status": 400, "body": b"<html>"}, "400"),
    "a page instead of a token": ("token", {"body": b"<html>"}, "no JSON"),
    "no token": ("token", {"body": told(token_type="Bearer")}, "access_token"),
    "a token that is none": ("token", {"body": told(access_token="a\r\nb: c")}, "none"),
}


@pytest.mark.parametrize(("which", "instead", "why"), FAULTS.values(), ids=FAULTS)
async def test_a_provider_s_fault_that_does_not_pass_is_told_in_a_sentence(provider, which, instead, why):
    _, tokens = portal_and_tokens(URL, provider.environment)
    provider.instead[which] = instead
    with pytest.raises(SetupError, match=why):
        await tokens()


@pytest.mark.parametrize("which", ["metadata", "token"])
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_a_provider_that_is_away_for_a_while_is_no_mistake(provider, which, status):
    _, tokens = portal_and_tokens(URL, provider.environment)
    provider.instead[which] = {"status": status, "headers": {"Retry-After": "7"}}
    with pytest.raises(AwayError, match=str(status)) as away:
        await tokens()
    assert away.value.pause == 7


async def test_a_provider_that_cannot_be_reached_is_no_mistake():
    nowhere = {"ISSUER": f"http://localhost:{unused_port()}", "CLIENT_ID": "importer", "CLIENT_SECRET": "s"}
    _, tokens = portal_and_tokens(URL, nowhere)
    with pytest.raises(AwayError, match="provider"):
        await tokens()


@pytest.mark.parametrize("issuer", ["nonsense", "http://provider.example", "https://", "https://[::1", "//x"])
def test_an_issuer_that_is_no_address_is_told_at_once(tmp_path, monkeypatch, capsys, issuer):
    for name, value in {"ISSUER": issuer, "CLIENT_ID": "importer", "CLIENT_SECRET": "s"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TOKEN", raising=False)
    assert main([str(many(tmp_path, 1)), "--url", "http://localhost:1"]) == 2
    assert f"ISSUER {issuer} is no https address" in capsys.readouterr().err


@pytest.fixture
async def portal():
    """A portal that takes everything; gives its address and the tokens that it saw."""
    seen = []

    async def take(request):
        seen.append(request.headers["Authorization"])
        lines = (await request.read()).split(b"\n")
        results = [told(line=number, status=200) + b"\n" for number, line in enumerate(lines, 1) if line]
        return web.Response(body=b"".join(results), headers={"Content-Type": MEDIA_TYPE})

    app = web.Application()
    app.router.add_post("/api/system/devices/bulk", take)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/"), seen


async def test_an_import_outlasts_a_provider_that_is_away(*, provider, portal, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sending, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(sending, "AT_ONCE", 10)
    url, seen = portal
    _, tokens = portal_and_tokens(url, provider.environment)
    file = many(tmp_path, 30)
    provider.once = [None, web.Response(status=503), web.Response(status=502)]
    assert await put_in(Table(file), file, url=url, tokens=tokens, patience=5.0) == 0
    assert seen == ["Bearer fresh1", "Bearer fresh2", "Bearer fresh3"]
    assert "503" in (said := capsys.readouterr()).err
    assert said.out.startswith("30 of 30")


async def test_an_import_ends_with_a_sentence_where_the_provider_stays_away(
    *, provider, portal, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(sending, "_FIRST_PAUSE", 0.01)
    url, seen = portal
    _, tokens = portal_and_tokens(url, provider.environment)
    await provider.server.close()
    file = many(tmp_path, 3)
    assert await put_in(Table(file), file, url=url, tokens=tokens, patience=0.1) == 2
    assert "The provider does not answer (" in capsys.readouterr().err
    assert not seen
