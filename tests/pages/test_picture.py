"""A person's picture on the profile card: over the initials, which stay where it does not come."""

import pytest

from shared.contracts.pictures import Picture, PictureNotFound
from shared.contracts.problem import Unavailable

DIGEST = "5f1c" * 8
PICTURE = Picture(digest=DIGEST, media_type="image/webp", content=b"RIFF\0\xffWEBP")


@pytest.fixture
def pictured(portal, canned):
    portal.belongs_to(canned.organization(), picture=DIGEST)
    portal.organizations.answers["getPicture"] = PICTURE


@pytest.mark.usefixtures("pictured")
async def test_the_profile_card_shows_it_beside_the_name_and_says_nothing_twice(visitor):
    page = await visitor.page("/")
    shown = page.one("img", class_="avatar-picture")
    assert (shown["src"], shown["alt"]) == (f"/picture/{DIGEST}", "")
    assert {"width", "height"} <= shown.keys(), "its place is kept before it is there"
    assert len(page.all("span", class_="avatar avatar-large", aria_hidden="true")) == 1
    assert "AL Alice Lindqvist" in page.text


async def test_who_has_none_is_shown_by_initials(visitor):
    page = await visitor.page("/")
    assert not page.all("img", class_="avatar-picture")
    assert "AL Alice Lindqvist" in page.text


@pytest.mark.usefixtures("pictured")
async def test_it_is_sent_as_it_is_to_be_kept_by_this_browser_alone(visitor):
    response = await visitor.get(f"/picture/{DIGEST}")
    assert (response.status, await response.read()) == (200, PICTURE.content)
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("pictured")
async def test_what_a_service_calls_it_is_not_what_a_browser_makes_of_it(visitor, portal):
    page = PICTURE.model_copy(update={"media_type": "text/html", "content": b"<script>alert(1)</script>"})
    portal.organizations.answers["getPicture"] = page
    assert (await visitor.get(f"/picture/{DIGEST}")).headers["Content-Type"] == "image/webp"


@pytest.mark.usefixtures("pictured")
@pytest.mark.parametrize(
    ("address", "answer", "status"),
    [
        ("0" * 32, PICTURE, 404),
        (DIGEST.upper(), PICTURE, 404),
        (DIGEST, PictureNotFound(), 404),
        (DIGEST, Unavailable(), 503),
    ],
)
async def test_an_address_that_is_not_of_ones_picture_of_today_leads_nowhere(visitor, portal, address, answer, status):
    portal.organizations.answers["getPicture"] = answer
    response = await visitor.get(f"/picture/{address}")
    assert response.status == status
    assert "immutable" not in response.headers.get("Cache-Control", "")
