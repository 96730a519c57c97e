"""What notices say of everything that can happen, in both languages, by every channel."""

import re
from datetime import timedelta

import pytest

from shared.contracts import devices
from shared.contracts.envelope import Client
from shared.telling.events import OTHERWISE
from shared.telling.plain import fits_one_text
from tests.unit.telling_letters import AT, TOLD, look, mail, named, noticed, read, told

ENGLISH = re.compile(r"\b(the|you|your|was|were|and|is|it|of|to|by|with|if|this|not|on|in your)\b", re.IGNORECASE)
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
PAGES = [f"https://profile.contoso.example{page}" for page in ("/security-info", "/sessions")]


def everything(said, language="en", **other):
    """Give all that any channel shows, as a person sees it."""
    made = mail(said, language, **other)
    return [made.subject, made.text, read(made.html)[0], said.text, said.spoken]


@pytest.mark.parametrize("by", ["you", "system"])
@pytest.mark.parametrize("wire", TOLD)
def test_everything_that_is_told_has_its_own_words_in_both_languages(wire, by):
    for language in ("en", "sv"):
        parts = everything(noticed(told(wire, by=by), language=language), language)
        assert all(parts)
        assert not any(re.search(r"%\(|\{|\bNone\b|Undefined", part) for part in parts)
        general = {OTHERWISE.you.said(language), OTHERWISE.system.said(language)}
        assert not general & set(parts)
        if language == "sv":
            assert not [found for part in parts for found in ENGLISH.findall(part)]


@pytest.mark.parametrize("reason", [*devices.Reason.__args__, "left", "removed", "newer"])
@pytest.mark.parametrize("wire", [wire for wire in TOLD if wire.endswith((".disabled.v1", ".ended.v1"))])
def test_no_reason_is_told_in_another_language(wire, reason):
    thing = told(wire)
    with_reason = thing.model_copy(update={"facts": {**thing.facts, "reason": reason}})
    for part in everything(noticed(with_reason, language="sv"), "sv"):
        assert not ENGLISH.search(part)


def test_every_word_comes_from_the_translations():
    things = [told(wire, id=wire, by=by) for wire in TOLD for by in ("you", "system")]
    said = noticed(*things, more=3, language="en-XA")
    for part in everything(said, "en-XA"):
        kept = " ".join(part.split())
        while BRACKETED.search(kept):  # some stand within others
            kept = BRACKETED.sub("", kept)
        kept = re.sub(r"https://\S+|Kontohjälpen|Contoso|\d+ October 2025|\d\d:\d\d CEST|Malmö, Sweden", "", kept)
        assert not re.search(r"[A-Za-z]{3}", kept), kept


def test_a_notice_of_one_thing_is_called_by_it():
    made = mail(noticed(named("Min telefon")))
    assert made.subject == "You added the phone “Min telefon”"
    assert (
        "7 October 2025 at 14:03 CEST · Firefox on Windows · Malmö, Sweden\nBy you, as far as we can tell" in made.text
    )
    assert made.text.count("Min telefon") == 1


def test_a_notice_of_several_things_counts_them_and_tells_each():
    things = [named(f"Telefon {number}", id=str(number)) for number in range(5)]
    made = mail(noticed(*things, language="sv"), "sv")
    assert made.subject == "5 ändringar i ditt konto"
    assert [f"Telefon {number}" in made.text for number in range(6)] == [True] * 5 + [False]
    assert "aktivitet" not in made.text


