"""What a browser's session is good for, and what does not count as one."""

from datetime import timedelta

import pytest
from yarl import URL

from shared.facts import now


def cookie(value):
    return {"Cookie": f"profile={value}"}


@pytest.fixture
def answered(portal, http):
    """Give the status that a request for the overview with these headers is answered with."""

    async def asking(headers):
        async with http.get(f"{portal.url}/api/overview", headers=headers) as response:
            return response.status

    return asking


async def test_a_session_opens_the_api(answered, signed_in, account):
    status, seen = await signed_in("GET", "/overview")
    assert status == 200
    assert seen["profile"]["account"] == account
    assert await answered(cookie(signed_in.session)) == 200


async def test_the_cookie_is_for_this_host_and_no_script(visitor, account):
    await visitor.sign_in(account)
    (kept,) = [one for one in visitor._http.cookie_jar if one.key == "profile"]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept["path"] == "/"
    assert kept["domain"] == "localhost"  # what the jar notes for a cookie without a domain


async def test_anything_but_the_whole_cookie_is_refused(answered, signed_in):
    session_id, secret = signed_in.session.split(".")
    other = "A" if secret[0] != "A" else "B"
    for forged in (
        "",
        session_id,
        f"{session_id}.",
        f".{secret}",
        f"{session_id}.{secret[:-1]}",
        f"{session_id}.{secret}A",
        f"{session_id}.{other}{secret[1:]}",
        f"{session_id[:-1]}0.{secret}" if session_id[-1] != "0" else f"{session_id[:-1]}1.{secret}",
        f"{secret}.{session_id}",
        f"{'a' * 300}.{secret}",
        "[object Object].x",
        "$ne.x",
    ):
        assert await answered(cookie(forged)) == 401, forged


async def test_a_refused_token_is_not_made_good_by_a_session(answered, signed_in):
    headers = cookie(signed_in.session) | {"Authorization": "Bearer nonsense"}
    assert await answered(headers) == 401


async def test_a_session_that_was_ended_opens_nothing(answered, visitor, account):
    await visitor.sign_in(account)
    kept = cookie(visitor.session)
    assert await answered(kept) == 200
    await visitor.sign_out()
    assert await answered(kept) == 401


@pytest.mark.parametrize("change", [{"expires_at": -1}, {"seen_at": -3601}], ids=["too old", "too long unused"])
async def test_a_session_ends_by_itself(answered, mongo, visitor, account, change):
    await visitor.sign_in(account)
    session_id = visitor.session.split(".")[0]
    (field, seconds), *_ = change.items()
    moment = now() + timedelta(seconds=seconds)
    await mongo["gateway"]["sessions"].update_one({"_id": session_id}, {"$set": {field: moment}})
    assert await answered(cookie(visitor.session)) == 401


async def test_signing_out_sends_to_the_provider_and_back_here_only(portal, visitor, account):
    await visitor.sign_in(account)
    target = await visitor.sign_out()
    assert str(target).startswith(portal.provider.issuer)
    assert URL(target.query["post_logout_redirect_uri"]) == URL(f"{portal.url}/signed-out")
