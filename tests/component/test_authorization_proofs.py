"""What needs a recent proof is refused without one, at the portal's door and at the services' own."""

import json
import time

import pytest
from joserfc.jwk import OKPKey

from shared.contracts.problem import PROOF_SECONDS
from shared.contracts.security_info import SCOPES
from shared.identifying import Principal, new_key
from shared.proving import PROOF_HEADER
from tests.component.asking import PROVED, PROVED_BEHIND, body_of, named, path_of
from tests.component.browsing import Browser
from tests.component.looking import kept_of
from tests.component.minting import by_hand_with
from tests.component.putting_in import put_account, put_device
from tests.component.setting_up import add, wrong
from tests.conftest import Caller
from tests.proving import session_of

DOOR = "at-the-door"


def old(**changed):
    """Give the times of a proof that ended a minute ago."""
    given_at = int(time.time()) - PROOF_SECONDS - 60
    return {"iat": given_at, "exp": given_at + PROOF_SECONDS} | changed


BAD = {
    "nothing": lambda _made, _own: "",
    "nonsense": lambda _made, _own: "nonsense",
    "three dots": lambda _made, _own: "a.b.c",
    "something long": lambda _made, _own: "a" * 5000,
    "an expired one": lambda made, own: made(**own, **old()),
    "one without an end": lambda made, own: made(**own, exp=None),
    "one of no time": lambda made, own: made(**own, iat=None),
    "another account's": lambda made, own: made(**own | {"account": "bob"}),
    "nobody's": lambda made, own: made(**own, sub=None),
    "another session's": lambda made, own: made(**own | {"session": "another"}),
    "no session's": lambda made, own: made(**own, sid=None),
    "one that is good for nothing": lambda made, own: made(**own, scope=None),
    "one that is good for what begins alike": lambda made, own: made(
        **own, scope=" ".join(part for scope in SCOPES for part in (f"{scope}s", scope.split(".")[0], scope.upper()))
    ),
    "a stranger's": lambda made, own: made(**own, key=new_key()),
    "one for another audience": lambda made, own: made(**own, aud="security-info"),
    "one of another issuer": lambda made, own: made(**own, iss="gateway"),
    "one without a type": lambda made, own: made(**own, typ=None),
    "one of another type": lambda made, own: made(**own, typ="at+jwt"),
    "one that nobody signed": lambda made, own: by_hand_with(made(**own), "none"),
    "one that is signed with the public key": lambda made, own: by_hand_with(
        made(**own), "HS256", made.__self__.key.as_pem(private=False)
    ),
    "one with another's claims": lambda made, own: ".".join(
        [*made(**own).split(".")[:1], *made(**own).split(".")[1:2], made(**own | {"account": "bob"}).split(".")[2]]
    ),
    "a system's": lambda made, own: made(**own, sub="system-all", system={"organizations": ["*"], "scopes": []}),
}


@pytest.fixture(scope="module")
async def ids(directory, program, account):
    """What a person has that a thief would change."""
    await put_account(directory, account)
    assert (await directory("PUT", f"/system/accounts/{account}/organizations/fabrikam"))[0] == 204
    await put_device(directory, account, "d")
    method = (await add(program))["method_id"]
    return {"method_id": method, "organization_id": "fabrikam", "device_id": "d"}


@pytest.fixture(scope="module")
async def bearer(portal, account):
    """A token of the person that nothing was proved with."""
    return await portal.token(account)


@pytest.fixture
async def unchanged(mongo, account, ids):
    """Nothing of the person's is kept differently after the test than it was before."""
    before = await kept_of(mongo, account)
    assert all(before[place] for place in ("security_info.accounts", "devices.accounts", "organizations.accounts"))
    yield
    assert await kept_of(mongo, account) == before


async def asked(http, address, endpoint, ids, headers):
    """Ask for what needs a proof, and give the response and its problem."""
    url, body = address + path_of(endpoint, **ids), body_of(endpoint, **ids)
    async with http.request(endpoint.method, url, json=body, headers=headers) as response:
        return response, await response.json(content_type=None) if response.status != 204 else None


