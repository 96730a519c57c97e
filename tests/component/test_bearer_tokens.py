"""Which access tokens count, against a small provider that gives any token out and tells the truth about each."""

import base64
import hmac
import json
import time

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from gateway.bearer import BearerTokens
from gateway.provider import Provider
from shared.contracts.problem import NotSignedIn, Unavailable

KEY = RSAKey.generate_key(2048, {"use": "sig"}, private=True)
KEY.ensure_kid()
STRANGER = RSAKey.generate_key(2048, {"kid": KEY.kid}, private=True)


class SmallProvider:
    """Publish metadata and keys, and tell what is known of opaque tokens."""

    def __init__(self):
        self.keys, self.opaque, self.asked, self.down = [KEY], {}, [], False
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/introspect", self._introspect)
        self.server = TestServer(app)

    @property
    def issuer(self):
        return str(self.server.make_url("/")).rstrip("/")

    async def _metadata(self, _request):
        return web.json_response(
            {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/keys",
                "introspection_endpoint": f"{self.issuer}/introspect",
            }
        )

    async def _keys(self, _request):
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def _introspect(self, request):
        if self.down:
            raise web.HTTPServiceUnavailable
        assert request.headers["Authorization"].startswith("Basic ")
        token = (await request.post())["token"]
        self.asked.append(token)
        return web.json_response(self.opaque.get(token, {"active": False}))


@pytest.fixture
async def provider():
    small = SmallProvider()
    async with small.server:
        yield small


@pytest.fixture
async def tokens(provider):
    async with aiohttp.ClientSession() as http:
        asked = Provider(provider.issuer, "portal", SecretStr("s"), http)
        yield BearerTokens(asked, audiences=frozenset({"portal"}), account_claim="sub")


def claims(provider, **changed):
    told = {"iss": provider.issuer, "aud": ["portal"], "sub": "alice", "exp": int(time.time()) + 60} | changed
    return {name: value for name, value in told.items() if value is not None}


def signed(provider, typ="at+jwt", key=KEY, algorithm="RS256", **changed):
    header = {"alg": algorithm, "kid": KEY.kid, **({"typ": typ} if typ else {})}
    return jwt.encode(header, claims(provider, **changed), key, algorithms=[algorithm])


def by_hand(provider, algorithm, secret=b""):
    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head = {"alg": algorithm, "kid": KEY.kid, "typ": "at+jwt"}
    said = f"{part(json.dumps(head).encode())}.{part(json.dumps(claims(provider)).encode())}"
    return f"{said}.{part(hmac.digest(secret, said.encode(), 'sha256')) if secret else ''}"


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT"])
async def test_a_signed_access_token_counts(provider, tokens, typ):
    told = await tokens.claims(signed(provider, typ))
    assert tokens.account(told) == "alice"
    assert provider.asked == []


REFUSED = {
    "expired": lambda p: signed(p, exp=int(time.time()) - 1),
    "not valid yet": lambda p: signed(p, nbf=int(time.time()) + 600),
    "without an end": lambda p: signed(p, exp=None),
    "for another audience": lambda p: signed(p, aud=["another"]),
    "for no audience": lambda p: signed(p, aud=None),
    "for an audience that looks alike": lambda p: signed(p, aud="portal2"),
    "of another issuer": lambda p: signed(p, iss="https://evil.example"),
    "of no issuer": lambda p: signed(p, iss=None),
    "signed by a stranger": lambda p: signed(p, key=STRANGER),
    "unsigned": lambda p: by_hand(p, "none"),
    "signed with the public key as a secret": lambda p: by_hand(p, "HS256", KEY.as_pem(private=False)),
    "an ID token": lambda p: signed(p, "JWT"),
    "an ID token without a type": lambda p: signed(p, None),
    "a logout token": lambda p: signed(p, "logout+jwt"),
    "without its signature": lambda p: signed(p).rpartition(".")[0] + ".",
    "with another's claims": lambda p: ".".join(
        [signed(p).split(".")[0], signed(p, sub="bob").split(".")[1], signed(p).split(".")[2]]
    ),
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED)
async def test_no_account_is_reached_with_a_jwt(provider, tokens, made):
    with pytest.raises(NotSignedIn):
        await tokens.claims(made(provider))


@pytest.mark.parametrize("sub", [None, "", 7, ["alice"]])
async def test_claims_that_name_no_account_reach_none(provider, tokens, sub):
    provider.opaque["t"] = {"active": True, "aud": "portal", "sub": sub}
    told = await tokens.claims("t")
    with pytest.raises(NotSignedIn):
        tokens.account(told)


async def test_an_opaque_token_counts_when_the_provider_says_so(provider, tokens):
    provider.opaque["t"] = {"active": True, **claims(provider), "token_type": "Bearer"}
    assert tokens.account(await tokens.claims("t")) == "alice"


@pytest.mark.parametrize(
    "told",
    [
        {"active": False},
        {"active": "true"},
        {"active": True, "aud": ["another"]},
        {"active": True, "aud": None},
        {"active": True, "iss": "https://evil.example"},
        {"active": True, "exp": 1},
        {"active": True, "token_type": "refresh_token"},
    ],
    ids=str,
)
async def test_an_opaque_token_does_not_count_when_the_provider_says(provider, tokens, told):
    provider.opaque["t"] = {key: value for key, value in {**claims(provider), **told}.items() if value is not None}
    with pytest.raises(NotSignedIn):
        await tokens.claims("t")


async def test_the_provider_is_asked_once_a_minute_about_a_token(provider, tokens, monkeypatch):
    provider.opaque["t"] = {"active": True, **claims(provider, exp=int(time.time()) + 3600)}
    for _ in range(5):
        await tokens.claims("t")
        with pytest.raises(NotSignedIn):
            await tokens.claims("other")
    assert provider.asked == ["t", "other"]
    provider.opaque.clear()
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(NotSignedIn):
        await tokens.claims("t")


async def test_a_kept_token_counts_no_longer_than_it_lives(provider, tokens, monkeypatch):
    ends = int(time.time()) + 20
    provider.opaque["t"] = {"active": True, **claims(provider, exp=ends)}
    tokens_jwt = signed(provider, exp=ends)
    for token in ("t", tokens_jwt):
        await tokens.claims(token)
    monkeypatch.setattr(time, "time", lambda: ends + 1)
    with pytest.raises(NotSignedIn):
        await tokens.claims("t")
    with pytest.raises(NotSignedIn):
        await tokens.claims(tokens_jwt)


async def test_a_provider_that_is_away_is_no_refusal_and_is_asked_again(provider, tokens):
    provider.opaque["t"] = {"active": True, **claims(provider)}
    provider.down = True
    with pytest.raises(Unavailable):
        await tokens.claims("t")
    provider.down = False
    assert (await tokens.claims("t"))["sub"] == "alice"


async def test_a_new_key_of_the_provider_is_found(provider, tokens):
    new = RSAKey.generate_key(2048, {"use": "sig"}, private=True)
    new.ensure_kid()
    await tokens.claims(signed(provider))
    provider.keys = [new]
    tokens._provider._keys_at -= 31
    token = jwt.encode({"alg": "RS256", "kid": new.kid, "typ": "at+jwt"}, claims(provider), new)
    assert (await tokens.claims(token))["sub"] == "alice"
