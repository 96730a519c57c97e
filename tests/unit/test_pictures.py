"""What becomes of a picture that a directory sends, whatever it is, and the rule of who is shown by which."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from pydantic import ValidationError

from organizations import account, views
from organizations.account import Account, Picture
from organizations.portrait import normalised, square
from shared.contracts import organizations as contract
from shared.contracts.pictures import PictureAnimated, PictureTooLarge, PictureUnreadable, PutPicture
from shared.contracts.problem import OrganizationNotYours, Problem
from shared.testing import facts_at
from tests.picturing import animated, claiming, encoded, opened, picture, quartered, quarters

FORMS = ["JPEG", "PNG", "WEBP"]
UPRIGHT = ["red", "green", "blue", "yellow"]
KINDS = {form: encoded(quartered(64), form) for form in FORMS}
SECRETS = [b"Exif", b"GPS", b"Kameran", b"Ort", b"Kommentar", b"ICC_PROFILE", b"xmp", b"EXIF", b"ICCP"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [(1, 1), (40, 40), (300, 200), (7, 900), (4096, 30)])
def test_whatever_its_size_it_becomes_a_square_of_pixels(form, size):
    shown = opened(square(picture(form, size=size)))
    assert (shown.format, shown.size, shown.mode) == ("WEBP", (192, 192), "RGB")
    assert not getattr(shown, "is_animated", False)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_shown_the_way_the_camera_was_held(form, orientation):
    turned = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    seen = quartered() if turned is None else quartered().transpose(turned)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    assert quarters(square(encoded(seen, form, exif=exif, quality=95))) == UPRIGHT


@pytest.mark.parametrize("form", FORMS)
def test_what_is_hidden_in_a_picture_is_dropped(form):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kameran"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    text = PngInfo()
    text.add_text("Comment", "Ort")
    more = {"PNG": {"pnginfo": text}, "JPEG": {"comment": "Kommentar"}, "WEBP": {"xmp": b"<x>Ort</x>"}}[form]
    sent = encoded(quartered(), form, exif=exif, icc_profile=b"Ort", **more)
    assert b"Kameran" in sent
    assert b"Ort" in sent
    kept = square(sent)
    assert not [secret for secret in SECRETS if secret in kept]
    assert dict(opened(kept).getexif()) == {}


@pytest.mark.parametrize("form", FORMS)
def test_the_middle_is_what_is_cut_out(form):
    wide = Image.new("RGB", (600, 200), (0, 0, 0))
    wide.paste(quartered(), (200, 0))
    assert quarters(square(encoded(wide, form))) == UPRIGHT


def test_what_can_be_seen_through_is_white_behind():
    shown = opened(square(encoded(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG")))
    assert all(part > 250 for part in shown.getpixel((90, 90)))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_of_colouring_is_understood(mode):
    half = {"1": 1, "I;16": 32768}.get(mode, 128)
    colour = {"LA": (128, 255), "RGB": (128,) * 3, "RGBA": (128, 128, 128, 255)}.get(mode, half)
    image = Image.new(mode, (50, 50), colour)
    if mode == "P":
        image.putpalette([128] * 768)
    grey = opened(square(encoded(image, "PNG"))).getpixel((90, 90))
    assert all(abs(part - (255 if mode == "1" else 128)) < 6 for part in grey)


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS)
def test_the_same_picture_becomes_the_same_bytes(content):
    assert square(content) == square(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        encoded(quartered(), "GIF"),
        encoded(quartered(), "BMP"),
        encoded(quartered(), "TIFF"),
        encoded(quartered(), "PPM"),
        *(content[:-40] for content in KINDS.values()),
        KINDS["PNG"].replace(b"IHDR", b"IHXR"),
    ],
)
def test_what_is_no_picture_is_told_to_be_none(content):
    with pytest.raises(PictureUnreadable):
        square(content)


@pytest.mark.parametrize("size", [(4097, 1), (1, 4097), (9600, 9600), (14_000, 14_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_says_it_is_large_is_refused_before_it_is_decoded(size):
    with pytest.raises(PictureTooLarge) as refused:
        square(claiming(*size))
    assert refused.value.limit == 4096


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(form):
    with pytest.raises(PictureAnimated):
        square(animated(form))


def test_a_picture_with_others_behind_it_as_telephones_make_them_is_taken():
    content = encoded(quartered(), "MPO", save_all=True, append_images=[Image.new("RGB", (200, 200))])
    assert content.startswith(b"\xff\xd8\xff")
    assert quarters(square(content)) == UPRIGHT


BROKEN = st.builds(
    lambda whole, at, put, cut: (whole[:at] + put + whole[at + len(put) :])[: cut or None],
    st.sampled_from([*KINDS.values(), animated("PNG"), animated("WEBP")]),
    st.integers(0, 300),
    st.binary(max_size=20),
    st.one_of(st.just(0), st.integers(1, 400)),
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), BROKEN))
def test_no_bytes_at_all_are_anything_but_shown_or_refused(content):
    with contextlib.suppress(PictureUnreadable, PictureTooLarge, PictureAnimated):
        assert opened(square(content)).size == (192, 192)


async def test_a_refusal_comes_out_of_the_thread_as_it_is():
    with pytest.raises(PictureUnreadable):
        await normalised(b"nothing")
    assert await normalised(KINDS["PNG"]) == square(KINDS["PNG"])


@pytest.mark.parametrize("told", ["a b=", "aGVq/w=", "aGVq\n", "é", 5, None, [], {}])
def test_content_is_base64_and_nothing_else(told):
    with pytest.raises(ValidationError):
        PutPicture.model_validate({"content": told})


@given(st.binary(max_size=100))
def test_content_travels_both_ways(content):
    wish = PutPicture(content=content)
    assert PutPicture.model_validate_json(wish.model_dump_json()) == wish
    assert "content" not in repr(wish)


AT_HOME = Account(home="contoso")
ONE, SAME, OTHER = Picture(id="1", digest="a"), Picture(id="2", digest="a"), Picture(id="3", digest="b")


def show(before, shown, *speaks_for):
    return account.show_picture(before, facts_at(), picture=shown, speaks_for=(speaks_for or ("contoso",)).__contains__)


def test_a_picture_is_news_that_shows_nothing_of_it():
    decision = show(AT_HOME, ONE)
    assert decision.news == (contract.ProfileChanged(fields=("picture",)),)
    assert views.profile("x", decision.state).picture == "a"
    assert decision.answer == {"replaced": None}


def test_the_same_picture_again_is_no_news_and_stays_where_it_lies():
    shown = show(AT_HOME, ONE).state
    again = show(shown, SAME)
    assert (again.state, again.news) == (shown, ())


def test_another_picture_replaces_the_one_before_and_none_takes_it_away():
    shown = show(AT_HOME, ONE).state
    replaced = show(shown, OTHER)
    assert (replaced.answer, replaced.state.picture) == ({"replaced": "1"}, OTHER)
    gone = show(replaced.state, None)
    assert (gone.answer, gone.state.picture, len(gone.news)) == ({"replaced": "3"}, None, 1)
    assert show(gone.state, None).news == ()


@pytest.mark.parametrize("shown", [ONE, None])
def test_only_who_speaks_for_the_home_organization_shows_a_person(shown):
    for before, problem in ((AT_HOME, OrganizationNotYours), (Account(), contract.AccountNotFound)):
        with pytest.raises(problem) as refused:
            show(before, shown, "fabrikam")
        assert isinstance(refused.value, Problem)
