"""What an organization may put in place of ours: any colour, and a logo that can only be looked at."""

import re
import struct
import zlib
from math import cos, radians, sin

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.branding import Logo
from gateway.branding.accent import stylesheet
from gateway.branding.oklab import Rgb
from gateway.rendering.assets import STATIC
from gateway.settings import Settings
from shared.settings import configured

COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map("#{:06x}".format)
BEHIND_TEXT = ("accent-soft", "glow-1", "glow-2")
SURFACES = ("surface", "ground", "sunken")
NEEDED = {
    "public_url": "https://account.example.org",
    "issuer": "https://provider.example",
    "client_id": "c",
    "client_secret": "s",
    "signing_key": "{}",
    "mongo_url": "mongodb://localhost",
    "amqp_url": "amqp://localhost",
    "local_master_key": "00" * 96,
    **{f"{name}_url": "http://localhost" for name in ("security_info", "devices", "organizations", "privacy")},
}


def told(**given_too):
    return configured(Settings, **NEEDED, **given_too)


def schemes(css):
    """Give the tokens of light and of dark, by the text alone."""
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    return [dict(re.findall(r"--([\w-]+): ([^;]+);", half)) for half in (light, dark)]


OURS = schemes((STATIC / "tokens.css").read_text("utf-8"))
OURS[1] = OURS[0] | OURS[1]


