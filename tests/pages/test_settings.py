"""The settings page, the switch in the header, and how pages are written for who has preferences."""

import re
from datetime import UTC, date, datetime
from zoneinfo import available_timezones

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from gateway import regions
from gateway.language import PREFERENCES, calendar_of, language_of, zone_of
from gateway.pages.language import Switch
from gateway.preferences import Preferences
from gateway.rendering import environment
from shared.contracts import privacy as contract
from shared.contracts.problem import Unavailable
from shared.facts import now
from shared.telling.languages import LANGUAGES

COMMAND = "0" * 32
FREE = contract.Preferences(language="sv", region="FI", time_zone="Europe/Helsinki", revision=4)
LOCKED = FREE.model_copy(update={"language": "en", "locked_language": "sv", "locked_by": "Contoso"})


def chosen(page, name):
    """Give the options of a list that are chosen, and how many there are."""
    within = page.html.split(f'<select class="input" id="{name}"')[1].split("</select>")[0]
    return re.findall(r'value="([^"]*)" selected', within), within.count("<option")


@pytest.fixture
def told(portal):
    """Give what privacy was told."""
    portal.privacy.answers |= {"getPreferences": FREE, "putPreferences": FREE}

    def bodies():
        return [given["body"] for name, given in portal.privacy.asked if name == "putPreferences"]

    return bodies


@pytest.mark.usefixtures("told")
async def test_the_page_shows_what_is_chosen(visitor):
    page = await visitor.page("/settings")
    (radio,) = [one for one in page.all("input", type="radio") if "checked" in one]
    assert radio["value"] == "sv"
    assert chosen(page, "time_zone")[0] == ["Europe/Helsinki"]
    assert chosen(page, "time_zone")[1] > 300
    assert chosen(page, "region")[0] == ["FI"]
    assert page.one("a", href="/settings")["aria-current"] == "page"


async def test_whoever_chose_nothing_follows_the_browser(visitor, portal):
    portal.privacy.answers["getPreferences"] = contract.Preferences(language=None, region=None, time_zone=None)
    page = await visitor.page("/settings")
    (radio,) = [one for one in page.all("input", type="radio") if "checked" in one]
    assert radio["value"] == ""
    assert (chosen(page, "time_zone")[0], chosen(page, "region")[0]) == ([], [])
    assert "(United Kingdom)" in page.text
    assert "(Sverige)" in (await visitor.page("/settings", Cookie="language=sv")).text


async def test_what_is_no_longer_offered_stays_chosen(visitor, portal):
    for region, zone, shown in (("DE", "Etc/GMT+5", "Etc/GMT+5"), ("ZZ", "Asia/Calcutta", "Asia/Kolkata")):
        told = FREE.model_copy(update={"region": region, "time_zone": zone})
        portal.privacy.answers["getPreferences"] = told
        page = await visitor.page("/settings", Cookie="language=sv")
        assert chosen(page, "region")[0] == [region]
        assert chosen(page, "time_zone")[0] == [shown]


async def test_saving_sends_all_three_keeps_them_with_the_session_and_tells_so(visitor, portal, told):
    page = await visitor.send("/settings", command=COMMAND, language="sv", region="", time_zone="Europe/Helsinki")
    assert (page.status, page.headers["Location"]) == (303, "/settings?done=saved")
    assert told() == [{"language": "sv", "region": None, "time_zone": "Europe/Helsinki"}]
    assert portal.privacy.last("putPreferences")["headers"]["Idempotency-Key"] == COMMAND
    assert portal.keeper.sessions["s"].preferences == Preferences.of_answer(FREE)
    assert page.headers["Set-Cookie"].startswith("language=sv;")
    assert "Dina inställningar är sparade." in (await visitor.page("/settings?done=saved")).text


async def test_nothing_is_told_to_be_saved_that_was_not(visitor):
    assert "Your settings are saved." in (await visitor.page("/settings?done=saved")).text
    assert "Your settings are saved." not in (await visitor.page("/settings")).text


