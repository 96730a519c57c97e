"""Which access tokens count."""

import time

import aiohttp
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from gateway.bearer import BearerTokens
from gateway.provider import Provider
from gateway.settings import SystemBinding
from shared.contracts.problem import NotAllowed, NotSignedIn, Unavailable
from tests.component.minting import KEY, STRANGER, SmallProvider, by_hand, claims, signed

SYSTEMS = {
    "robot": SystemBinding(organizations=frozenset({"contoso"})),
    "mapped": SystemBinding(organizations=frozenset({"*"}), subject="service-account-mapped"),
}


@pytest.fixture
async def provider():
    small = SmallProvider()
    async with small.server:
        yield small


@pytest.fixture
async def tokens(provider):
    async with aiohttp.ClientSession() as http:
        asked = Provider(provider.issuer, "portal", SecretStr("s"), http)
        yield BearerTokens(asked, audiences=frozenset({"portal"}), account_claim="sub", systems=SYSTEMS)


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT"])
async def test_a_signed_access_token_counts(provider, tokens, typ):
    told = await tokens.claims(signed(provider, typ))
    assert told["sub"] == "alice"
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
    "a program's own": lambda p: signed(p, sub="client", client_id="client"),
    "without its signature": lambda p: signed(p).rpartition(".")[0] + ".",
    "with another's claims": lambda p: ".".join(
        [signed(p).split(".")[0], signed(p, sub="bob").split(".")[1], signed(p).split(".")[2]]
    ),
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED)
async def test_no_account_is_reached_with_a_jwt(provider, tokens, made):
    with pytest.raises(NotSignedIn):
        await tokens.person(made(provider))


@pytest.mark.parametrize("sub", [None, "", "  ", 7, ["alice"]])
async def test_claims_that_name_no_account_reach_none(provider, tokens, sub):
    provider.opaque["t"] = {"active": True, "aud": "portal", "sub": sub}
    with pytest.raises(NotSignedIn):
        await tokens.person("t")


@pytest.mark.parametrize("issued_at", [None, 1_700_000_000, 1_700_000_000.5, "yesterday"])
async def test_a_token_tells_whose_it_is_and_since_when(provider, tokens, issued_at):
    provider.opaque["t"] = {"active": True, **claims(provider, iat=issued_at)}
    said = issued_at if not isinstance(issued_at, str) else None
    holder = await tokens.person("t")
    assert (holder.account, holder.issued_at, holder.auth_time) == ("alice", said, None)


@pytest.mark.parametrize(
    "told",
    [
        {"client_id": "robot"},
        {"client_id": "robot", "sub": "robot"},
        {"azp": "robot", "sub": "robot"},
        {"client_id": "mapped", "sub": "service-account-mapped"},
    ],
    ids=str,
)
async def test_a_systems_token_tells_which_and_for_whom_it_speaks(provider, tokens, told):
    provider.opaque["t"] = {"active": True, **claims(provider, sub=None), "scope": "a.write b.write", **told}
    with pytest.raises(NotSignedIn):
        await tokens.person("t")
    system = await tokens.system("t")
    name = told.get("client_id", "robot")
    assert (system.client_id, system.organizations) == (name, SYSTEMS[name].organizations)
    assert system.scopes == {"a.write", "b.write"}


@pytest.mark.parametrize(
    "told",
    [
        {"client_id": "robot", "sub": "alice"},
        {"client_id": "robot", "sub": "service-account-mapped"},
        {"client_id": "mapped", "sub": "alice"},
        {"client_id": "stranger", "sub": "stranger"},
        {"client_id": "stranger", "azp": "robot"},
        {"client_id": ["robot"]},
        {"sub": "robot"},
        {},
    ],
    ids=str,
)
async def test_no_system_is_known_by(provider, tokens, told):
    provider.opaque["t"] = {"active": True, **claims(provider, sub=None), "scope": "a.write", **told}
    with pytest.raises(NotAllowed):
        await tokens.system("t")


async def test_an_access_token_that_names_the_providers_session_is_no_id_token(provider, tokens):
    def made(typ):
        header = {"alg": "RS256", "kid": KEY.kid, "typ": "JWT"}
        return jwt.encode(header, {**claims(provider, sid="s"), "typ": typ}, KEY, algorithms=["RS256"])

    for typ in ("Bearer", "ID", "Refresh", ""):
        provider.opaque[made(typ)] = {"active": True, **claims(provider)}
    assert (await tokens.person(made("Bearer"))).account == "alice"
    for typ in ("ID", "Refresh", ""):
        with pytest.raises(NotSignedIn):
            await tokens.person(made(typ))


async def test_an_opaque_token_counts_when_the_provider_says_so(provider, tokens):
    provider.opaque["t"] = {"active": True, **claims(provider), "token_type": "Bearer"}
    assert (await tokens.claims("t"))["sub"] == "alice"


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
    tokens._provider._keys._tried_at -= 31
    token = jwt.encode({"alg": "RS256", "kid": new.kid, "typ": "at+jwt"}, claims(provider), new)
    assert (await tokens.claims(token))["sub"] == "alice"
