"""What a person prefers holds on every page, in every session and in every letter; an organization may lock it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from yarl import URL

from gateway.words import with_words
from shared.telling.languages import regional
from tests.component.browsing import Browser
from tests.component.putting_in import put_account, until_at_home
from tests.component.reaching import add_email, begun, new_address, new_number, phone
from tests.component.setting_up import add as add_app
from tests.waiting import until

HELSINKI = {"language": "sv", "region": "FI", "time_zone": "Europe/Helsinki"}


class Reader(Browser):
    """A browser that also reads pages."""

    async def page(self, path: str = "/sessions") -> tuple[str, str]:
        """Give a page's language and its whole text."""
        async with self._http.get(f"{self._portal.url}{path}", headers={"Accept-Language": "en"}) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return answer.headers["Content-Language"], text

    async def send(self, path: str, **fields: str) -> int:
        own = {"Origin": self._portal.url, "Sec-Fetch-Site": "same-origin"}
        async with self._http.post(
            f"{self._portal.url}{path}", data=fields, headers=own, allow_redirects=False
        ) as answer:
            return answer.status

    async def reads(self, language: str) -> bool:
        return (await self.page())[0] == language


@pytest.fixture
async def reader(portal, someone):
    async with Reader(portal) as opened:
        await opened.sign_in(someone)
        yield opened


@pytest.fixture
async def elsewhere(portal, someone):
    """The same person's other browser."""
    async with Reader(portal) as opened:
        await opened.sign_in(someone)
        yield opened


@pytest.fixture
async def lock(directory, system, someone):
    """Let the person live in an organization of their own, and give what locks its language."""
    home = f"home-{someone}"[:40]
    contact = {"role": "privacy", "name": "Office", "email": "privacy@home.example"}
    status, answer = await directory(
        "PUT", f"/system/organizations/{home}", {"name": "Home Ltd", "contacts": [contact]}
    )
    assert status == 200, answer
    await put_account(directory, someone, home_organization=home)

    async def locks(language):
        path = f"/system/organizations/{home}/privacy-rules"
        status, answer = await directory("PUT", path, {"language": language})
        assert status == 204, answer

    return locks


async def put(api, **wish):
    status, answer = await api("PUT", "/preferences", wish)
    assert status == 200, answer
    return answer


async def test_the_next_page_of_the_same_session_is_in_the_chosen_language(reader):
    assert await reader.reads("en")
    for language in ("sv", "en", "sv"):
        fields = {"language": language, "region": "", "time_zone": ""}
        assert await reader.send("/settings", **fields) == 303
        assert (await reader.page())[0] == language
    reader._http.cookie_jar.clear(lambda cookie: cookie.key == "language")
    assert await reader.reads("sv"), "it is the person's own, not the browser's"


async def test_another_session_hears_of_it_and_a_new_one_begins_with_it(reader, elsewhere, portal, someone):
    assert await reader.send("/settings", **HELSINKI) == 303

    async def heard():
        return await elsewhere.reads("sv")

    await until(heard)
    async with Reader(portal) as later:
        await later.sign_in(someone)
        assert await later.reads("sv")


async def test_a_preference_goes_before_the_cookie_and_the_cookie_before_what_the_browser_asks_for(reader, api):
    reader._http.cookie_jar.update_cookies({"language": "sv"}, response_url=URL(reader._portal.url))
    assert await reader.reads("sv")
    await put(api, language="en")

    async def heard():
        return await reader.reads("en")

    await until(heard)


async def test_the_switch_in_the_header_changes_the_preference_and_leaves_the_rest(reader, api):
    await put(api, region="FI", time_zone="Europe/Helsinki")
    assert await reader.send("/language", language="sv", return_to="/") == 303
    assert await reader.reads("sv")
    status, kept = await api("GET", "/preferences")
    assert status == 200
    assert {name: kept[name] for name in HELSINKI} == HELSINKI


async def test_pages_write_dates_numbers_and_times_by_region_and_zone(reader):
    day = datetime.now(ZoneInfo("Pacific/Auckland"))
    await reader.send("/settings", language="en", region="US", time_zone="Pacific/Auckland")
    _, page = await reader.page("/settings")
    assert format_date(day.date(), "long", locale=regional("en", "US")) in page
    assert "1,234,567.5" in page
    assert re.search(r">\d{1,2}:\d\d\s[AP]M<", page)
    await reader.send("/settings", language="sv", region="", time_zone="Pacific/Auckland")
    _, page = await reader.page("/settings")
    assert "1\xa0234\xa0567,5" in page
    assert not re.search(r">\d{1,2}:\d\d\s[AP]M<", page)


