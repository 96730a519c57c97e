"""A person's picture: a directory puts it in, the person alone sees it, and nothing of it stays behind."""

import asyncio
import json
import os
from base64 import b64decode
from datetime import timedelta

import pytest
from PIL import Image
from yarl import URL

from organizations.pictures import Pictures
from shared.connecting import close, connect, safe
from shared.contracts.organizations import ProfileChanged
from shared.contracts.pictures import MOST_BYTES
from shared.facts import now
from tests.component.browsing import Browser
from tests.component.listening import event, listening
from tests.component.putting_in import put_account
from tests.picturing import animated, as_text, claiming, encoded, opened, picture, quartered, quarters
from tests.waiting import until

NOISE = Image.frombytes("RGB", (330, 330), os.urandom(330 * 330 * 3))
REFUSED = {
    "no picture": (b"nothing to see", "picture_unreadable"),
    "nothing": (b"", "picture_unreadable"),
    "another kind": (encoded(quartered(), "GIF"), "picture_unreadable"),
    "a picture with an end missing": (picture("JPEG", size=(300, 300))[:-50], "picture_unreadable"),
    "a page": (b"<script>alert(1)</script>", "picture_unreadable"),
    "a bomb": (claiming(50_000, 50_000), "picture_too_large"),
    "a large one": (picture(size=(4097, 1)), "picture_too_large"),
    "one that moves": (animated("WEBP"), "picture_animated"),
}


@pytest.fixture
def put(directory, member):
    """Put that member's picture in."""

    async def putting(content, **more):
        return await directory("PUT", address(member), {"content": as_text(content)}, **more)

    return putting


def address(account):
    return f"/system/accounts/{account}/picture"


async def digest_of(api):
    return (await api("GET", "/organizations"))[1]["profile"]["picture"]


async def kept_of(mongo, account):
    """Give the pictures whose content is still there."""
    found = mongo["organizations"]["pictures"].find({"account": account, "content": {"$exists": True}})
    return await found.to_list(None)


async def test_who_has_a_picture_finds_it_and_who_has_none_is_told_so(put, api):
    assert await digest_of(api) is None
    status, problem = await api("GET", "/organizations/picture")
    assert (status, problem["key"]) == (404, "picture_not_found")
    assert await put(encoded(quartered(), "JPEG")) == (204, None)
    status, seen = await api("GET", "/organizations/picture")
    assert (status, seen["media_type"], seen["digest"]) == (200, "image/webp", await digest_of(api))
    shown = b64decode(seen["content"])
    assert (opened(shown).format, quarters(shown)) == ("WEBP", ["red", "green", "blue", "yellow"])
    assert (await api("GET", "/overview"))[1]["profile"]["picture"] == seen["digest"]


async def test_another_picture_replaces_it_and_removing_leaves_nothing(put, api, directory, member, mongo):
    await put(picture())
    first = await digest_of(api)
    await put(picture(colour=(250, 0, 0)))
    second = await digest_of(api)
    assert first != second
    (kept,) = await kept_of(mongo, member)
    assert kept["content"] == b64decode((await api("GET", "/organizations/picture"))[1]["content"])
    for _ in range(2):
        assert (await directory("DELETE", address(member)))[0] == 204
    assert await digest_of(api) is None
    assert await kept_of(mongo, member) == []
    leftover = await mongo["organizations"]["pictures"].find({"account": member}).to_list(None)
    assert all(set(one) == {"_id", "account", "added_at", "erased_at"} for one in leftover), "until the server is round"
    assert (await api("GET", "/organizations/picture"))[0] == 404


async def test_what_was_erased_is_removed_by_the_database_itself(mongo):
    indexes = await mongo["organizations"]["pictures"].index_information()
    assert indexes["erased_at_1"]["expireAfterSeconds"] == 0


async def test_putting_an_account_in_again_leaves_its_picture(put, api, directory, member):
    await put(picture())
    shown = await digest_of(api)
    record = await put_account(directory, member)
    assert record["profile"]["picture"] == shown == await digest_of(api)


async def test_the_account_itself_stays_small(put, member, mongo):
    await put(encoded(NOISE, "PNG"))
    kept = await mongo["organizations"]["accounts"].find_one({"_id": member})
    assert set(kept["picture"]) == {"id", "digest"}
    (lies,) = await kept_of(mongo, member)
    assert len(lies["content"]) < 40_000


async def test_the_same_picture_and_an_echo_change_nothing(put, api, member, mongo, plan):
    async with listening(plan.broker_url("subscriber"), "pictures") as heard:
        for _ in range(2):
            assert (await put(picture(), headers={"Idempotency-Key": "first"}))[0] == 204
        shown = await digest_of(api)
        await put(picture(colour=(250, 0, 0)))
        other = await digest_of(api)
        await put(picture(colour=(250, 0, 0)))
        assert (await put(picture(), headers={"Idempotency-Key": "first"}))[0] == 204
        assert await digest_of(api) == other != shown
        status, problem = await put(picture(colour=(0, 9, 0)), headers={"Idempotency-Key": "first"})
        assert (status, problem["key"]) == (422, "command_reused")
        await put(picture())

        def told():
            news = [event(one) for one in heard.about(member)]
            changed = [
                one for one in news if one["type"] == ProfileChanged.wire and one["data"]["fields"] == ["picture"]
            ]
            return changed if len(changed) >= 3 else None

        changed = await until(told)
    assert len(changed) == 3
    assert not [digest for digest in (shown, other) if digest in json.dumps(changed)]


