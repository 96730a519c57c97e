"""What a search finds: what an entry shows, in either language and on any keyboard, and nothing that nobody sees."""

from datetime import UTC, datetime

import pytest

from privacy.history.entries import entry_of, entry_of_sign_in
from privacy.history.searching import folded, searched
from shared.contracts.envelope import Envelope
from shared.contracts.privacy import PreferencesChanged, SignInLine, TermsAccepted

TOLD = {
    "account": "alice",
    "organization_id": "org-7f3a",
    "id": "s1",
    "at": "2026-11-20T09:00:00Z",
    "status": "failure",
    "reason": "second_factor",
    "application": "Mejl",
    "browser": "Firefox 141",
    "os": "Linux",
    "country": "BR",
    "city": "Göteborg",
    "ip": "2001:db8::1",
}
SIGN_IN = entry_of_sign_in(SignInLine(**TOLD), "Contoso Ångström")


def finds(entry, q):
    return all(word in entry["words"] for word in searched(q))


def event(wire, **data):
    return entry_of(
        Envelope(
            id="event-1",
            source="/x",
            subject="alice",
            type=wire,
            time=datetime(2026, 11, 20, tzinfo=UTC),
            sequence="1",
            account="alice",
            authtype="user",
            data=data,
        )
    )


@pytest.mark.parametrize(
    "q",
    [
        "Brazil",
        "Brasilien",
        "failed",
        "misslyckades",
        "GOTEBORG",
        "göteborg",
        "Göteborg, Brasilien",
        "“Mejl”",
        '"mejl"',
        "2001:db8::1",
        "contoso angstrom",
        "Contoso Ångström",
        "firefox linux brazil mejl",
    ],
)
def test_a_search_finds_what_is_shown_in_either_language(q):
    assert finds(SIGN_IN, q)


@pytest.mark.parametrize(
    "q", ["org-7f3a", "second_factor", "failure", "sign-in.", "alice", "BR,", "succeeded", "malmö"]
)
def test_a_search_does_not_find_what_nobody_sees(q):
    assert not finds(SIGN_IN, q)


def test_digests_ids_and_codes_of_languages_are_not_found():
    digest = "0f" * 32
    accepted = event(
        TermsAccepted.wire,
        organization_id="contoso",
        terms_id="use",
        title="House rules",
        version="2",
        language="sv",
        digest=digest,
    )
    assert finds(accepted, "house rules")
    assert finds(accepted, "godkände")
    for hidden in (digest, "0f0f", "contoso", "profile.privacy", "event-1"):
        assert not finds(accepted, hidden)


def test_what_holds_is_found_as_it_is_told():
    changed = event(
        PreferencesChanged.wire, language="sv", region="SE", time_zone="Europe/Stockholm", locked_by=None, revision=1
    )
    assert finds(changed, "svenska sverige stockholm")
    assert finds(changed, "sweden")
    assert not finds(changed, "europe/stockholm")


@pytest.mark.parametrize(
    ("shown", "typed"),
    [
        ("København", "kobenhavn"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("ÆRØ", "aero"),
        ("İstanbul", "istanbul"),
        ("You’re", "You're"),  # noqa: RUF001  # the apostrophe that people read
    ],
)
def test_letters_are_found_by_those_that_every_keyboard_has(shown, typed):
    assert folded(shown) == folded(typed) == typed.casefold()