async def test_following_the_browser_forgets_what_it_keeps(visitor, portal, told):
    portal.privacy.answers["putPreferences"] = FREE.model_copy(update={"language": None})
    page = await visitor.send("/settings", command=COMMAND, language="", region="", time_zone="")
    assert told() == [dict.fromkeys(("language", "region", "time_zone"))]
    assert 'language=""' in page.headers["Set-Cookie"]
    assert "Max-Age=0" in page.headers["Set-Cookie"]


@pytest.mark.parametrize(("language", "says"), [("en", "set by “Contoso”"), ("sv", "bestäms av ”Contoso”")])
async def test_a_locked_language_is_told_and_what_was_chosen_is_kept(visitor, portal, language, says):
    portal.privacy.answers["getPreferences"] = LOCKED
    page = await visitor.page("/settings", Cookie=f"language={language}")
    assert says.replace("“", "").replace("”", "") in page.text.replace("\u2068", "").replace("\u2069", "")
    assert not page.all("input", type="radio")
    assert page.one("input", name="language")["value"] == "en"
    assert "Svenska" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_refused_language_is_a_page_that_says_why(visitor, portal, language):
    portal.privacy.answers["putPreferences"] = contract.LanguageLocked(language="sv")
    page = await visitor.send("/settings", command=COMMAND, language="en")
    assert page.status == 409
    assert page.all("h1")


async def test_without_privacy_the_page_says_so(visitor, portal):
    portal.privacy.answers.pop("getPreferences", None)
    assert (await visitor.page("/settings")).status == 503


async def test_where_the_language_is_locked_the_header_tells_instead_of_asking(visitor, portal, canned):
    assert (await visitor.page("/sessions")).all("form", action="/language")
    portal.signs_in(canned.a_session(preferences=Preferences(revision=1, language="sv", locked=True)))
    page = await visitor.page("/sessions", Cookie="language=sv")
    assert not page.all("form", action="/language")
    assert "Språk: Svenska bestämt av din organisation" in page.text


def a_request(**headers):
    return make_mocked_request("GET", "/", headers=headers, app=web.Application())


@pytest.mark.parametrize(
    ("held", "cookie", "asked", "language"),
    [
        (None, None, "sv", "sv"),
        (None, "en", "sv", "en"),
        ("sv", "en", "en", "sv"),
        ("en", "sv", "sv", "en"),
        ("tlh", "sv", "en", "sv"),
        ("ar-XB", None, "sv", "sv"),
    ],
)
def test_a_preference_goes_before_the_cookie_and_the_cookie_before_the_browser(held, cookie, asked, language):
    request = a_request(**{"Accept-Language": asked} | ({"Cookie": f"language={cookie}"} if cookie else {}))
    request[PREFERENCES] = Preferences(language=held)
    assert language_of(request) == language


@pytest.mark.parametrize(
    ("held", "zone"), [(None, "Asia/Tokyo"), ("Europe/Stockholm", "Europe/Stockholm"), ("Mars/Base", "Asia/Tokyo")]
)
def test_a_preferred_zone_goes_before_the_browsers(held, zone):
    request = a_request(Cookie="time_zone=Asia/Tokyo")
    request[PREFERENCES] = Preferences(time_zone=held)
    assert zone_of(request).key == zone
    assert zone_of(a_request()) is None


@pytest.mark.parametrize(
    ("language", "region", "said"),
    [
        ("en", None, "7 October 2025 13:05 1,234.5"),
        ("en", "US", "October 7, 2025 1:05\u202fPM 1,234.5"),
        ("en", "SE", "7 October 2025 13:05 1\xa0234,5"),
        ("sv", "SE", "7 oktober 2025 13:05 1\xa0234,5"),
        ("sv", "US", "7 oktober 2025 13:05 1\xa0234,5"),
    ],
)
def test_dates_times_and_numbers_are_written_by_region(language, region, said):
    request = a_request()
    request[PREFERENCES] = Preferences(region=region, time_zone="Europe/London")
    moment = datetime(2025, 10, 7, 12, 5, tzinfo=UTC)
    shown = re.sub(r"<[^>]+>", "", _shown(request, language, moment))
    assert shown == said