def test_what_did_not_fit_is_counted_and_where_it_is_told():
    things = [named(f"Telefon {number}", id=str(number)) for number in range(20)]
    made = mail(noticed(*things, more=14))
    assert made.subject == "34 changes to your account"
    assert "14 more changes did not fit in here" in made.text
    assert "1 more change did not fit" in mail(noticed(named("N"), more=1)).text
    for part in (made.text, made.html):
        assert "https://profile.contoso.example/activity" in part


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        ({}, "CEST\n"),
        ({"browser": "Firefox"}, "CEST · Firefox\n"),
        ({"os": "Linux", "country": "DE"}, "CEST · Linux · Tyskland\n"),
        ({"city": "Malmö"}, "CEST · Malmö\n"),
        ({"country": "XX-new"}, "CEST · XX-new\n"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(client, shown):
    assert shown in mail(noticed(named("N", client=Client(**client)), language="sv"), "sv").text


def test_who_did_it_is_told_where_somebody_did():
    assert "By your organization: an administrator" in mail(noticed(named("N", by="system"))).text
    locked = told("profile.security-info.method.locked.v1", by="system")
    assert "\nBy " not in mail(noticed(locked)).text


def test_what_to_do_is_told_with_addresses_of_the_portal_alone():
    made = mail(noticed(named("N")))
    assert re.findall(r"https?://\S+", made.text) == PAGES
    _, tags = read(made.html)
    assert [attributes["href"] for tag, attributes in tags if tag == "a"] == PAGES
    assert "Tell Contoso what happened." in made.text
    assert "Tell your organization what happened." in mail(noticed(named("N"), organization=None)).text


def test_nothing_is_loaded_and_nobody_is_followed():
    html = mail(noticed(named("N"), more=2)).html
    assert not {"img", "script", "link", "iframe", "form", "input", "base", "object"} & {
        tag for tag, _ in read(html)[1]
    }
    assert not re.search(r"url\(|@import|src=|\?|&[a-z]+=", re.sub(r"<!doctype|Was this you\?", "", html))


def test_an_email_says_in_which_language_and_which_way_it_is_written():
    for language, direction in (("sv", "ltr"), ("en", "ltr"), ("ar-XB", "rtl")):
        html = mail(noticed(named("N"), language=language), language).html
        assert f'<html lang="{language}" dir="{direction}">' in html
        assert '<meta name="color-scheme" content="light dark">' in html
        assert "prefers-color-scheme: dark" in html


def test_the_text_is_in_short_lines():
    long = named("å" * 20 + " " + "ö" * 39)
    lines = mail(noticed(*(long.model_copy(update={"id": str(n)}) for n in range(3)))).text.splitlines()
    assert max(map(len, lines)) <= 72


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("wire", TOLD)
def test_a_text_message_is_one_text_and_ends_with_the_portal(wire, language):
    text = noticed(told(wire), language=language).text
    assert fits_one_text(text)
    assert text.endswith("\nhttps://profile.contoso.example")


@pytest.mark.parametrize("name", ["هاتف", "W" * 100, "evil.example", "Ring 0701740605"])
def test_a_name_that_does_not_belong_in_a_text_message_is_left_to_the_email(name):
    said = noticed(named(name), language="sv")
    assert said.text.startswith("Kontohjälpen: 1 ändring i ditt konto.\n")
    assert fits_one_text(said.text)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><a href="https://evil.example">x</a>',
    "x\r\nBcc: eve@evil.example\r\n\r\n<p>",
    "=?utf-8?q?=0D=0ABcc:_eve=40evil.example?=",
    "{{ look.portal_url }}{% raw %}",
    "%(code)s %s %",
    "\u202e\u2066elpmaxe\u0000\u2028",
    "</title></style><img src=x>",
    "W" * 5000,
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_hostile_name_is_a_name_wherever_it_stands(name, language):
    client = Client(browser=name, os=name, city=name, country=name)
    said = noticed(named(name, client=client), language=language, organization=name)
    made = mail(said, language)
    usual = mail(noticed(named("N"), language=language), language)
    assert [tag for tag, _ in read(made.html)[1]] == [tag for tag, _ in read(usual.html)[1]]
    assert len(made.subject) <= 140
    assert len((made.subject + said.spoken).splitlines()) == 1
    assert not [line for line in made.text.splitlines() if line.startswith(("Bcc", "<p>"))]
    assert re.findall(r"https?://\S+", made.text) == PAGES
    assert not re.search(r"[<>{}\x00]", said.spoken)


def test_a_name_that_runs_the_other_way_does_not_turn_its_sentence_around():
    name = "هاتف"
    made = mail(noticed(named(name), organization="شركة"))
    assert f"“\u2068{name}\u2069”" in made.subject
    assert "\u2068شركة\u2069" in made.html


def test_nothing_is_shown_that_is_not_meant_to_be():
    facts = {"method_type": "phone", "name": "N", "number": "+46701740605", "code": "718402", "method_id": "m-secret"}
    thing = told(id="e-secret", at=AT + timedelta(minutes=1), facts=facts)
    for part in everything(noticed(thing)):
        assert not re.search(r"secret|718402|70174|method_id", part)


def test_a_voice_says_what_happened_and_whom_to_tell():
    assert noticed(named("N")).spoken == (
        "Hello. This is Kontohjälpen with a notice about your account. You added the phone “N”. "
        "If this was not you, tell Contoso. Goodbye."
    )


def test_other_pages_are_where_the_portal_is():
    text = mail(noticed(named("N"), portal_url="http://localhost:8080"), portal_url="http://localhost:8080").text
    assert "http://localhost:8080/security-info" in text
    assert look().address("/sessions") not in text


@pytest.mark.parametrize(
    ("wire", "page"),
    [
        ("profile.devices.device.disabled.v1", "devices"),
        ("profile.devices.recovery-key.revealed.v1", "devices"),
        ("profile.organizations.membership.ended.v1", "organizations"),
    ],
)
def test_the_first_thing_to_do_is_where_it_happened(wire, page):
    text = mail(noticed(told(wire))).text
    links = re.findall(r"https://\S+", text)
    assert links[0] == f"https://profile.contoso.example/{page}"
    assert set(PAGES) <= set(links)


def test_of_what_the_organization_did_it_is_asked_whether_it_was_expected():
    theirs = [told("profile.organizations.account.disabled.v1", by="system")]
    text = mail(noticed(*theirs)).text
    assert "Did you expect this?" in text
    assert not re.findall(r"https://\S+/(security-info|sessions)", text), "who is kept out cannot go there"
    both = [*theirs, named("Phone")]
    assert "Was this you?" in mail(noticed(*both)).text