def is_refused(response, problem, endpoint):
    """Check the refusal that says what to do (RFC 9470, section 3)."""
    assert (response.status, problem["key"]) == (401, "proof_needed")
    assert response.content_type == "application/problem+json"
    assert (problem["proof_scope"], problem["max_age"]) == (endpoint.needs_proof, PROOF_SECONDS)
    told = response.headers["WWW-Authenticate"]
    assert told.startswith('Bearer error="insufficient_user_authentication"')
    assert f'max_age="{PROOF_SECONDS}"' in told
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("endpoint", PROVED, ids=named)
async def test_a_stolen_token_changes_nothing(unchanged, portal, http, *, bearer, ids, endpoint):
    answer = await asked(http, f"{portal.url}/api", endpoint, ids, {"Authorization": f"Bearer {bearer}"})
    is_refused(*answer, endpoint)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("endpoint", PROVED, ids=named)
async def test_the_portal_takes_for_no_proof(unchanged, portal, http, *, account, bearer, ids, endpoint, bad):
    proof = bad(portal.prover.token, {"account": account, "session": session_of(bearer)})
    headers = {"Authorization": f"Bearer {bearer}", PROOF_HEADER: proof}
    is_refused(*await asked(http, f"{portal.url}/api", endpoint, ids, headers), endpoint)


@pytest.fixture
def at_the_door(portal, http, signer, account):
    """Ask at a service's own door with what is said to be a proof."""

    async def asking(door, ids, proof):
        name, endpoint = door
        token = signer.token(Principal(account=account, session=DOOR), name)
        headers = {"Authorization": f"Bearer {token}", **({PROOF_HEADER: proof} if proof is not None else {})}
        return await asked(http, f"http://127.0.0.1:{portal.ports[name]}", endpoint, ids, headers)

    return asking


@pytest.mark.parametrize("door", PROVED_BEHIND, ids=named)
async def test_no_service_trusts_the_gateway_to_have_asked(unchanged, at_the_door, ids, door):
    is_refused(*await at_the_door(door, ids, None), door[1])


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("door", PROVED_BEHIND, ids=named)
async def test_a_service_takes_for_no_proof(unchanged, at_the_door, prover, account, *, ids, door, bad):
    proof = bad(prover.token, {"account": account, "session": DOOR})
    is_refused(*await at_the_door(door, ids, proof), door[1])


@pytest.mark.parametrize("door", PROVED_BEHIND, ids=named)
async def test_the_gateway_itself_can_prove_nothing(
    unchanged, at_the_door, prover, secrets, signer, *, account, ids, door
):
    key = OKPKey.import_key(json.loads(secrets.signing_key))
    for kid in (key.kid, prover.key.kid):
        forged = prover.token(account, DOOR, key=key, kid=kid)
        is_refused(*await at_the_door(door, ids, forged), door[1])
    own = signer.token(Principal(account=account, session=DOOR), door[0])
    is_refused(*await at_the_door(door, ids, own), door[1])


@pytest.mark.parametrize("door", PROVED_BEHIND, ids=named)
async def test_a_proof_without_a_session_is_good_for_nobody(
    unchanged, portal, http, signer, prover, *, account, ids, door
):
    name, endpoint = door
    headers = {
        "Authorization": f"Bearer {signer.token(Principal(account=account), name)}",
        PROOF_HEADER: prover.token(account, "None"),
    }
    is_refused(*await asked(http, f"http://127.0.0.1:{portal.ports[name]}", endpoint, ids, headers), endpoint)


@pytest.mark.parametrize("door", PROVED_BEHIND, ids=named)
async def test_a_proof_for_all_else_is_none_for_this(unchanged, at_the_door, prover, account, *, ids, door):
    others = " ".join(scope for scope in SCOPES if scope != door[1].needs_proof)
    is_refused(*await at_the_door(door, ids, prover.token(account, DOOR, scope=others)), door[1])


