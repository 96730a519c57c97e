"""A policy that a newer version told counts as far as it is understood, and never for more than it says."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security_info.methods import KINDS
from security_info.policy import DEFAULT, Policy, Told, understood
from shared.contracts.security_policy import PolicyMethod, SecurityPolicy
from tests.unit.furnished import policy

KNOWN = sorted(get_args(PolicyMethod))
OPEN = policy(two_step={"methods": KNOWN}, password_reset={"methods": KNOWN}, app_passwords=True)
"""A portal that lets people do everything, where nobody says otherwise."""
STRICT = policy(two_step={"required": 2, "methods": ["security-key"]})


def read(told: Mapping[str, Any], otherwise: SecurityPolicy = OPEN) -> SecurityPolicy:
    return understood(told, otherwise=otherwise)


def test_who_says_nothing_has_the_portals_default():
    assert understood(None, otherwise=STRICT) == STRICT


def test_what_is_understood_counts_as_it_was_told():
    custom = [{"id": f"q{number}", "text": f"Question {number}?"} for number in range(5)]
    told = {
        "two_step": {"methods": ["security-key", "authenticator-app"], "required": 2},
        "questions": {"predefined": False, "custom": custom, "to_register": 5, "to_answer": 5},
        "first_proof": "temporary_access_code",
    }
    assert read(told) == policy(**told)


def test_unknown_parts_and_members_are_left_out_and_the_others_kept():
    newer = {"two_step": {"required": 2, "grace_days": 7}, "biometrics": {"required": True}, "$where": [1]}
    assert read(newer) == policy(two_step={"required": 2})


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (["telepathy"], ()),
        ([], ()),
        (["telepathy", "phone"], ("phone",)),
        ([{"type": "phone"}, ["phone"], None, 7], ()),
        (["phone"] * 11, ("phone",)),
        (["security-key", *(f"new-{number}" for number in range(20)), "phone"], ("security-key", "phone")),
    ],
)
def test_types_that_are_unknown_are_taken_off_a_list_which_never_goes(told: list[Any], left: tuple[str, ...]):
    assert read({"two_step": {"methods": told}}).two_step.methods == left
    allowed = Policy((Told("o", "O", read({"two_step": {"methods": told}})),), OPEN)
    assert allowed.methods_for(allowed.told[0], "two_step") == left


@pytest.mark.parametrize("required", [9, -1, "all", None, {"at_least": 3}])
def test_a_requirement_that_is_unknown_leaves_the_list_beside_it(required: Any):
    assert read({"two_step": {"required": required, "methods": ["phone"]}}) == policy(two_step={"methods": ["phone"]})


@pytest.mark.parametrize("first_proof", ["in_person", None, {"any_of": ["sign_in"]}])
def test_a_first_proof_that_is_unknown_is_the_stricter_one(first_proof: Any):
    assert read({"first_proof": first_proof}).first_proof == "temporary_access_code"


@pytest.mark.parametrize("app_passwords", ["for some", None, {"allowed": True}, 7])
def test_app_passwords_are_let_in_by_nothing_but_a_yes(app_passwords: Any):
    assert read({"app_passwords": app_passwords}).app_passwords is False
    assert read({"app_passwords": True}, policy()).app_passwords is True


def test_a_part_that_contradicts_itself_is_the_portals():
    contradicting = {"to_register": 3, "to_answer": 5}
    otherwise = policy(questions={"to_register": 4})
    assert read({"questions": contradicting}, otherwise).questions == otherwise.questions


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)
types = st.lists(st.sampled_from([*KNOWN, "telepathy"]) | anything, max_size=14)
purposes = st.fixed_dictionaries({}, optional={"methods": types, "required": anything, "grace_days": anything})
newer = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(SecurityPolicy.model_fields, anything),
        "two_step": purposes,
        "password_reset": purposes | anything,
        "app_passwords": st.booleans() | anything,
        "first_proof": st.sampled_from(["sign_in", "temporary_access_code", "in_person"]) | anything,
        "biometrics": anything,
    },
)


@given(told=newer, otherwise=st.sampled_from([OPEN, STRICT, DEFAULT]))
def test_whatever_is_told_nothing_more_is_allowed_than_it_lists(told: dict[str, Any], otherwise: SecurityPolicy):
    allowed = Policy((Told("o", "O", understood(told, otherwise=otherwise)),), otherwise)
    for purpose in ("two_step", "password_reset"):
        part = told.get(purpose)
        listed = part.get("methods") if isinstance(part, dict) else None
        if isinstance(listed, list):
            serving = {type_ for type_ in KINDS if not allowed.barring(type_, purpose)}
            assert serving == {type_ for type_ in KINDS if type_ in listed}
    if "app_passwords" in told and not otherwise.app_passwords:
        assert allowed.barring("app-password", "apps") or told["app_passwords"]
