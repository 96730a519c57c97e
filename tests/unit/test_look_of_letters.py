"""How letters look, and when they say that things are."""

import re
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from shared.settings import SendingSettings
from shared.telling.colours import contrast
from shared.telling.look import OUR_ACCENT, Look
from shared.telling.plain import fits_one_text, for_speaking, for_texting, harmless, holds_a_number
from tests.unit.telling_letters import AT, look, mail, named, noticed, read

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
SETTINGS = {
    "port": 0,
    "mongo_url": "mongodb://localhost",
    "database": "d",
    "amqp_url": "amqp://localhost",
    "local_master_key": "00" * 96,
    "gateway_keys": to_json({"keys": []}).decode(),
    "proof_keys": to_json({"keys": []}).decode(),
}


def test_a_look_is_what_the_settings_say():
    settings = SendingSettings(
        **SETTINGS,
        portal_url="https://profil.örebro.example:8443/konto/",
        brand_name="Örebro  konto",
        brand_accent="#0B6E4F",
        time_zone="Europe/Stockholm",
    )
    made = Look.of(settings)
    assert (made.product, made.accent, made.zone) == ("Örebro konto", "#0b6e4f", ZoneInfo("Europe/Stockholm"))
    assert made.address("/sessions") == "https://profil.örebro.example:8443/konto/sessions"
    assert made.host == "profil.xn--rebro-iua.example"


def test_a_look_of_which_nothing_is_said_is_ours():
    made = Look.of(SendingSettings(**SETTINGS, portal_url="http://localhost:8080"))
    assert (made.product, made.accent, made.host) == ("My Profile", OUR_ACCENT, "localhost")
    assert made.clock(AT, "en") == "12:03 UTC"


def test_contrast_is_as_the_guideline_has_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@given(COLOURS)
def test_words_can_be_read_on_any_accent_and_its_edge_be_seen(accent):
    made = look(accent=accent)
    assert contrast(made.on_accent, accent) >= 4.5
    for ground in ("#ffffff", "#181c26"):
        assert contrast(made.edge(ground), ground) >= 3


def test_the_accent_stands_where_its_contrast_was_looked_after_and_nowhere_else():
    html = mail(noticed(named("N")), accent="#fedcba").html
    assert html.count("#fedcba") == len(re.findall(r'(?:bgcolor="|background-color:|border-color: )#fedcba', html))
    styles = [attributes.get("style") or "" for _, attributes in read(html)[1]]
    assert any("color:#000000;" in style for style in styles)
    assert not any("color:#ffffff;" in style and "background" not in style for style in styles)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_words_can_be_read_on_every_ground(scheme):
    html = mail(noticed(named("N"))).html
    if scheme == "light":
        words, grounds = set(re.findall(r"[\";]color:(#\w{6})", html)) - {"#ffffff"}, {"#ffffff", "#f5f7fb", "#eef1f7"}
        assert grounds - {"#eef1f7"} <= set(re.findall(r"background-color:(#\w{6})", html))
    else:
        dark = html[html.index("prefers-color-scheme") : html.index("</style>")]
        words = set(re.findall(r" color: (#\w{6})", dark))
        grounds = set(re.findall(r"background-color: (#\w{6})", dark))
    assert len(words) == 2
    assert len(grounds) == 3
    assert min(contrast(word, ground) for word in words for ground in grounds) >= 4.5


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Europe/Stockholm", "en", "7 October 2025 at 14:03 CEST"),
        ("Europe/Stockholm", "sv", "7 oktober 2025 kl. 14:03 CEST"),
        ("America/New_York", "en", "7 October 2025 at 08:03 EDT"),
        ("Pacific/Kiritimati", "en", "8 October 2025 at 02:03 UTC+14"),
        ("UTC", "sv", "7 oktober 2025 kl. 12:03 UTC"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_look_and_as_the_language_has_it(zone, language, said):
    assert look(zone=ZoneInfo(zone)).moment(AT, language) == said


def test_a_moment_in_winter_has_the_name_of_the_winter():
    assert look().clock(datetime(2025, 1, 7, 23, 30, tzinfo=UTC), "sv") == "00:30 CET"
    assert look().moment(datetime(2025, 1, 7, 23, 30, tzinfo=UTC), "sv") == "8 januari 2025 kl. 00:30 CET"


@pytest.mark.parametrize(
    "name", ["evil.example", "https://evil.example/x", "a@evil.example", "evil。example", "1.2.3.4"]
)
def test_no_program_makes_a_link_of_a_name(name):
    shown = harmless(name)
    assert shown != name
    assert shown.replace("\N{ZERO WIDTH NON-JOINER}", "") == name
    assert not re.search(r"\w[.。]\w|://", shown)


@pytest.mark.parametrize("name", ["Åsas telefon", "هاتف", "a. b", "100 % {mine} %(x)s", "<b>&amp;", "What?!", "…"])
def test_other_names_stay_as_they_are(name):
    assert harmless(name) == name


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_a_name_is_one_short_line(name):
    shown = harmless(name).replace("\N{ZERO WIDTH NON-JOINER}", "")
    assert len(shown) <= 120
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_a_text_message_is_counted_as_networks_count():
    assert fits_one_text("å" * 160)
    assert not fits_one_text("å" * 161)
    assert fits_one_text("[" * 80)
    assert not fits_one_text("[" * 80 + "x")
    assert not fits_one_text("“x”")
    assert for_texting("\u201cx\u201d \u2018y\u2019 \u2013 \u2026") == "\"x\" 'y' - ..."


@pytest.mark.parametrize(
    ("name", "is_one"), [("Call +46 70 174 06 05", True), ("0701740605", True), ("iPhone 15", False)]
)
def test_a_name_that_a_telephone_would_call_is_noticed(name, is_one):
    assert holds_a_number(name) is is_one


def test_a_voice_gets_no_markup():
    assert for_speaking('<break time="1s"/>A &\n{b}\u2068c\u2069') == 'break time="1s"/ A & b c'