@pytest.mark.parametrize("endpoint", PROVED, ids=named)
async def test_a_proof_is_no_token_and_a_token_no_proof(unchanged, portal, http, account, *, bearer, ids, endpoint):
    proof = portal.prover.token(account, session_of(bearer))
    for headers in ({"Authorization": f"Bearer {proof}"}, {"Authorization": f"Bearer {proof}", PROOF_HEADER: proof}):
        response, problem = await asked(http, f"{portal.url}/api", endpoint, ids, headers)
        assert (response.status, problem["key"]) == (401, "not_signed_in")
    headers = {"Authorization": f"Bearer {bearer}", PROOF_HEADER: bearer}
    is_refused(*await asked(http, f"{portal.url}/api", endpoint, ids, headers), endpoint)


@pytest.mark.parametrize("endpoint", PROVED, ids=named)
async def test_a_system_proves_nothing(unchanged, portal, http, prover, account, *, ids, endpoint):
    token = await portal.system_token("all")
    headers = {"Authorization": f"Bearer {token}", PROOF_HEADER: prover.token(account, session_of(token))}
    response, problem = await asked(http, f"{portal.url}/api", endpoint, ids, headers)
    assert (response.status, problem["key"]) == (401, "not_signed_in")


async def test_a_real_proof_is_good_for_its_token_and_its_scopes_alone(portal, http, directory, someone):
    await put_account(directory, someone)
    await put_device(directory, someone, "d", organization_id="contoso")
    ids = {"device_id": "d"}
    tokens = [await portal.token(someone) for _ in range(2)]
    one = Caller(http, portal.url, tokens[0], proves=False)
    proof = await one.prove(scopes=["device.disable"])
    for bearer in tokens:
        for endpoint in PROVED:
            headers = {"Authorization": f"Bearer {bearer}", PROOF_HEADER: proof}
            response, problem = await asked(http, f"{portal.url}/api", endpoint, ids, headers)
            if bearer == tokens[0] and endpoint.name == "disableDevice":
                assert (response.status, problem["state"]) == (200, "disabled")
            else:
                is_refused(response, problem, endpoint)


async def test_a_stolen_browser_session_changes_nothing_and_can_prove_nothing(mongo, portal, account, ids):
    async with Browser(portal, proves=False) as thief:
        await thief.sign_in(account)
        before = await kept_of(mongo, account)
        for endpoint in PROVED:
            status, problem = await thief(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))
            assert (status, problem["key"]) == (401, "proof_needed"), endpoint.name
        status, problem = await thief("POST", "/security-info/proofs", {})
        assert (status, problem["key"]) == (409, "method_cannot_prove")
        assert await kept_of(mongo, account) == before


async def test_guessing_a_code_proves_nothing(portal, http, api, someone):
    setup = await add(api)
    thief = Caller(http, portal.url, await portal.token(someone), proves=False)
    status, challenge = await thief("POST", "/security-info/proofs", {"method_id": setup["method_id"]})
    assert (status, challenge["kind"], challenge["given"]) == (201, "code", None)
    status, problem = await thief("POST", f"/security-info/proofs/{challenge['id']}/answer", {"code": wrong(setup)})
    assert (status, problem["key"], problem["attempts_left"]) == (422, "code_incorrect", 4)
    wish = {"type": "authenticator-app", "name": "The thief's"}
    assert (await thief("POST", "/security-info/methods", wish))[1]["key"] == "proof_needed"


def test_everything_that_a_thief_would_change_needs_a_proof():
    assert {endpoint.name for endpoint in PROVED} == {
        "addMethod",
        "confirmMethod",
        "giveUpChange",
        "sendCode",
        "changeMethod",
        "removeMethod",
        "setDefaultMethod",
        "disableDevice",
        "leaveOrganization",
        "revealRecoveryKey",
    }
    assert {endpoint.name for _, endpoint in PROVED_BEHIND} == {endpoint.name for endpoint in PROVED} | {
        "getMethodSetup"
    }
