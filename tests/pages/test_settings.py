"""The settings page, and the switch in the header."""

import re

import pytest

from gateway.pages.language import Switch
from gateway.preferences import Preferences
from shared.contracts import privacy as contract
from shared.contracts.problem import FieldProblem, Invalid, Unavailable
from tests.pages.requesting import a_request

COMMAND = "0" * 32
FREE = contract.Preferences(language="sv", region="FI", time_zone="Europe/Helsinki", revision=4)
LOCKED = FREE.model_copy(update={"language": "en", "locked_language": "sv", "locked_by": "Contoso"})


def chosen(page, name):
    """Give the options of a list that are chosen, and how many there are."""
    within = page.html.split(f'id="{name}" name="{name}" lang="')[1].split("</select>")[0]
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
    assert "As usual (United Kingdom) · 2" in page.text
    page = await visitor.page("/settings", **{"Accept-Language": "en-US,en;q=0.9"})
    assert re.search(r"As my browser \(United States\) · \w+ 2, \d{4}, 3:05\sPM · 1,234,567\.5", page.text)


async def test_what_is_no_longer_offered_stays_chosen(visitor, portal):
    for region, zone, shown in (("BE", "Etc/GMT+5", "Etc/GMT+5"), ("ZZ", "Asia/Calcutta", "Asia/Kolkata")):
        told = FREE.model_copy(update={"region": region, "time_zone": zone})
        portal.privacy.answers["getPreferences"] = told
        page = await visitor.page("/settings")
        assert chosen(page, "region")[0] == [region]
        assert chosen(page, "time_zone")[0] == [shown]
        assert ("nothing of its own in this language, so as United Kingdom" in page.text) is (region == "ZZ")


async def test_a_language_that_is_written_alike_everywhere_offers_no_regions_and_keeps_what_is_chosen(visitor, portal):
    portal.privacy.answers["getPreferences"] = FREE.model_copy(update={"region": "US"})
    page = await visitor.page("/settings", Cookie="language=sv")
    assert page.one("input", type="hidden", name="region")["value"] == "US"
    assert not page.all("select", name="region")
    assert "USA" in page.text.split("likadant överallt", 1)[1]
    assert re.search(r"1\s234\s567,5\. På det här språket", page.text)


async def test_a_refused_choice_is_told_beside_it_and_the_rest_is_kept(visitor, portal, told):
    told()
    portal.privacy.answers["putPreferences"] = Invalid(errors=[FieldProblem(pointer="/time_zone", key="time_zone")])
    page = await visitor.send("/settings", command=COMMAND, language="en", region="US", time_zone="Mars/Base")
    assert (page.status, portal.keeper.sessions["s"].preferences) == (422, Preferences())
    assert page.one("select", name="time_zone")["aria-invalid"] == "true"
    assert "Give a time zone by its name" in page.html.split('id="time_zone-fault"')[1].split("</p>")[0]
    assert page.one("a", href="#time_zone")
    assert (chosen(page, "region")[0], chosen(page, "time_zone")[0]) == (["US"], ["Mars/Base"])
    (radio,) = [one for one in page.all("input", type="radio") if "checked" in one]
    assert radio["value"] == "en"


@pytest.mark.usefixtures("told")
async def test_zones_tell_how_far_they_are_and_which_one_is_the_browsers(visitor):
    page = await visitor.page("/settings", Cookie="time_zone=Asia/Calcutta")
    assert "As my browser: now Kolkata (UTC+5:30)" in page.text
    assert "As my browser: not told" not in page.text
    assert re.search(r"Stockholm \(UTC\+[12]\)", page.text)
    for cookie in ("language=en", "time_zone=localtime", "time_zone=Factory"):
        page = await visitor.page("/settings", Cookie=cookie)
        assert "As my browser: not told, so UTC" in page.text
        assert "until you choose one, times are told in UTC" in page.text


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


async def test_a_refused_language_is_told_and_the_rest_is_kept(visitor, portal):
    portal.privacy.answers |= {"getPreferences": LOCKED, "putPreferences": contract.LanguageLocked(language="sv")}
    page = await visitor.send("/settings", command=COMMAND, language="en", region="US", time_zone="Asia/Tokyo")
    assert page.status == 409
    assert "which nobody can change for themselves" in page.html.split('id="language-fault"')[1].split("</p>")[0]
    assert (chosen(page, "region")[0], chosen(page, "time_zone")[0]) == (["US"], ["Asia/Tokyo"])


async def test_without_privacy_the_page_says_so(visitor, portal):
    portal.privacy.answers.pop("getPreferences", None)
    assert (await visitor.page("/settings")).status == 503


async def test_where_the_language_is_locked_the_header_tells_instead_of_asking(visitor, portal, canned):
    assert (await visitor.page("/sessions")).all("form", action="/language")
    portal.signs_in(canned.a_session(preferences=Preferences(revision=1, language="sv", locked=True)))
    page = await visitor.page("/sessions", Cookie="language=sv")
    assert not page.all("form", action="/language")
    assert "Språk: Svenska bestämt av din organisation" in page.text


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
