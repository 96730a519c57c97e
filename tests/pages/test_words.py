import importlib
import pkgutil
import re
from typing import get_args

import pytest

import gateway.signing_in  # noqa: F401  # it has a problem of its own
from gateway.rendering.assets import STATIC
from gateway.words import (
    FAULTS,
    JOIN_TYPES,
    KEY_KINDS,
    KINDS,
    PROBLEMS,
    PURPOSES,
    REASONS,
    fault_detail,
    join_words,
    key_kind_words,
    kind_words,
    purpose_words,
    role_words,
    with_words,
)
from shared import contracts
from shared.contracts import devices, organizations
from shared.contracts.devices import records
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
from shared.telling import EVENTS, METHODS
from shared.telling.gathering import faults
from shared.telling.languages import LANGUAGES
from shared.telling.translations import entered

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


def test_every_kind_of_device_every_reason_and_every_role_has_words():
    assert KINDS.keys() >= set(get_args(devices.Kind))
    assert REASONS.keys() == set(get_args(devices.Reason))
    roles = get_args(organizations.Contact.model_fields["role"].annotation)
    assert len({role_words(role).one for role in (*roles, "newer")}) == len(roles) + 1
    assert kind_words("newer").label.said("sv") == "Annan enhet"


def test_every_kind_of_recovery_key_and_every_way_of_joining_has_words():
    kinds, ways = get_args(records.KeyKind), get_args(records.JoinType)
    assert KEY_KINDS.keys() == set(kinds)
    assert JOIN_TYPES.keys() == set(ways)
    assert len({key_kind_words(kind).said("sv") for kind in kinds}) == len(kinds)
    assert key_kind_words("newer").said("sv") == "Återställningsnyckel"
    assert (join_words("newer"), join_words(None)) == (None, None)


def test_translations_are_complete_and_current():
    assert [catalogue.name for catalogue in entered()] == ["shared", "gateway"]
    assert list(faults(entered())) == []


def test_every_icon_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    used = {words.icon for table in (EVENTS, METHODS, KINDS) for words in table.values()}
    assert len(used) > 20
    assert used <= drawn
    assert len({words.icon for words in METHODS.values()}) == len(METHODS)


def test_swedish_says_something_else_than_english():
    same = [name for name, words in PROBLEMS.items() if words.title.said("sv") == words.title.said("en")]
    assert same == []
