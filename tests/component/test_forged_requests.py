"""Another site can make a browser send its cookie along, and change nothing by it."""

import pytest

from tests.component.asking import CHANGING, body_of, named, path_of
from tests.component.looking import kept_of
from tests.component.putting_in import connect, publish, put_account, put_device, put_service
from tests.component.setting_up import add, begin

ELSEWHERE = {
    "another origin": {"Origin": "https://evil.example"},
    "an origin that looks alike": {"Origin": "http://localhost.evil.example"},
    "no origin at all": {"Origin": "null"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sibling site": {"Sec-Fetch-Site": "same-site"},
    "typed in": {"Sec-Fetch-Site": "none"},
    "another site that claims our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "OWN"},
    "neither header": {},
}
FORMS = ["/sign-out", "/language", "/security-info/add", "/security-info/methods/m/remove"]
LOGINS = [{}, {"Authorization": "Basic YTpi"}, {"Authorization": ""}]
"""What a browser may be made to send besides: a page never looks at it."""


@pytest.fixture(scope="module")
async def method(signed_in):
    """A method that forged requests would change."""
    return (await add(signed_in, "Kept"))["method_id"]


@pytest.fixture(scope="module")
async def ids(signed_in, method, directory, account):
    """All that forged requests would change."""
    await put_account(directory, account)
    await directory("PUT", f"/system/accounts/{account}/organizations/fabrikam")
    await put_device(directory, account, "kept")
    await put_service(directory, "fabrikam", "kept")
    await connect(directory, account, "fabrikam", "kept")
    return {
        "account": account,
        "device_id": "kept",
        "method_id": method,
        "organization_id": "fabrikam",
        "service_id": "fabrikam~kept",
        "session_id": signed_in.session.split(".")[0],
        "terms_id": await publish(directory, "fabrikam", "kept", "1"),
    }


@pytest.fixture
def send(portal, http, signed_in):
    """Send the session's cookie with what the browser would tell, and give status and key."""

    async def sending(method, path, told, **more):
        headers = {"Cookie": f"profile={signed_in.session}", **told}
        if headers.get("Origin") == "OWN":
            headers["Origin"] = portal.url
        address = f"{portal.url}{path}"
        async with http.request(method, address, headers=headers, allow_redirects=False, **more) as response:
            problem = await response.json(content_type=None) if "json" in response.content_type else {}
            return response.status, problem.get("key")

    return sending


@pytest.fixture
def state(mongo, account):
    """Give what is kept of the account and of its organization."""

    async def reading():
        return await kept_of(mongo, account, "fabrikam")

    return reading


@pytest.mark.parametrize("told", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("endpoint", CHANGING, ids=named)
async def test_nothing_is_changed_by(send, state, ids, endpoint, told):
    before = await state()
    empty = {"organizations.organizations", "organizations.pictures", "gateway.accounts"}
    assert all(before[place] for place in before if place not in empty)
    path = f"/api{path_of(endpoint, **ids)}"
    assert await send(endpoint.method, path, told, json=body_of(endpoint, **ids)) == (403, "not_allowed")
    assert await state() == before


@pytest.mark.parametrize("told", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("path", FORMS)
async def test_no_form_of_a_page_is_sent_by(send, path, told):
    for more in LOGINS:
        status, _ = await send("POST", path, {**told, **more}, data={"language": "sv"})
        assert status == 403
    assert await send("GET", "/api/overview", {}) == (200, None)


@pytest.mark.parametrize("told", [{"Origin": "OWN"}, {"Sec-Fetch-Site": "same-origin"}], ids=["origin", "metadata"])
async def test_the_portals_own_pages_can(send, signed_in, told):
    setup = await begin(signed_in)
    path = f"/api/security-info/methods/{setup['method_id']}"
    assert await send("DELETE", path, told) == (401, "proof_needed")
    assert await send("DELETE", path, told | signed_in.proof) == (204, None)


async def test_an_empty_authorization_does_not_make_a_session_a_program(send, method, state):
    before = await state()
    told = {"Authorization": "", "Origin": "https://evil.example"}
    assert await send("DELETE", f"/api/security-info/methods/{method}", told) == (403, "not_allowed")
    assert await state() == before
