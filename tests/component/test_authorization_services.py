"""Who is let in at the services' own doors, at those that the portal does not expose as well."""

import base64
import hmac
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.identifying import ALGORITHM, ISSUER, LIFETIME, new_key
from tests.component.asking import BEHIND, EXPOSED_TO_SYSTEMS, body_of, named, path_of

SESSION = "at-the-door"
EVERYTHING = {"scopes": sorted({endpoint.scope for endpoint in EXPOSED_TO_SYSTEMS}), "organizations": ["*"]}


def claims(door, **changed):
    service, endpoint = door
    told = {
        "iss": ISSUER,
        "aud": service,
        "sub": "mallory",
        "iat": int(time.time()),
        "exp": int(time.time()) + LIFETIME,
        **({"system": EVERYTHING} if endpoint.scope else {"principal": {"amr": ["pwd"], "session": SESSION}}),
    } | changed
    return {name: value for name, value in told.items() if value is not None}


@pytest.fixture(scope="session")
def key(secrets):
    return OKPKey.import_key(json.loads(secrets.signing_key))


def signed(key, door, algorithm=ALGORITHM, **changed):
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims(door, **changed), key, algorithms=[algorithm])


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(door, algorithm="none"):
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims(door))}."


def with_public_key_as_secret(key, door):
    # The oldest trick: the public key, which everyone knows, taken for the secret of an HMAC.
    said = f"{part({'alg': 'HS256', 'kid': key.kid})}.{part(claims(door))}"
    mac = hmac.digest(key.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def with_changed_claims(key, door):
    head, _, signature = signed(key, door).split(".")
    return f"{head}.{part(claims(door, sub='alice'))}.{signature}"


def of_a_stranger(key, door):
    other = new_key()
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims(door), other, algorithms=[ALGORITHM])


FORGED = {
    "no header": lambda _key, _door: None,
    "nonsense": lambda _key, _door: "nonsense",
    "expired": lambda key, door: signed(key, door, exp=int(time.time()) - LIFETIME),
    "without an end": lambda key, door: signed(key, door, exp=None),
    "without a subject": lambda key, door: signed(key, door, sub=None),
    "without saying who": lambda key, door: signed(key, door, principal=None, system=None),
    "of a system that is a text": lambda key, door: signed(key, door, principal=None, system="all"),
    "of a system with one text of scopes": lambda key, door: signed(
        key, door, principal=None, system={"scopes": " ".join(EVERYTHING["scopes"]), "organizations": ["*"]}
    ),
    "of a system that names its own client": lambda key, door: signed(
        key, door, principal=None, system={**EVERYTHING, "client_id": "system-all"}
    ),
    "of a person that names another account": lambda key, door: signed(
        key, door, system=None, principal={"account": "alice"}
    ),
    "unsigned": lambda _key, door: unsigned(door),
    "unsigned, shouting": lambda _key, door: unsigned(door, "NONE"),
    "signed by a stranger": of_a_stranger,
    "signed with the public key": with_public_key_as_secret,
    "changed after signing": with_changed_claims,
    "for another service": lambda key, door: signed(
        key, door, aud="privacy" if door[0] != "privacy" else "security-info"
    ),
    "for nobody": lambda key, door: signed(key, door, aud=None),
    "of another issuer": lambda key, door: signed(key, door, iss="someone"),
}


async def knock(http, portal, door, token):
    service, endpoint = door
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= portal.prover.header("mallory", SESSION)
    address = f"http://127.0.0.1:{portal.ports[service]}{path_of(endpoint)}"
    async with http.request(endpoint.method, address, json=body_of(endpoint), headers=headers) as response:
        return response.status, (await response.json(content_type=None) if response.status != 204 else None)


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("door", BEHIND, ids=named)
async def test_no_service_lets_in(portal, http, key, door, forged):
    status, problem = await knock(http, portal, door, forged(key, door))
    assert (status, problem["key"]) == (401, "not_signed_in")


@pytest.mark.parametrize("door", BEHIND, ids=named)
async def test_a_service_lets_in_whom_the_gateway_vouches_for(portal, http, key, directory, door):
    status, _ = await knock(http, portal, door, signed(key, door))
    assert status not in {401, 403}


@pytest.mark.parametrize("service", sorted({service for service, _ in BEHIND}))
async def test_the_tables_are_all_that_a_service_answers(portal, http, service):
    port = portal.ports[service]
    for path in ("/", "/api/overview", "/accounts", "/openapi.json"):
        async with http.get(f"http://127.0.0.1:{port}{path}") as response:
            assert response.status == 404
            assert response.content_type == "application/problem+json"
