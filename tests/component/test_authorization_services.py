"""Who is let in at the services' own doors, at those that the portal does not expose as well."""

import base64
import hmac
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.identifying import ALGORITHM, ISSUER, LIFETIME, new_key
from tests.component.asking import BEHIND, body_of, path_of


def claims(service, **changed):
    told = {
        "iss": ISSUER,
        "aud": service,
        "sub": "mallory",
        "iat": int(time.time()),
        "exp": int(time.time()) + LIFETIME,
        "principal": {"amr": ["pwd"]},
    } | changed
    return {name: value for name, value in told.items() if value is not None}


@pytest.fixture(scope="session")
def key(secrets):
    return OKPKey.import_key(json.loads(secrets.signing_key))


def signed(key, service, algorithm=ALGORITHM, **changed):
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims(service, **changed), key, algorithms=[algorithm])


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(service, algorithm="none"):
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims(service))}."


def with_public_key_as_secret(key, service):
    # The oldest trick: the public key, which everyone knows, taken for the secret of an HMAC.
    said = f"{part({'alg': 'HS256', 'kid': key.kid})}.{part(claims(service))}"
    mac = hmac.digest(key.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def with_changed_claims(key, service):
    head, _, signature = signed(key, service).split(".")
    return f"{head}.{part(claims(service, sub='alice'))}.{signature}"


def of_a_stranger(key, service):
    other = new_key()
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims(service), other, algorithms=[ALGORITHM])


FORGED = {
    "no header": lambda _key, _service: None,
    "nonsense": lambda _key, _service: "nonsense",
    "expired": lambda key, service: signed(key, service, exp=int(time.time()) - LIFETIME),
    "without an end": lambda key, service: signed(key, service, exp=None),
    "without a subject": lambda key, service: signed(key, service, sub=None),
    "without a principal": lambda key, service: signed(key, service, principal=None),
    "unsigned": lambda _key, service: unsigned(service),
    "unsigned, shouting": lambda _key, service: unsigned(service, "NONE"),
    "signed by a stranger": of_a_stranger,
    "signed with the public key": with_public_key_as_secret,
    "changed after signing": with_changed_claims,
    "for another service": lambda key, service: signed(key, "privacy" if service != "privacy" else "security-info"),
    "for nobody": lambda key, service: signed(key, service, aud=None),
    "of another issuer": lambda key, service: signed(key, service, iss="someone"),
}


async def knock(http, portal, door, token):
    service, endpoint = door
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    address = f"http://127.0.0.1:{portal.ports[service]}{path_of(endpoint)}"
    async with http.request(endpoint.method, address, json=body_of(endpoint), headers=headers) as response:
        return response.status, (await response.json(content_type=None) if response.status != 204 else None)


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("door", BEHIND, ids=lambda door: f"{door[0]}-{door[1].name}")
async def test_no_service_lets_in(portal, http, key, door, forged):
    status, problem = await knock(http, portal, door, forged(key, door[0]))
    assert (status, problem["key"]) == (401, "not_signed_in")


@pytest.mark.parametrize("door", BEHIND, ids=lambda door: f"{door[0]}-{door[1].name}")
async def test_a_service_lets_in_whom_the_gateway_vouches_for(portal, http, key, door):
    status, _ = await knock(http, portal, door, signed(key, door[0]))
    assert status not in {401, 403}


@pytest.mark.parametrize("service", sorted({service for service, _ in BEHIND}))
async def test_the_tables_are_all_that_a_service_answers(portal, http, service):
    port = portal.ports[service]
    for path in ("/", "/api/overview", "/accounts", "/openapi.json"):
        async with http.get(f"http://127.0.0.1:{port}{path}") as response:
            assert response.status == 404
            assert response.content_type == "application/problem+json"
