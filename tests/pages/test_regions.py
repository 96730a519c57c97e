"""In which language, by whose habits and in which time zone pages are written, and what there is to choose."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway import regions
from gateway.language import PREFERENCES, calendar_of, language_of, zone_of
from gateway.preferences import Preferences
from gateway.rendering import environment
from shared.contracts.privacy import ZONES
from shared.facts import now
from shared.telling.languages import LANGUAGES, regions_of
from tests.pages.requesting import a_request


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


@pytest.mark.parametrize(
    ("language", "asked", "region", "territory"),
    [
        ("en", "", None, "GB"),
        ("en", "en-US,en;q=0.9", None, "US"),
        ("en", "sv-SE,sv;q=0.9,en-US;q=0.8", None, "SE"),
        ("en", "en-US", "GB", "GB"),
        ("sv", "en-US,sv;q=0.5", None, "SE"),
        ("sv", "sv-FI", None, "FI"),
        ("en", "en-Shaw-GB,zh-Hant-QQ,*", None, "GB"),
    ],
)
def test_where_no_region_is_chosen_the_browsers_holds(language, asked, region, territory):
    request = a_request(**{"Accept-Language": asked})
    request[PREFERENCES] = Preferences(region=region)
    assert calendar_of(request, language).territory == territory


def _shown(request, language, moment):
    made = environment(language).from_string("{{ m | date }} {{ m | clock }} {{ n | number }}")
    return made.render(m=moment, n=1234.5, now=now(), calendar=calendar_of(request, language), zone=zone_of(request))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_that_there_is_can_be_found_under_one_name(language):
    offered = [city for _, cities in regions.zones(language, now()) for city in cities]
    codes = {city.code for city in offered}
    assert len(codes) == len(offered)
    assert codes < ZONES
    assert {"Europe/Stockholm", "Asia/Kolkata", "America/New_York", "Pacific/Auckland"} <= codes
    for zone in ZONES:
        if zone.partition("/")[0] in {"Europe", "America", "Asia", "Africa", "Pacific", "Australia"}:
            assert regions.zone_to_choose(zone) in codes, zone
    names = [city.name for city in offered]
    assert all(names)


def test_cities_and_regions_are_named_and_sorted_in_the_persons_language():
    named = {city.code: city.name for _, cities in regions.zones("sv", now()) for city in cities}
    assert (named["Europe/Copenhagen"], named["Asia/Kolkata"]) == ("Köpenhamn", "Kolkata")
    assert [name for name, _ in regions.zones("sv", now())][:2] == ["Afrika", "Amerika"]
    assert regions.formats("sv", date(2026, 3, 31)) == ()
    english = {one.code: " ".join(one.example.split()) for one in regions.formats("en", date(2026, 3, 31))}
    assert english["US"] == "March 2, 2026, 3:05 PM · 1,234,567.5"
    assert english["GB"] == "2 March 2026, 15:05 · 1,234,567.5"


@pytest.mark.parametrize("chosen_", [None, "BE", "NZ", "US"])
def test_no_two_regions_that_are_offered_look_alike_and_the_chosen_one_is_among_them(chosen_):
    offered = regions.formats("en", date(2026, 11, 22), chosen_)
    looks = ["".join(one.example.split()).casefold() for one in offered]
    assert len(set(looks)) == len(looks) > 8
    assert {"US", "IN"} | ({chosen_} if chosen_ else set()) <= {one.code for one in offered}
    assert [one.name for one in offered] == sorted(one.name for one in offered)


def test_a_region_is_a_territory():
    assert {"US", "GB", "SE"} < regions_of("en")
    assert not [code for code in regions_of("en") if not re.fullmatch(r"[A-Z]{2}", code)]


def test_differences_from_utc_are_told_as_they_are_then():
    summer, winter = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    told = {zone: regions.difference(ZoneInfo(zone), winter) for zone in ("Europe/Stockholm", "Asia/Kolkata", "UTC")}
    assert told == {"Europe/Stockholm": "UTC+1", "Asia/Kolkata": "UTC+5:30", "UTC": "UTC"}
    assert regions.difference(ZoneInfo("Europe/Stockholm"), summer) == "UTC+2"
    assert regions.difference(ZoneInfo("America/St_Johns"), winter) == "UTC−3:30"  # noqa: RUF001 - a minus, as it is written
