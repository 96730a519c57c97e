import importlib
import pkgutil
import re
from typing import get_args

import pytest

import gateway.signing_in  # noqa: F401  # it has a problem of its own
from gateway import translations
from gateway.language import LANGUAGES
from gateway.words import (
    EVENTS,
    FAULTS,
    KINDS,
    METHODS,
    PROBLEMS,
    PURPOSES,
    REASONS,
    event_icon,
    event_sentence,
    fault_detail,
    kind_words,
    purpose_words,
    role_words,
    with_words,
)
from gateway.words.events import OTHERWISE
from shared import contracts
from shared.contracts import devices, organizations, security_info
from shared.contracts import gateway as gateway_contract
from shared.contracts.event import REGISTER
from shared.contracts.privacy import ActivityEntry
from shared.contracts.problem import Invalid, Problem, TooManyChanges
from shared.contracts.security_info import (
    CodeIncorrect,
    CredentialRefused,
    MethodLimitReached,
    MethodNeeded,
    SetupEnded,
)
from shared.contracts.security_info.problems import CredentialFault
from shared.contracts.security_policy import Purpose
from shared.reading import parsed

MODULES = [
    importlib.import_module(f"shared.contracts.{found.name}") for found in pkgutil.iter_modules(contracts.__path__)
]
ALL_PURPOSES = {*get_args(Purpose), "apps", "proof"}
ENDPOINTS = [endpoint for module in MODULES for endpoint in getattr(module, "ENDPOINTS", ())]
LEFT_OPEN = re.compile(r"%\(|\{|\bNone\b")


def every_problem(kind=Problem):
    for below in kind.__subclasses__():
        yield below
        yield from every_problem(below)


