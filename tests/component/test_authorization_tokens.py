"""Which tokens of a provider open a door at the portal: each kind of bad one is tried at every door."""

import time

import pytest

import gateway.app
import gateway.settings
from onebox.house import address
from onebox.ports import free_port
from tests.component.asking import EXPOSED, EXPOSED_TO_PERSONS, EXPOSED_TO_SYSTEMS, LAST, body_of, named, path_of
from tests.component.minting import KEY, STRANGER, SmallProvider, by_hand, signed
from tests.proving import session_of

SYSTEM = "system-minted"
SCOPES = " ".join(sorted({endpoint.scope for endpoint in EXPOSED_TO_SYSTEMS}))


@pytest.fixture(scope="module")
async def minting():
    provider = SmallProvider()
    async with provider.server:
        yield provider


@pytest.fixture(scope="module")
async def door(plan, portal, minting, http):
    """Knock with a token at a gateway that believes the small provider."""
    port = free_port()
    told = plan.gateway(port, portal.provider, portal.ports) | {
        "issuer": minting.issuer,
        "client_id": "portal",
        "system_clients": {SYSTEM: {"organizations": ["*"]}, "system-mapped": {"organizations": [], "subject": "it"}},
    }

    async def knock(endpoint, token, **ids):
        headers = {"Authorization": f"Bearer {token}", **portal.prover.header("minted", session_of(token))}
        url = f"{address(port)}/api{path_of(endpoint, **ids)}"
        async with http.request(endpoint.method, url, json=body_of(endpoint, **ids), headers=headers) as response:
            return response.status, (await response.json(content_type=None) or {}).get("key")

    async with gateway.app.running(gateway.settings.Settings(**told)):
        yield knock


def of_system(provider, **changed):
    return signed(provider, **{"sub": SYSTEM, "client_id": SYSTEM, "scope": SCOPES} | changed)


def of_person(provider, **changed):
    return signed(provider, **{"sub": "minted", "client_id": "their-program"} | changed)


def of_whom(endpoint):
    return of_system if endpoint.scope else of_person


BAD = {
    "expired": {"exp": int(time.time()) - 1},
    "not valid yet": {"nbf": int(time.time()) + 600},
    "for another audience": {"aud": ["another"]},
    "for no audience": {"aud": None},
    "of another issuer": {"iss": "https://evil.example"},
    "signed by a stranger": {"key": STRANGER},
    "of the type of an ID token": {"typ": "JWT"},
    "without a type": {"typ": None},
    "a logout token": {"typ": "logout+jwt"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_no_door_opens_to_a_token_that_is(door, minting, endpoint, bad):
    token = of_whom(endpoint)(minting, **bad)
    assert await door(endpoint, token) == (401, "not_signed_in")


@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_no_door_opens_to_a_token_that_nobody_signed(door, minting, endpoint):
    for token in (by_hand(minting, "none"), by_hand(minting, "HS256", KEY.as_pem(private=False))):
        assert await door(endpoint, token) == (401, "not_signed_in")


@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_a_good_one_opens_each(door, minting, directory, endpoint):
    account = "minted-last" if endpoint.name == LAST else "minted"
    changed = {} if endpoint.scope else {"sub": account}
    status, key = await door(endpoint, of_whom(endpoint)(minting, **changed))
    assert status not in {401, 403}, key


NO_SYSTEMS = {
    "a person's, by a program that is a system": {"sub": "minted"},
    "a person's, by any program": {"sub": "minted", "client_id": "their-program"},
    "a person's, of no client": {"sub": "minted", "client_id": None},
    "an unknown system's": {"sub": "system-unknown", "client_id": "system-unknown"},
    "of no client at all": {"client_id": None},
    "of several clients": {"client_id": [SYSTEM]},
    "a system's with the subject of another": {"sub": "it"},
    "a mapped system's with its own name": {"sub": "system-unmapped", "client_id": "system-mapped"},
}


@pytest.mark.parametrize("changed", NO_SYSTEMS.values(), ids=NO_SYSTEMS)
@pytest.mark.parametrize("endpoint", EXPOSED_TO_SYSTEMS, ids=named)
async def test_no_door_for_systems_opens_to_a_token_that_is(door, minting, endpoint, changed):
    assert await door(endpoint, of_system(minting, **changed)) == (403, "not_allowed")


@pytest.mark.parametrize("endpoint", EXPOSED_TO_SYSTEMS, ids=named)
async def test_a_system_may_be_told_in_several_ways(door, minting, directory, endpoint):
    listed = SCOPES.split()
    for changed in ({"sub": None}, {"client_id": None, "azp": SYSTEM}, {"scope": listed}):
        status, key = await door(endpoint, of_system(minting, **changed))
        assert status not in {401, 403}, (changed, key)
    for scope in (None, "", f"x{endpoint.scope}", {endpoint.scope: True}, 7, [7], endpoint.scope.upper()):
        assert await door(endpoint, of_system(minting, scope=scope)) == (403, "missing_scope"), scope


@pytest.mark.parametrize("endpoint", EXPOSED_TO_PERSONS, ids=named)
async def test_a_program_that_is_its_own_subject_is_no_person(door, minting, endpoint):
    assert await door(endpoint, of_system(minting)) == (401, "not_signed_in")
    assert await door(endpoint, signed(minting, sub="any", client_id="any")) == (401, "not_signed_in")


@pytest.mark.parametrize("sub", [None, "", "  ", 7, ["minted"], {"sub": "minted"}], ids=str)
async def test_a_token_that_names_no_account_is_nobodys(door, minting, sub):
    for endpoint in EXPOSED_TO_PERSONS:
        assert await door(endpoint, of_person(minting, sub=sub)) == (401, "not_signed_in"), endpoint.name