def _shown(request, language, moment):
    made = environment(language).from_string("{{ m | date }} {{ m | clock }} {{ n | number }}")
    return made.render(m=moment, n=1234.5, now=now(), calendar=calendar_of(request, language), zone=zone_of(request))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_that_there_is_can_be_found_under_one_name(language):
    offered = [city for _, cities in regions.zones(language) for city in cities]
    codes = {city.code for city in offered}
    assert len(codes) == len(offered)
    assert codes < available_timezones()
    assert {"Europe/Stockholm", "Asia/Kolkata", "America/New_York", "Pacific/Auckland"} <= codes
    for zone in available_timezones():
        if zone.partition("/")[0] in {"Europe", "America", "Asia", "Africa", "Pacific", "Australia"}:
            assert regions.zone_to_choose(zone) in codes, zone
    names = [city.name for city in offered]
    assert all(names)


def test_cities_and_regions_are_named_and_sorted_in_the_persons_language():
    named = {city.code: city.name for _, cities in regions.zones("sv") for city in cities}
    assert (named["Europe/Copenhagen"], named["Asia/Kolkata"]) == ("Köpenhamn", "Kolkata")
    assert [name for name, _ in regions.zones("sv")][:2] == ["Afrika", "Amerika"]
    assert [one.name for one in regions.formats("sv", date(2026, 3, 4))] == ["Finland", "Sverige", "Åland"]
    english = {one.code: one.example for one in regions.formats("en", date(2026, 3, 4))}
    assert (english["US"], english["GB"]) == ("3/4/26 · 1,234.5", "04/03/2026 · 1,234.5")


class Door:
    """What the switch asks of signing in and of the session, for somebody with these preferences."""

    def __init__(self, session):
        self.session, self.kept = session, []

    async def session_of(self, _request):
        return ("s", self.session) if self.session else None

    def principal(self, _request, session_id, session):
        return session.principal(session_id, "en")

    async def keep_preferences(self, _call, preferences):
        self.kept.append(preferences)


@pytest.fixture
def switch(portal, canned):
    """Switch the language as somebody with these preferences, or as nobody; give what their session keeps."""

    async def switched(language, preferences=None, *, anybody=True):
        door = Door(canned.a_session(preferences=preferences or Preferences()) if anybody else None)
        services = type("S", (), {"privacy": portal.privacy})
        await Switch(door, services, door, 1.0).prefer(a_request(), language)
        return door.kept

    return switched


async def test_the_switch_chooses_the_language_and_leaves_the_rest(switch, told):
    assert await switch("en") == [Preferences.of_answer(FREE)]
    assert told() == [{"language": "en", "region": "FI", "time_zone": "Europe/Helsinki"}]


async def test_who_is_not_signed_in_or_has_it_already_or_may_not_changes_nothing(switch, told):
    assert await switch("en", anybody=False) == []
    assert await switch("sv", Preferences(language="sv")) == []
    assert await switch("en", Preferences(language="sv", locked=True)) == []
    assert told() == []


@pytest.mark.parametrize("endpoint", ["getPreferences", "putPreferences"])
async def test_while_privacy_is_away_the_language_holds_in_this_session(switch, told, portal, endpoint):
    portal.privacy.answers[endpoint] = Unavailable()
    held = Preferences(revision=3, language="sv", region="FI")
    assert await switch("en", held) == [held.model_copy(update={"language": "en"})]
    assert len(told()) == (endpoint == "putPreferences")


async def test_a_lock_that_was_not_heard_of_yet_keeps_the_language(switch, told, portal):
    portal.privacy.answers["putPreferences"] = contract.LanguageLocked(language="sv")
    assert await switch("en") == []
    assert len(told()) == 1


async def test_the_form_in_the_header_asks_the_switch(portal, visitor):
    for language in ("sv", "xx"):
        page = await visitor.send("/language", language=language, return_to="/privacy")
        assert (page.status, page.headers["Location"]) == (303, "/privacy")
    assert portal.preferred == ["sv"]