async def test_a_lock_holds_in_every_session_refuses_another_and_gives_the_choice_back(reader, elsewhere, api, lock):
    await put(api, language="en", region="US")
    await lock("sv")
    for browser in (reader, elsewhere):

        async def is_locked(browser=browser):
            language, page = await browser.page()
            return language == "sv" and 'action="/language"' not in page and "bestämt av din organisation" in page

        await until(is_locked)
    status, refused = await api("PUT", "/preferences", {"language": "en", "region": "GB"})
    assert status == 200, "what was chosen before may stay"
    assert (refused["language"], refused["locked_language"], refused["locked_by"]) == ("en", "sv", "Home Ltd")
    await put(api, region="US")
    status, refused = await api("PUT", "/preferences", {"language": "en"})
    assert (status, refused["key"], refused["language"]) == (409, "language_locked", "sv")
    assert await reader.send("/language", language="en", return_to="/") == 303
    assert await reader.reads("sv")
    _, page = await reader.page("/settings")
    assert "Home Ltd" in page
    assert 'type="radio"' not in page
    await lock(None)

    async def is_free():
        language, page = await elsewhere.page()
        return language == "en" and 'action="/language"' in page

    await until(is_free)
    assert (await put(api, language="en"))["locked_language"] is None


async def test_a_new_account_of_an_organization_that_locks_the_language_is_under_it(directory, portal, someone, lock):
    await lock("sv")
    async with Reader(portal) as opened:
        await opened.sign_in(someone)

        async def is_locked():
            return await opened.reads("sv")

        await until(is_locked)


@pytest.fixture
async def reached(api, post, directory, system, someone):
    """The person's addresses: one at work, and one of their own."""
    work, own = f"{someone}@contoso.example", new_address()
    await put_account(directory, someone, profile={"name": "Somebody", "email": work})
    await until_at_home(system, someone)
    await add_email(api, post, own)
    await post.wait(to=work)  # what happens next is told in a letter of its own
    return work, own


async def test_letters_come_in_the_chosen_language_zone_and_format(api, post, reached, mongo, someone):
    await put(api, language="sv", region="FI", time_zone="Pacific/Auckland")

    async def heard():
        found = [
            await mongo[name]["accounts"].find_one({"_id": someone, "preferred.time_zone": "Pacific/Auckland"})
            for name in ("organizations", "security_info")
        ]
        return all(found)

    await until(heard)
    known = {letter["id"] for to in reached for letter in await post.letters(to=to)}
    await add_app(api, "Unmistakable app")
    there = datetime.now(ZoneInfo("Pacific/Auckland"))
    for to in reached:

        async def come(to=to):
            return [
                letter
                for letter in await post.letters(to=to)
                if letter["id"] not in known and "Unmistakable app" in letter["text"]
            ]

        (letter,) = await until(come)
        assert "Var det du?" in letter["text"]
        assert format_date(there.date(), "long", locale=regional("sv", "FI")) in letter["text"]
        assert re.search(rf"kl\. \d\d[.:]\d\d {there.tzname()}", " ".join(letter["text"].split()))
    number = new_number()
    await begun(api, phone(number))
    (code,) = await post.wait(to=number)
    assert "är din kod" in code["text"]
    assert there.tzname() in code["text"]


async def test_a_program_is_answered_in_the_preferred_language(api):
    await put(api, language="sv")

    async def answered():
        status, problem = await api("GET", "/devices/none/recovery-keys", headers={"Accept-Language": "en"})
        assert status == 404
        return problem["title"] == with_words(problem, "sv")["title"] != with_words(problem, "en")["title"]

    await until(answered)


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"language": "de"}, "/language"),
        ({"language": "SV"}, "/language"),
        ({"region": "se"}, "/region"),
        ({"region": "SWE"}, "/region"),
        ({"time_zone": "Mars/Base"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"time_zone": ""}, "/time_zone"),
        ({"time_zone": "localtime"}, "/time_zone"),
        ({"time_zone": "Factory"}, "/time_zone"),
    ],
)
async def test_what_there_is_not_cannot_be_chosen(api, wish, pointer):
    status, refused = await api("PUT", "/preferences", wish)
    assert (status, [fault["pointer"] for fault in refused["errors"]]) == (422, [pointer])
    assert (await api("GET", "/preferences"))[1]["revision"] == 0


async def test_who_has_seen_something_else_changes_nothing(api):
    await put(api, language="sv")
    status, refused = await api("PUT", "/preferences", {"language": "en"}, headers={"If-Match": '"of before"'})
    assert (status, refused["key"]) == (412, "precondition_failed")
    assert (await api("GET", "/preferences"))[1]["language"] == "sv"
