"""One sentence for everything that can happen to an account, in every language."""

import importlib
import pkgutil
import re
from dataclasses import dataclass, field
from typing import get_args

import pytest

from shared import contracts
from shared.contracts import devices, organizations, privacy, security_info
from shared.contracts import gateway as gateway_contract
from shared.contracts.event import REGISTER
from shared.contracts.privacy import SIGN_IN, ActivityEntry
from shared.contracts.privacy.history import Failure, Status
from shared.telling import EVENTS, METHODS, event_icon, event_sentence, sign_in_words
from shared.telling.events import OTHERWISE
from shared.telling.languages import LANGUAGES

for found in pkgutil.iter_modules(contracts.__path__):
    importlib.import_module(f"shared.contracts.{found.name}")
LEFT_OPEN = re.compile(r"%\(|\{|\bNone\b")


def entry_of(wire, *, by="you", facts=None):
    return ActivityEntry(
        id="e", type=wire, part="newer", at="2025-01-01T00:00:00Z", by=by, client={}, facts=facts or {}
    )


@pytest.fixture
def told():
    def tell(event):
        return entry_of(event.wire, facts=event.model_dump())

    return tell


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wire", sorted(REGISTER))
@pytest.mark.parametrize("by", ["you", "administrator", "system"])
def test_every_event_has_a_sentence_and_an_icon(wire, by, language):
    facts = {name: f"<{name}>" for name in REGISTER[wire].model_fields}
    entry = entry_of(wire, by=by, facts=facts)
    sentence = event_sentence(entry, language, product="P")
    assert wire in EVENTS
    assert event_icon(entry) != OTHERWISE.icon
    assert not LEFT_OPEN.search(sentence)
    assert sentence not in {OTHERWISE.you.said(language), OTHERWISE.system.said(language)}


def test_an_event_that_is_newer_than_this_gateway_has_a_general_sentence():
    entry = entry_of("profile.x.y.z.v1", by="system")
    assert event_sentence(entry, "sv", product="P") == "Något ändrades i ditt konto"


def test_a_sentence_shows_names_as_they_were_typed(told):
    added = security_info.MethodAdded(method_id="m", method_type="authenticator-app", name="100 % {mine} %(x)s")
    assert event_sentence(told(added), "en", product="P") == "You added the authenticator app “100 % {mine} %(x)s”"
    assert event_sentence(told(added), "sv", product="P") == "Du lade till autentiseringsappen ”100 % {mine} %(x)s”"


def test_a_name_from_right_to_left_does_not_turn_its_sentence_around(told):
    added = security_info.MethodAdded(method_id="m", method_type="authenticator-app", name="هاتف")
    assert "“\N{FIRST STRONG ISOLATE}هاتف\N{POP DIRECTIONAL ISOLATE}”" in event_sentence(told(added), "en", product="P")


def test_a_default_that_is_gone_has_a_sentence_of_its_own(told):
    gone = security_info.DefaultMethodChanged(method_id=None, method_type=None, name=None)
    assert event_sentence(told(gone), "en", product="P") == "You no longer have a default method"


def test_every_type_of_method_has_words():
    assert METHODS.keys() >= set(security_info.MethodType.__args__)


@pytest.mark.parametrize("means", ["sign-in", "access-code", "recovery-codes", "newer"])
def test_a_proof_is_told_by_what_it_was_given_with(told, means):
    proved = security_info.IdentityProved(method_id=None, method_type=None, name=None, means=means, scopes=())
    said = event_sentence(told(proved), "en", product="P")
    assert said.startswith("You confirmed that it is you")
    assert (said == "You confirmed that it is you") is (means == "newer")


@pytest.mark.parametrize("type_", ["recovery-codes", "security-questions"])
@pytest.mark.parametrize("event", [security_info.MethodAdded, security_info.MethodRemoved])
def test_what_nobody_names_is_told_without_a_name(told, event, type_):
    assert "Quux" not in event_sentence(told(event(method_id="m", method_type=type_, name="Quux")), "sv", product="P")


@pytest.mark.parametrize(
    ("event", "reasons"),
    [
        (devices.DeviceDisabled, get_args(devices.Reason)),
        (devices.DeviceDisconnected, ("membership_ended", "deleted", "moved")),
        (organizations.MembershipEnded, ("left", "removed")),
        (privacy.ServiceDisconnected, ("person", "organization", "membership_ended")),
        (
            gateway_contract.SessionEnded,
            ("replaced", "ended_elsewhere", "signed_out_everywhere", "ended_by_provider", "account_disabled"),
        ),
    ],
)
def test_what_happens_for_several_reasons_is_told_with_each(event, reasons):
    facts = dict.fromkeys(event.model_fields, "x")
    said = {
        event_sentence(
            entry_of(event.wire, by="system", facts=facts | {"reason": reason}),
            "sv",
            product="P",
        )
        for reason in reasons
    }
    assert len(said) == len(reasons)


@pytest.mark.parametrize("compliance", ["compliant", "not_compliant", "unknown"])
def test_whether_a_device_keeps_the_rules_is_told_by_what_is_known_now(told, compliance):
    changed = devices.DeviceComplianceChanged(device_id="d", organization_id="o", name="PC", compliance=compliance)
    assert (
        event_sentence(told(changed), "en", product="P")
        == {
            "compliant": "The device “PC” meets the requirements again",
            "not_compliant": "The device “PC” does not meet the requirements",
            "unknown": "It is not known any more whether the device “PC” meets the requirements",
        }[compliance]
    )


