"""Pages under an organization's name, logo and colour, and under ours."""

import re

import pytest
from aiohttp.test_utils import TestClient, TestServer

from gateway.branding import PREFIX, Brand, Logo
from gateway.keys import BRAND
from gateway.rendering import Assets
from tests.pages.conftest import Visitor

LOGO = Logo(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', ".svg", "image/svg+xml")
NAMES = ["Northwind", "x" * 60, """O'Neill & "Sons" <script>alert(1)</script>""", "حسابي"]


@pytest.fixture
async def branded(portal):
    """Open the portal under a brand."""
    clients = []

    async def open_under(brand):
        app = portal.app()
        app[BRAND] = brand
        app.router.add_get(PREFIX + "{name}", brand.response)
        clients.append(TestClient(TestServer(app)))
        await clients[-1].start_server()
        return Visitor(clients[-1])

    yield open_under
    for client in clients:
        await client.close()


def sheets(page):
    return [link["href"] for link in page.all("link", rel="stylesheet")]


@pytest.mark.parametrize("path", ["/", "/signed-out", "/problems/no_such"])
async def test_without_a_brand_pages_are_ours(visitor, path):
    page = await visitor.page(path)
    assert re.search(r"<title>[^<]+ . My Profile</title>", page.html)
    assert page.one("span", class_="brand-name")
    assert page.one("svg", class_="brand-mark")
    assert not page.all("img")
    assert sheets(page)[:3] == [Assets.load().url(name) for name in ("tokens.css", "components.css", "pages.css")]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/", "/signed-out", "/problems/no_such"])
async def test_pages_are_called_what_the_organization_calls_them(branded, name, path):
    page = await (await branded(Brand(name))).page(path)
    assert page.text.count(name) == 2  # in the title and in the header
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


async def test_what_is_not_there_is_not_found(branded):
    visitor = await branded(Brand(logo=LOGO))
    for name in ("logo.svg", "logo.000000000000.svg", "..%2Fkeys.py"):
        assert (await visitor.get(PREFIX + name)).status == 404


def test_another_colour_gets_another_address():
    assert Brand(accent="#0b6e4f").stylesheet != Brand(accent="#0b6e4e").stylesheet