KEYS = sorted({kind.key for kind in [Problem, *every_problem()] if kind.__module__.startswith(("shared.", "gateway."))})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_problem_has_words(key, language):
    document = {"key": key, "status": 400, "attempts_left": 2, "limit": 3, "retry_after": 4, "reason": "expired"}
    worded = with_words(document, language)
    assert key in PROBLEMS
    assert worded["title"]
    assert worded["detail"]
    assert not LEFT_OPEN.search(worded["title"] + worded["detail"] + PROBLEMS[key].general(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wire", sorted(REGISTER))
@pytest.mark.parametrize("by", ["you", "system"])
def test_every_event_has_a_sentence_and_an_icon(wire, by, language):
    facts = {name: f"<{name}>" for name in REGISTER[wire].model_fields}
    entry = ActivityEntry(id="e", type=wire, at="2025-01-01T00:00:00Z", by=by, client={}, facts=facts)
    sentence = event_sentence(entry, language, product="P")
    assert wire in EVENTS
    assert event_icon(entry) != OTHERWISE.icon
    assert not LEFT_OPEN.search(sentence)
    assert sentence not in {OTHERWISE.you.said(language), OTHERWISE.system.said(language)}


def test_an_event_that_is_newer_than_this_gateway_has_a_general_sentence():
    entry = ActivityEntry(id="e", type="profile.x.y.z.v1", at="2025-01-01T00:00:00Z", by="system", client={}, facts={})
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


def test_counted_words_follow_their_number():
    assert "1 attempt left" in with_words(CodeIncorrect(attempts_left=1).document(), "en")["detail"]
    assert "2 attempts left" in with_words(CodeIncorrect(attempts_left=2).document(), "en")["detail"]
    assert "högst 5 metoder" in with_words(MethodLimitReached(limit=5).document(), "sv")["detail"]
    assert "2 sekunder" in with_words(TooManyChanges(retry_after=2).document(), "sv")["detail"]


def test_a_setup_ends_for_two_reasons_and_each_is_told():
    details = [
        with_words(SetupEnded(reason=reason).document(), "en")["detail"] for reason in ("expired", "too_many_attempts")
    ]
    assert len(set(details)) == 2


def test_words_leave_the_document_as_it_is_otherwise():
    document = CodeIncorrect(attempts_left=1).document()
    assert with_words(document, "en").items() >= document.items()


def test_a_problem_that_nobody_foresaw_and_one_that_lacks_fields_still_have_words():
    assert with_words({"key": "brand_new", "status": 418}, "en")["title"] == "Something went wrong"
    assert with_words({"key": "code_incorrect", "status": 422}, "en")["detail"].startswith("The code is not the one")


FIELDS = {
    name
    for endpoint in ENDPOINTS
    for model in filter(None, (endpoint.request, endpoint.query))
    for name in model.model_fields
}
BODIES = [
    None,
    [],
    {"unknown": 1},
    *({name: value} for name in sorted(FIELDS) for value in
      ("", " ", "x" * 500, "\u200b", "a\nb", 5, None, "-1", "0", "101", "zebra", 1.5, "9" * 5000, "\ud800", [], {},
       "2025-03-04T09:30:00", "2025-03-04T99:30:00Z", "http://a.example", "x" * 2000, [{}] * 11, [{"role": "x"}],
       [{"role": "help"}], [{"role": "help", "email": "x", "page": "x", "telephone": "x"}], {"email": "x", "y": 1})),
]  # fmt: skip


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_fault_that_a_request_can_have_has_words(endpoint):
    found = {}
    for model in filter(None, (endpoint.request, endpoint.query)):
        for body in BODIES:
            try:
                parsed(model, body)
            except Invalid as problem:
                found |= {fault.key: fault for fault in problem.errors}
    assert found.keys() <= FAULTS.keys()
    for fault in found.values():
        for language in LANGUAGES:
            assert not LEFT_OPEN.search(fault_detail(fault.model_dump(), language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [*FAULTS, "never_heard_of"])
def test_every_fault_has_words(key, language):
    assert not LEFT_OPEN.search(fault_detail({"key": key, "limit": 7}, language))
    assert fault_detail({"key": key}, language)


def test_the_faults_of_a_problem_are_worded_with_it():
    document = {
        "key": "invalid",
        "status": 422,
        "errors": [{"pointer": "/name", "key": "string_too_long", "limit": 60}],
    }
    assert with_words(document, "sv")["errors"][0]["detail"] == "Använd högst 60 tecken."


def test_every_type_of_method_has_words():
    assert METHODS.keys() >= set(security_info.MethodType.__args__)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_purpose_has_words(language):
    assert PURPOSES.keys() >= ALL_PURPOSES
    said = {purpose_words(purpose).within.said(language) for purpose in (*ALL_PURPOSES, "newer")}
    assert len(said) == len(ALL_PURPOSES) + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_credential_is_told_by_its_reason(language):
    reasons = get_args(CredentialFault)
    told = [with_words(CredentialRefused(reason=reason).document(), language)["detail"] for reason in reasons]
    # Whose site a key answered for is one thing to a person, whichever part of the answer told it.
    assert len(set(told)) == len(reasons) - 1
    assert PROBLEMS["credential_refused"].by_reason.keys() == set(reasons)


def test_what_is_needed_is_told_by_its_purpose():
    purposes = [*get_args(Purpose), "newer"]
    told = {
        with_words(MethodNeeded(purpose=purpose, required=1, organizations=[]).document(), "sv")["detail"]
        for purpose in purposes
    }
    assert len(told) == len(purposes)


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


def test_every_kind_of_device_every_reason_and_every_role_has_words():
    assert KINDS.keys() >= set(get_args(devices.Kind))
    assert REASONS.keys() == set(get_args(devices.Reason))
    roles = get_args(organizations.Contact.model_fields["role"].annotation)
    assert len({role_words(role).one for role in (*roles, "newer")}) == len(roles) + 1
    assert kind_words("newer").label.said("sv") == "Annan enhet"


@pytest.mark.parametrize(
    ("event", "reasons"),
    [
        (devices.DeviceDisabled, get_args(devices.Reason)),
        (organizations.MembershipEnded, ("left", "removed")),
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
            ActivityEntry(
                id="e",
                type=event.wire,
                at="2025-01-01T00:00:00Z",
                by="system",
                client={},
                facts=facts | {"reason": reason},
            ),
            "sv",
            product="P",
        )
        for reason in reasons
    }
    assert len(said) == len(reasons)


def test_translations_are_complete_and_current():
    assert list(translations.faults()) == []


def test_swedish_says_something_else_than_english():
    same = [name for name, words in PROBLEMS.items() if words.title.said("sv") == words.title.said("en")]
    assert same == []


@pytest.fixture
def told():
    def tell(event):
        return ActivityEntry(
            id="e", type=event.wire, at="2025-01-01T00:00:00Z", by="you", client={}, facts=event.model_dump()
        )

    return tell
