import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from gateway.keys import PSEUDO_LOCALE
from gateway.language import language_of, languages_of, local_path, zone_of
from shared.telling.languages import LANGUAGES, PSEUDO_LANGUAGES, direction_of


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("sv", "sv"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("SV-fi", "sv"),
        ("en;q=0.5, sv;q=0.8", "sv"),
        ("de-DE, de;q=0.9, sv;q=0.3, en;q=0.1", "sv"),
        ("fr", "en"),
        ("*", "en"),
        ("sv;q=0, fr", "en"),
        ("sv;q=x", "en"),
        (",;=;q=,", "en"),
    ],
)
def test_the_language_is_the_best_that_the_browser_asks_for(header, language):
    assert language_of(make_mocked_request("GET", "/", headers={"Accept-Language": header})) == language


@pytest.mark.parametrize(("cookie", "language"), [("sv", "sv"), ("en", "en"), ("xx", "sv"), ("", "sv")])
def test_a_chosen_language_goes_before_the_browsers(cookie, language):
    headers = {"Accept-Language": "sv", "Cookie": f"language={cookie}"}
    assert language_of(make_mocked_request("GET", "/", headers=headers)) == language


def an_app(**settings):
    app = web.Application()
    app[PSEUDO_LOCALE] = settings.get("pseudo", False)
    return app


@pytest.mark.parametrize("language", PSEUDO_LANGUAGES)
def test_a_pseudo_language_can_be_chosen_only_where_it_is_wanted(language):
    for pseudo, expected in ((True, language), (False, "sv")):
        headers = {"Accept-Language": "sv", "Cookie": f"language={language}"}
        assert language_of(make_mocked_request("GET", "/", headers=headers, app=an_app(pseudo=pseudo))) == expected
    assert languages_of(web.Application()) == languages_of(an_app()) == LANGUAGES == {"en": "English", "sv": "Svenska"}
    assert language in languages_of(an_app(pseudo=True))


@pytest.mark.parametrize("header", ["en-XA", "ar-XB", "ar-XB, sv;q=0.1", "en-XA, ar-XB;q=0.9, sv;q=0.8"])
def test_a_browser_never_asks_for_a_pseudo_language(header):
    request = make_mocked_request("GET", "/", headers={"Accept-Language": header}, app=an_app(pseudo=True))
    assert language_of(request) in LANGUAGES


def test_only_the_mirrored_language_runs_from_right_to_left():
    found = {language: direction_of(language) for language in LANGUAGES | PSEUDO_LANGUAGES}
    assert found == {"en": "ltr", "sv": "ltr", "en-XA": "ltr", "ar-XB": "rtl"}


@pytest.mark.parametrize(
    ("cookie", "zone"),
    [
        ("Europe/Stockholm", "Europe/Stockholm"),
        ("Mars/Base", None),
        ("../../etc/passwd", None),
        ("/etc", None),
        ("", None),
    ],
)
def test_the_time_zone_is_the_one_that_the_browser_named(cookie, zone):
    found = zone_of(make_mocked_request("GET", "/", headers={"Cookie": f"time_zone={cookie}"}))
    assert (found.key if found else None) == zone


@pytest.mark.parametrize(
    "path", ["/", "/activity?q=a%20b&before=1.e", "/security-info/methods/m/rename", "/%2F/x", "/å"]
)
def test_a_path_of_the_portal_is_gone_back_to(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "wish",
    [
        "",
        "activity",
        "//other.example",
        "///other.example",
        "/\\other.example",
        "\\\\other.example",
        "https://other.example/",
        "javascript:alert(1)",
        "/\t/other.example",
        "/\n/other.example",
        " /",
        "/a b",
        "/" + "a" * 3000,
    ],
)
def test_another_site_is_never_gone_to(wish):
    assert local_path(wish) == "/"


async def test_choosing_a_language_keeps_it_and_goes_back(visitor):
    response = await visitor.post("/language", {"language": "sv", "return_to": "/activity?q=x"})
    assert (response.status, response.headers["Location"]) == (303, "/activity?q=x")
    cookie = response.cookies["language"]
    assert (cookie.value, cookie["samesite"], cookie["max-age"], cookie["path"]) == ("sv", "Lax", "31536000", "/")


async def test_an_unknown_language_and_another_site_are_passed_over(visitor):
    response = await visitor.post("/language", {"language": "xx", "return_to": "//other.example"})
    assert (response.status, response.headers["Location"]) == (303, "/")
    assert "language" not in response.cookies