@pytest.mark.parametrize(
    ("restored", "said"), [(True, "Ditt medlemskap i ”O” fortsätter"), (False, "Du gick med i ”O”")]
)
def test_a_membership_that_goes_on_is_none_that_begins(told, restored, said):
    started = organizations.MembershipStarted(organization_id="o", organization_name="O", home=False, restored=restored)
    assert event_sentence(told(started), "sv", product="P").startswith(said)


@dataclass(frozen=True)
class InALetter:
    """Something that is told elsewhere than in the history."""

    type: str
    by: str = "you"
    facts: dict = field(default_factory=dict)


@pytest.mark.parametrize(
    ("happened", "by", "type_", "english", "swedish"),
    [
        ("added", "you", "phone", "You added the phone “N”", "Du lade till telefonen ”N”"),
        ("added", "system", "phone", "The phone “N” was added", "Telefonen ”N” lades till"),
        ("removed", "you", "email", "You removed the e-mail address “N”", "Du tog bort e-postadressen ”N”"),
        ("changed", "you", "phone", "You changed the number of the phone “N”", "Du bytte nummer på telefonen ”N”"),
        ("changed", "system", "email", "The e-mail address of “N” was changed", "”N” fick en ny e-postadress"),
        ("changed", "you", "newer", "You changed the method “N”", "Du ändrade metoden ”N”"),
        ("change-started", "you", "newer", "You began to change the method “N”", "Du började ändra metoden ”N”"),
        (
            *("change-started", "system", "phone"),
            "A new number was given for the phone “N”; the old one counts until the new one is confirmed",
            "Ett nytt nummer angavs för telefonen ”N”; det gamla gäller tills det nya har bekräftats",
        ),
        (
            *("change-started", "you", "email"),
            "You gave a new e-mail address for “N”; the old one counts until the new one is confirmed",
            "Du angav en ny e-postadress för ”N”; den gamla gäller tills den nya har bekräftats",
        ),
    ],
)
def test_a_letter_tells_what_happened_to_a_phone_or_an_address_as_the_history_does(
    happened, by, type_, english, swedish
):
    told = InALetter(f"profile.security-info.method.{happened}.v1", by, {"method_type": type_, "name": "N"})
    assert [event_sentence(told, language, product="P") for language in ("en", "sv")] == [english, swedish]


@pytest.mark.parametrize(
    ("happened", "facts"),
    [
        ("security-info.code.sent", {}),
        ("security-info.notice.sent", {}),
        ("organizations.notice.sent", {}),
        *(("security-info.letter.abandoned", {"kind": kind}) for kind in ("code", "notice", "newer")),
    ],
)
def test_what_was_sent_is_told_by_its_channel(happened, facts):
    said = {
        event_sentence(InALetter(f"profile.{happened}.v1", "system", facts | {"channel": channel}), "sv", product="P")
        for channel in ("text", "call", "mail", "newer")
    }
    assert len(said) == 4


def test_what_could_not_be_delivered_is_told_in_one_piece():
    wire = "profile.organizations.letter.abandoned.v1"
    told = InALetter(wire, "system", {"kind": "notice", "channel": "mail", "reason": "expired"})
    assert event_sentence(told, "en", product="P") == "A notice could not be delivered to you by e-mail"
    assert event_sentence(told, "sv", product="P") == "Ett meddelande kunde inte levereras till dig via e-post"
    lost = InALetter(wire, "system", {"kind": "code", "channel": "newer"})
    assert event_sentence(lost, "sv", product="P") == "En kod kunde inte levereras till dig via den valda kanalen"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("application", [None, "100 % {mail} %(x)s"])
@pytest.mark.parametrize("reason", [None, *get_args(Failure), "newer"])
@pytest.mark.parametrize("status", [*get_args(Status), "newer"])
def test_every_sign_in_has_a_sentence_an_icon_and_advice(status, reason, application, language):
    entry = entry_of(SIGN_IN, by="unknown", facts={"status": status, "reason": reason, "application": application})
    sentence, words = event_sentence(entry, language, product="P"), sign_in_words(entry.facts)
    assert (application is None) != ("100 % {mail} %(x)s" in sentence)
    assert application or not LEFT_OPEN.search(sentence)
    assert event_icon(entry) == words.icon != OTHERWISE.icon
    assert not LEFT_OPEN.search(words.advice.said(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_came_of_a_sign_in_is_told_apart(language):
    ways = [
        ("success", None),
        *(("failure", reason) for reason in get_args(Failure)),
        *(("interrupted", reason) for reason in (None, "first_factor", "second_factor")),
        ("newer", None),
    ]
    entries = [entry_of(SIGN_IN, facts={"status": status, "reason": reason}) for status, reason in ways]
    assert len({event_sentence(entry, language, product="P") for entry in entries}) == len(ways)


def test_a_sign_in_that_succeeded_is_told_by_nothing_else():
    odd = entry_of(SIGN_IN, facts={"status": "success", "reason": "second_factor"})
    assert event_sentence(odd, "en", product="P") == "Your account was signed in"
