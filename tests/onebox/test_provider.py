import base64
import hashlib
import re
import secrets
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from joserfc import jwk, jwt

from onebox.accounts import DEMO_PASSWORD
from onebox.ports import free_port
from onebox.processes import SetupError
from onebox.provider import Provider
from onebox.token import forget_running, note_running, token

GATEWAY = "http://localhost:8080"


@pytest.fixture(scope="module")
def provider():
    port = free_port()
    running = Provider.start(port=port, public_url=f"http://localhost:{port}", gateway_url=GATEWAY)
    yield running
    running.stop()


@pytest.fixture
async def web():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
async def discovery(provider, web):
    return await read(web, f"{provider.issuer}/.well-known/openid-configuration")


async def read(web, url, **headers):
    async with web.get(url, headers=headers) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def post(web, url, provider, **form):
    basic = aiohttp.encode_basic_auth(provider.client_id, provider.client_secret)
    async with web.post(url, data=form, headers={"Authorization": basic}) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def submit(web, page, **fields):
    """Send the form on the page and give the page after the redirects, or the address outside the provider."""
    url, html = page
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)[1]
    return await follow(web, "POST", url, data={"csrf_token": csrf, **fields})


async def follow(web, method, url, **sending):
    while True:
        async with web.request(method, url, allow_redirects=False, **sending) as response:
            if response.status not in {302, 303}:
                assert response.status == 200, await response.text()
                return str(response.url), await response.text()
            url = str(response.url.join(aiohttp.client.URL(response.headers["Location"], encoded=True)))
        if url.startswith(GATEWAY):
            return url, ""
        method, sending = "GET", {}


def request_code(discovery, provider, challenge, **more):
    query = {
        "client_id": provider.client_id,
        "response_type": "code",
        "redirect_uri": f"{GATEWAY}/signed-in",
        "scope": "openid profile email",
        "state": "the-state",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **more,
    }
    return str(aiohttp.client.URL(discovery["authorization_endpoint"]).with_query(query))


async def sign_in(web, discovery, provider, challenge, **more):
    page = await follow(web, "GET", request_code(discovery, provider, challenge, **more))
    if not page[0].startswith(GATEWAY):
        if "/auth/password" not in page[0]:
            page = await submit(web, page, login="alice")
        page = await submit(web, page, password=DEMO_PASSWORD)
    assert page[0].startswith(f"{GATEWAY}/signed-in"), page
    answer = {name: values[0] for name, values in parse_qs(urlsplit(page[0]).query).items()}
    assert answer["state"] == "the-state"
    assert answer["iss"] == provider.issuer
    return answer["code"]


def proof_key():
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def test_a_person_signs_in_by_code_flow_with_proof_key(provider, web, discovery):
    verifier, challenge = proof_key()
    began = int(time.time())
    code = await sign_in(web, discovery, provider, challenge, nonce="the-nonce", max_age="600")
    tokens = await post(
        web,
        discovery["token_endpoint"],
        provider,
        grant_type="authorization_code",
        code=code,
        redirect_uri=f"{GATEWAY}/signed-in",
        code_verifier=verifier,
    )
    keys = jwk.KeySet.import_key_set(await read(web, discovery["jwks_uri"]))
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert claims["sub"] == "alice"
    assert claims["iss"] == provider.issuer
    assert claims["aud"] == [provider.client_id]
    assert claims["nonce"] == "the-nonce"
    assert claims["name"] == "Alice Lindqvist"
    assert claims["email"] == "alice@contoso.example"
    assert claims["preferred_username"] == "alice"
    assert claims["amr"] == ["pwd"]
    assert began <= claims["auth_time"] <= time.time()
    known = await read(web, discovery["userinfo_endpoint"], Authorization=f"Bearer {tokens['access_token']}")
    assert known["sub"] == "alice"

    _, challenge = proof_key()
    page = await follow(web, "GET", request_code(discovery, provider, challenge, nonce="again"))
    assert "code=" in page[0], "a second sign-in asks nothing"
    page = await follow(web, "GET", request_code(discovery, provider, challenge, nonce="x", prompt="login"))
    assert "/auth/password" in page[0], "prompt=login asks again"

    goodbye = aiohttp.client.URL(discovery["end_session_endpoint"]).with_query(
        client_id=provider.client_id,  # Canaille looks the client up by it, since its `aud` is a list
        id_token_hint=tokens["id_token"],
        post_logout_redirect_uri=f"{GATEWAY}/signed-out",
        state="bye",
    )
    assert (await follow(web, "GET", str(goodbye)))[0] == f"{GATEWAY}/signed-out?state=bye"
    page = await follow(web, "GET", request_code(discovery, provider, challenge, nonce="y"))
    assert "/login" in page[0], "the provider's session has ended"


async def test_a_code_is_worth_nothing_without_its_verifier(provider, web, discovery):
    _, challenge = proof_key()
    code = await sign_in(web, discovery, provider, challenge, nonce="another")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": f"{GATEWAY}/signed-in",
        "code_verifier": proof_key()[0],
    }
    basic = aiohttp.encode_basic_auth(provider.client_id, provider.client_secret)
    headers = {"Authorization": basic}
    async with web.post(discovery["token_endpoint"], data=form, headers=headers) as response:
        assert response.status == 400


async def test_a_minted_token_is_for_the_gateway_which_can_introspect_it(provider, web, discovery):
    minted = await token(provider.issuer, "chandra")
    assert minted != await token(provider.issuer, "chandra")
    answer = await post(web, discovery["introspection_endpoint"], provider, token=minted)
    assert answer["active"] is True
    assert answer["sub"] == "chandra"
    assert answer["iss"] == provider.issuer
    assert answer["aud"] == [provider.client_id]
    assert answer["client_id"] == "onebox-cli"
    assert answer["token_type"] == "Bearer"
    assert answer["scope"] == "openid profile email"
    assert answer["exp"] - answer["iat"] == 8 * 3600


async def test_other_tokens_are_not_active(provider, web, discovery):
    assert await post(web, discovery["introspection_endpoint"], provider, token="other") == {"active": False}


async def test_no_token_for_strangers(provider):
    with pytest.raises(SetupError, match="alice, bob, chandra"):
        await token(provider.issuer, "mallory")


async def test_no_token_when_nothing_runs():
    with pytest.raises(SetupError, match="make run"):
        await token(f"http://localhost:{free_port()}", "alice")


def run_token(folder, *names):
    command = [sys.executable, "-m", "onebox.token", *names]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True, timeout=30)


def test_the_command_prints_only_the_token_or_one_sentence(provider, tmp_path):
    data = tmp_path / ".data"
    data.mkdir()
    note_running(data, provider=provider.issuer, gateway=GATEWAY, amqp=None, systems=provider.system_secrets)
    done = run_token(tmp_path, "alice")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\w{20,}\n", done.stdout)
    assert done.stderr == ""

    unknown = run_token(tmp_path, "mallory")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("There is no demo account “mallory”; there are alice, bob, chandra")

    of_a_system = run_token(tmp_path, "--system", "all")
    assert re.fullmatch(r"\w{20,}\n", of_a_system.stdout), of_a_system.stderr
    assert of_a_system.stdout != done.stdout
    assert run_token(tmp_path, "--system", "mallory").stderr.startswith("There is no system “mallory”; there are all")
    for both in (("alice", "--system", "all"), ()):
        refused = run_token(tmp_path, *both)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "SYSTEM=all" in refused.stderr

    forget_running(data)
    nothing = run_token(tmp_path, "alice")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr.count("\n") == 1
    assert "make run" in nothing.stderr