async def test_of_many_at_once_one_is_shown_and_lies_there_alone(put, api, member, mongo):
    colours = [(n * 25, 0, 255 - n * 25) for n in range(10)]
    answers = await asyncio.gather(*(put(picture(colour=colour)) for colour in colours))
    assert {status for status, _ in answers} == {204}
    (kept,) = await kept_of(mongo, member)
    status, seen = await api("GET", "/organizations/picture")
    assert (status, b64decode(seen["content"])) == (200, kept["content"])


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused_leaves_the_picture_that_is_shown(put, api, member, mongo, what):
    content, key = REFUSED[what]
    await put(picture())
    shown = await digest_of(api)
    status, problem = await put(content)
    assert (status, problem["key"]) == (422, key)
    assert problem["title"]
    assert (await digest_of(api), len(await kept_of(mongo, member))) == (shown, 1)


async def test_a_body_is_taken_up_to_its_own_limit_and_not_beyond(put, directory, member):
    large = encoded(NOISE, "PNG")
    assert MOST_BYTES * 0.6 < len(large) < MOST_BYTES * 0.74
    assert (await put(large))[0] == 204
    status, problem = await put(bytes(MOST_BYTES))
    assert (status, problem["key"], problem["limit"]) == (413, "too_large", MOST_BYTES)
    status, problem = await directory("PUT", address(member), {"content": "no base64"})
    assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["key"]) == (422, "/content", "base64")
    assert "base64" in problem["errors"][0]["detail"]


async def test_an_account_that_no_directory_knows_has_no_picture(directory, someone, mongo):
    for method, body in (("PUT", {"content": as_text(picture())}), ("DELETE", None)):
        status, problem = await directory(method, address(someone), body)
        assert (status, problem["key"]) == (404, "account_not_found")
    assert await kept_of(mongo, someone) == []


async def test_a_system_of_another_organization_neither_shows_nor_hides_a_person(put, api, system, member, mongo):
    await put(picture())
    shown, stranger = await digest_of(api), await system("fabrikam")
    for method, body in (("PUT", {"content": as_text(picture(colour=(9, 9, 9)))}), ("DELETE", None)):
        status, problem = await stranger(method, address(member), body)
        assert (status, problem["key"]) == (403, "organization_not_yours")
    assert (await digest_of(api), len(await kept_of(mongo, member))) == (shown, 1)


async def test_what_a_crash_left_behind_is_erased_by_the_next_change_and_what_is_on_its_way_is_not(
    put, directory, member, mongo
):
    await put(picture())
    pictures = mongo["organizations"]["pictures"]
    for name, age in (("left", timedelta(hours=2)), ("coming", timedelta(minutes=1))):
        document = {"_id": f"{member}-{name}", "account": member, "added_at": now() - age, "content": b"x"}
        await pictures.insert_one(document)
    await pictures.update_one(
        {"account": member, "content": {"$ne": b"x"}}, {"$set": {"added_at": now() - timedelta(days=9)}}
    )
    await put(picture())  # which is the one that is shown, and so stays, however old
    assert {one["_id"] for one in await kept_of(mongo, member)} > {f"{member}-coming"}
    assert len(await kept_of(mongo, member)) == 2
    await directory("DELETE", address(member))
    assert [one["_id"] for one in await kept_of(mongo, member)] == [f"{member}-coming"]
    await pictures.delete_one({"_id": f"{member}-coming"})


@pytest.mark.parametrize("driver", ["pymongo", "motor"])
async def test_the_pictures_of_others_are_left_alone(mongodb, own_database, driver):
    client = connect(mongodb.url, driver)
    pictures = Pictures(safe(client[own_database.name], "pictures"))
    await pictures.prepare()
    mine, theirs = await pictures.add("a", b"mine"), await pictures.add("b", b"theirs")
    await pictures.tidy("a", shown=None, unused={mine.id, theirs.id, None})
    assert (await pictures.read(mine.id), await pictures.read(theirs.id)) == (None, b"theirs")
    await pictures.tidy("b", shown=theirs, unused={theirs.id})
    assert await pictures.read(theirs.id) == b"theirs"
    assert await pictures.read("nowhere") is None
    await close(client)


async def test_a_browser_keeps_ones_own_picture_and_is_given_nobody_elses(put, portal, http, visitor, *, member, api):
    await put(encoded(quartered(), "PNG"))
    own = await digest_of(api)

    async def get(path, browser=None):
        headers = {"Cookie": f"profile={browser.session}"} if browser else {}
        place = URL(f"{portal.url}{path}", encoded=True)
        async with http.get(place, headers=headers, allow_redirects=False) as response:
            return response, await response.read()

    await visitor.sign_in(member)
    response, body = await get(f"/picture/{own}", visitor)
    assert (response.status, response.headers["Content-Type"]) == (200, "image/webp")
    assert quarters(body) == ["red", "green", "blue", "yellow"]
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert f'src="/picture/{own}"'.encode() in (await get("/", visitor))[1]
    for unknown in ("0" * 32, own.upper(), "..%2Foverview", "%00"):
        assert (await get(f"/picture/{unknown}", visitor))[0].status == 404
    async with Browser(portal) as other:
        await other.sign_in("bob")
        assert (await get(f"/picture/{own}", other))[0].status == 404
        assert b"/picture/" not in (await get("/", other))[1]
    response, _ = await get(f"/picture/{own}")
    assert (response.status, response.headers["Location"]) == (303, f"/sign-in?return_to=%2Fpicture%2F{own}")