def luminance(colour):
    """Compute WCAG's relative luminance: of a hex colour by its definition, of `oklch()` by way of CIE XYZ."""
    if colour.startswith("#"):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = ((part / 12.92) if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    lightness, chroma, hue = re.fullmatch(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", colour).groups()
    a, b = float(chroma) * cos(radians(float(hue))), float(chroma) * sin(radians(float(hue)))
    long, medium, short = (
        (float(lightness) / 100 + by_a * a + by_b * b) ** 3
        for by_a, by_b in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    )
    # The row for Y of CSS Color 4's matrix from LMS to XYZ; with D65 white, Y is the relative luminance.
    return -0.0405757452 * long + 1.1122868032 * medium - 0.0717110580 * short


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@settings(deadline=None)
@given(COLOURS)
@example("#ffffff")
@example("#000000")
@example("#ffcc00")
@example("#0000ff")
@example("#ffff00")
def test_whatever_the_accent_everything_can_be_read(accent):
    for ours, theirs in zip(OURS, schemes(stylesheet(accent)), strict=True):
        tokens = ours | theirs
        for text in ("accent", "accent-deep"):
            for behind in (*SURFACES, *BEHIND_TEXT):
                assert contrast(tokens[text], tokens[behind]) >= 4.5, (text, behind, tokens)
        for text in ("text", "muted"):
            for behind in BEHIND_TEXT:
                assert contrast(tokens[text], tokens[behind]) >= 4.5, (text, behind, tokens)
        for behind in ("accent", "accent-deep", "danger"):
            assert contrast(tokens["on-accent"], tokens[behind]) >= 4.5, (behind, tokens)
        assert contrast(tokens["edge"], tokens["surface"]) >= 3
        assert tokens["accent"] != tokens["accent-deep"]
    light, _ = schemes(stylesheet(accent))
    assert contrast(light["mark"], "#ffffff") >= 4.5


@settings(deadline=None)
@given(COLOURS)
def test_a_colour_is_the_same_there_and_back(colour):
    assert str(Rgb.parse(colour).seen().shown()) == colour


@settings(deadline=None)
@given(COLOURS)
def test_the_hue_stays(accent):
    given_hue = Rgb.parse(accent).seen()
    for tokens in schemes(stylesheet(accent)):
        shown = Rgb.parse(tokens["accent"]).seen()
        # The 256 steps of each part leave hardly a hue to what is nearly grey or nearly black.
        if min(given_hue.chroma, shown.chroma) > 0.03 and shown.lightness > 0.3:
            assert cos(given_hue.hue - shown.hue) > cos(radians(5))


@pytest.mark.parametrize(("accent", "scheme"), [("#0b6e4f", 0), ("#ffcc00", 1), ("#fc0", 1)])
def test_a_colour_that_can_be_read_is_kept_as_it_is(accent, scheme):
    assert schemes(stylesheet(accent))[scheme]["accent"] == str(Rgb.parse(accent))


def test_our_own_colours_can_be_read_too():
    for tokens in OURS:
        for behind in (*SURFACES, *BEHIND_TEXT):
            assert contrast(tokens["accent-deep"], tokens[behind]) >= 4.5


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def a_png(extra=b""):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def an_svg(inside="", attributes=""):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" {attributes}>{inside}</svg>'.encode()


XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
GOOD = {
    "png": (a_png(), "image/png"),
    "svg": (an_svg('<path d="M0 0h1v1z"/>'), "image/svg+xml"),
    "declared": (b'<?xml version="1.0" encoding="UTF-8"?><!-- ours -->' + an_svg(), "image/svg+xml"),
    "styled": (
        an_svg("<style>@media (prefers-color-scheme: dark) { path { fill: url( '#g' ) } }</style>"),
        "image/svg+xml",
    ),
    "referring to itself": (an_svg('<use xlink:href="#a" fill="url(#b)"/>', XLINK), "image/svg+xml"),
}
BAD = {
    "script": (an_svg("<script>alert(1)</script>"), "something that may run: script"),
    "script of HTML": (an_svg('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>'), "something that may run"),
    "HTML": (an_svg('<h:video xmlns:h="http://www.w3.org/1999/xhtml"/>'), "something that may run: video"),
    "foreign object": (an_svg("<g><foreignObject/></g>"), "something that may run: foreignObject"),
    "onload": (an_svg(attributes='onload="alert(1)"'), "an event handler: onload"),
    "handler in time": (an_svg('<set attributeName="onclick" to="alert(1)"/>'), "an event handler: onclick"),
    "reference in time": (an_svg('<animate attributeName="xlink:href" to="https://x"/>'), "outside of it"),
    "href": (an_svg('<image href="https://elsewhere.example/a.png"/>'), "outside of it"),
    "xlink:href": (an_svg('<a xlink:href="javascript:alert(1)"/>', XLINK), "outside of it"),
    "paint": (an_svg('<path fill="url(https://elsewhere.example/#a)"/>'), "outside of it"),
    "style": (an_svg("<style>path { fill: url( 'https://elsewhere.example/#a') }</style>"), "outside of it"),
    "import": (an_svg('<style><![CDATA[@im]]><!-- -->port "//elsewhere.example"</style>'), "outside of it"),
    "escaped": (an_svg(r'<path style="fill: u\72l(//elsewhere.example)"/>'), "outside of it"),
    "instruction": (b'<?xml-stylesheet href="//elsewhere.example"?>' + an_svg(), "a processing instruction"),
    "DOCTYPE": (b'<!DOCTYPE svg [<!ENTITY a "a">]>' + an_svg("&a;"), "a document type"),
    "external DOCTYPE": (b'<!DOCTYPE svg SYSTEM "http://elsewhere.example/svg.dtd">' + an_svg(), "a document type"),
    "too big": (an_svg(f"<!-- {'x' * 65536} -->"), "larger than 64 KiB"),
    "too big a PNG": (a_png(chunk(b"tEXt", b"x" * 65536)), "larger than 64 KiB"),
    "text": (b"not a picture", "an SVG or PNG file is needed"),
    "nothing": (b"", "an SVG or PNG file is needed"),
    "HTML page": (b"<html><body/></html>", "an SVG or PNG file is needed"),
    "no namespace": (b"<svg/>", "an SVG or PNG file is needed"),
    "unfinished": (an_svg("<g>"), "an SVG or PNG file is needed"),
    "unknown encoding": (b'<?xml version="1.0" encoding="none"?>' + an_svg(), "an SVG or PNG file is needed"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an SVG or PNG file is needed"),
    "half a PNG": (a_png()[:-1], "an SVG or PNG file is needed"),
    "more than a PNG": (a_png() + b"<script>", "an SVG or PNG file is needed"),
}


@pytest.mark.parametrize(("content", "content_type"), GOOD.values(), ids=GOOD)
def test_a_harmless_logo_is_taken_as_it_is_whatever_its_name(tmp_path, content, content_type):
    (tmp_path / "logo.txt").write_bytes(content)
    logo = told(brand_logo=str(tmp_path / "logo.txt")).brand_logo
    assert logo == Logo(content, {"image/png": ".png"}.get(content_type, ".svg"), content_type)


@pytest.mark.parametrize(("content", "why"), BAD.values(), ids=BAD)
def test_any_other_logo_stops_the_start_with_one_line(tmp_path, monkeypatch, capsys, content, why):
    (tmp_path / "logo.svg").write_bytes(content)
    monkeypatch.setenv("BRAND_LOGO", str(tmp_path / "logo.svg"))
    with pytest.raises(SystemExit):
        told()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("BRAND_LOGO: ")
    assert why in line


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("BRAND_LOGO", "/no/such/file.svg"),
        ("BRAND_LOGO", "/"),
        ("BRAND_LOGO", "\0"),
        ("BRAND_ACCENT", "green"),
        ("BRAND_ACCENT", "0b6e4f"),
        ("BRAND_ACCENT", "#0b6e4f80"),
        ("BRAND_ACCENT", "#0b6e4f\n"),
        ("BRAND_ACCENT", "#fff; } * { display: none"),
        ("BRAND_NAME", " "),
        ("BRAND_NAME", "two\nlines"),
        ("BRAND_NAME", "x" * 61),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line(capsys, setting, value):
    with pytest.raises(SystemExit):
        told(**{setting.lower(): value})
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{setting}: ")


def test_without_a_brand_it_is_ours():
    brand = told().brand()
    assert (brand.name, brand.logo, brand.stylesheet) == ("My Profile", None, None)
