"""Pages under an organization's name, logo and colour, and under ours."""

import re

import pytest
from aiohttp.test_utils import TestClient, TestServer

from gateway.branding import PREFIX, PRODUCT, Brand, Logo
from gateway.documents import asyncapi_document, openapi_document
from gateway.keys import BRAND
from gateway.pages import styleguide
from gateway.rendering import Assets
from shared.contracts.gateway import SessionEnded, SessionStarted
from shared.contracts.privacy import Activity
from shared.telling import EVENTS
from shared.telling.gathering import gathered
from shared.telling.languages import LANGUAGES, PSEUDO_LANGUAGES
from shared.telling.translations import entered, load
from tests.pages.conftest import Visitor
from tests.pages.test_pseudo import MORE_PATHS
from tests.pages.test_templates import PATHS

LOGO = Logo(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', ".svg", "image/svg+xml")
PNG = Logo(b"\x89PNG", ".png", "image/png")
NAMES = ["Northwind", "x" * 60, """O'Neill & "Sons" <script>alert(1)</script>""", "حسابي"]


@pytest.fixture
async def branded(portal):
    """Open the portal under a brand."""
    clients = []

    async def open_under(brand):
        app = portal.app()
        app[BRAND] = brand
        app.router.add_get(PREFIX + "{name}", brand.response)
        app.router.add_get("/styleguide", styleguide.show)
        clients.append(TestClient(TestServer(app)))
        await clients[-1].start_server()
        return Visitor(clients[-1])

    yield open_under
    for client in clients:
        await client.close()


def icon(page):
    link = page.one("link", rel="icon")
    return link["href"], link["type"]


def sheets(page):
    return [link["href"] for link in page.all("link", rel="stylesheet")]


def history_of_sessions(canned):
    """Give a history in which every sentence about a session stands."""
    wire = SessionEnded.wire
    reasons = (None, *EVENTS[wire].by_reason)
    ended = [
        canned.entry(SessionEnded(session_id="s", reason=reason or "signed_out"), by=by)
        for reason in reasons
        for by in ("you", "system")
    ]
    return Activity(
        entries=(*(canned.entry(SessionStarted(session_id="s"), by=by) for by in ("you", "system")), *ended), next=None
    )


@pytest.mark.parametrize("path", ["/", "/signed-out", "/problems/no_such"])
async def test_without_a_brand_pages_are_ours(visitor, path):
    page = await visitor.page(path)
    assert re.search(r"<title>[^<]+ . My Profile</title>", page.html)
    assert page.one("span", class_="brand-name")
    assert page.one("svg", class_="brand-mark")
    assert not page.all("img")
    assert icon(page) == (Assets.load().url("favicon.svg"), "image/svg+xml")
    assert sheets(page)[:3] == [Assets.load().url(name) for name in ("tokens.css", "components.css", "pages.css")]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/", "/signed-out", "/problems/no_such"])
async def test_pages_are_called_what_the_organization_calls_them(branded, name, path):
    page = await (await branded(Brand(name))).page(path)
    assert f" \N{EN DASH} {name} " in page.text  # the title
    assert page.text.count(name) == (3 if path == "/" else 2)  # the header, and that one signed in to it
    assert "<script>alert" not in page.html
    assert not page.all("img")


@pytest.mark.parametrize("name", NAMES)
async def test_the_logo_stands_for_the_name(branded, name):
    visitor = await branded(Brand(name, LOGO))
    page = await visitor.page("/")
    picture = page.one("img", class_="brand-logo")
    assert picture["alt"] == name
    assert re.fullmatch(r"/brand/logo\.[0-9a-f]{12}\.svg", picture["src"])
    assert not page.all("svg", class_="brand-mark")
    response = await visitor.get(picture["src"])
    assert await response.read() == LOGO.content
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_the_colours_come_right_after_ours_and_before_what_uses_them(branded):
    visitor = await branded(Brand(accent="#0b6e4f"))
    ours, theirs, *others = sheets(await visitor.page("/"))
    assert ours == Assets.load().url("tokens.css")
    assert others[:2] == [Assets.load().url(name) for name in ("components.css", "pages.css")]
    assert re.fullmatch(r"/brand/accent\.[0-9a-f]{12}\.css", theirs)
    response = await visitor.get(theirs)
    assert "--accent: #0b6e4f;" in await response.text()
    assert response.headers["Content-Type"] == "text/css"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_page_calls_itself_otherwise(branded, portal, canned, language):
    visitor = await branded(Brand("Northwind"))
    portal.has(canned.methods("Work phone", "Tablet"), history_of_sessions(canned))
    for path in (*PATHS, *MORE_PATHS, "/styleguide"):
        page = await visitor.page(path, Cookie=f"language={language}")
        assert "Northwind" in page.text, path
        assert PRODUCT not in page.html, path
    for path in ("/", "/activity"):
        assert (await visitor.page(path, Cookie=f"language={language}")).text.count("Northwind") > 2
    for document in (openapi_document, asyncapi_document):
        assert PRODUCT not in str(document("Northwind"))


@pytest.mark.parametrize("language", [*LANGUAGES, *PSEUDO_LANGUAGES])
def test_no_text_has_the_name_in_it(language):
    for text in (text for catalog in gathered(entered()).values() for text in catalog):
        assert PRODUCT not in str(text.id)
        assert PRODUCT not in load(language).gettext(text.id if isinstance(text.id, str) else text.id[0])


async def test_the_icon_has_the_accent_for_its_colour(branded):
    visitor = await branded(Brand(accent="#0b6e4f"))
    address, content_type = icon(await visitor.page("/"))
    assert re.fullmatch(r"/brand/icon\.[0-9a-f]{12}\.svg", address)
    response = await visitor.get(address)
    assert response.headers["Content-Type"] == content_type == "image/svg+xml"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert set(re.findall(r'fill="([^"]+)"', await response.text())) == {"#0b6e4f", "#fff"}


@pytest.mark.parametrize("accent", [None, "#0b6e4f"])
@pytest.mark.parametrize("logo", [LOGO, PNG], ids=["svg", "png"])
async def test_the_logo_is_the_icon_as_well(branded, logo, accent):
    visitor = await branded(Brand(logo=logo, accent=accent))
    page = await visitor.page("/")
    assert icon(page) == (page.one("img", class_="brand-logo")["src"], logo.content_type)
    response = await visitor.get(icon(page)[0])
    assert (response.headers["Content-Type"], await response.read()) == (logo.content_type, logo.content)


async def test_what_is_not_there_is_not_found(branded):
    visitor = await branded(Brand(logo=LOGO))
    for name in ("logo.svg", "logo.000000000000.svg", "..%2Fkeys.py"):
        assert (await visitor.get(PREFIX + name)).status == 404


def test_another_colour_gets_another_address():
    assert Brand(accent="#0b6e4f").stylesheet != Brand(accent="#0b6e4e").stylesheet
