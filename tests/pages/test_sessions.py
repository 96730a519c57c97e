"""Where a person is signed in, as the page shows it."""

import pytest

from shared.contracts.envelope import Client
from tests.pages.conftest import FAREWELL

COMMAND = "0" * 32


@pytest.fixture
def elsewhere(portal, canned):
    client = Client(browser="Safari", os="iOS", country="DK", city="København")
    portal.keeper.sessions["other"] = canned.a_session(client=client)
    return portal.keeper.sessions


@pytest.mark.usefixtures("elsewhere")
async def test_this_browser_comes_first_and_others_tell_what_is_known(visitor):
    page = await visitor.page("/sessions")
    assert page.text.index("Unknown browser This browser") < page.text.index("Safari on iOS København, Denmark")
    assert "Safari på iOS København, Danmark" in (await visitor.page("/sessions", Cookie="language=sv")).text


async def test_another_browser_is_signed_out(visitor, portal, elsewhere):
    page = await visitor.page("/sessions")
    assert page.all("form", action="/sessions/other/end")
    assert not page.all("form", action="/sessions/s/end")
    page = await visitor.send("/sessions/other/end", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/sessions?done=ended")
    assert elsewhere["other"].ended_at
    assert portal.keeper.commands == [COMMAND]
    assert "Set-Cookie" not in page.headers


async def test_whoever_ends_this_browsers_session_is_signed_out(visitor, portal):
    page = await visitor.send("/sessions/s/end", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/signed-out")
    assert page.headers["Set-Cookie"].startswith("profile=")


async def test_a_session_that_is_over_or_anothers_is_not_found(visitor, portal, canned):
    portal.keeper.sessions["anothers"] = canned.a_session(account="somebody else")
    for session_id in ("anothers", "nope"):
        page = await visitor.send(f"/sessions/{session_id}/end")
        assert page.status == 404
        assert page.one("a", class_="button")["href"] == "/sessions"


async def test_signing_out_everywhere_tells_what_follows(visitor, portal):
    portal.change_password = "https://provider.example/password"
    page = await visitor.page("/sessions/sign-out-everywhere")
    assert "in 2 browsers, this one included" in page.text
    assert "Apps and programs" in page.text
    assert not portal.keeper.everywhere
    del portal.keeper.sessions["other"]
    assert "in 1 browser: this one" in (await visitor.page("/sessions/sign-out-everywhere")).text


async def test_signing_out_everywhere_goes_on_to_the_provider(visitor, portal):
    page = await visitor.send("/sessions/sign-out-everywhere", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, FAREWELL)
    assert page.headers["Set-Cookie"].startswith("profile=")
    assert portal.keeper.everywhere == [portal.session.account]
