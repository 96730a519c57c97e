"""A method takes the place of another in the moment in which it counts, and never leaves less than is required."""

from typing import Any

import pytest

from security_info import managing
from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.security_policy import SecurityPolicy
from tests.unit.furnished import (
    NOW,
    added,
    confirmed,
    member_of,
    policies,
    policy,
    started,
    with_methods,
)

APP, KEY, QUESTIONS, CODES, PASSWORD = KINDS_IN_ORDER = (
    "authenticator-app",
    "security-key",
    "security-questions",
    "recovery-codes",
    "app-password",
)


def test_a_replacement_takes_the_place_in_the_moment_in_which_it_counts():
    info, (old,) = with_methods(APP)
    info, new = started(info, KEY, chance=2, name="New", replaces=old)
    assert list(info.confirmed()) == [old]
    decision = confirmed(info, new)
    assert list(decision.state.methods) == [new]
    assert decision.state.default_method == new
    assert decision.state.methods[new].replaces is None
    assert [type(event) for event in decision.news] == [
        contract.MethodAdded,
        contract.DefaultMethodChanged,
        contract.MethodRemoved,
    ]


def test_a_replacement_of_another_than_the_default_leaves_it():
    info, (default, old) = with_methods(APP, APP)
    info, new = started(info, chance=3, replaces=old)
    assert confirmed(info, new).state.default_method == default


def test_a_default_is_replaced_by_the_oldest_where_the_new_one_cannot_be_it():
    info, (old, other) = with_methods(APP, KEY)
    assert added(info, CODES, replaces=old).state.default_method == other


def test_replacing_is_possible_at_the_limit_for_the_same_type_only():
    info, ids = with_methods(*[APP] * 5)
    info, setup = started(info, chance=9, replaces=ids[2])
    assert len(confirmed(info, setup).state.methods) == 5
    both, (_, codes_id) = with_methods(QUESTIONS, CODES)
    assert list(added(both, CODES, replaces=codes_id).state.confirmed()) != list(both.confirmed())
    with pytest.raises(contract.MethodLimitReached):
        added(both, QUESTIONS, replaces=codes_id)


def test_only_a_method_that_counts_is_replaced():
    info, setup = started(SecurityInfo())
    with pytest.raises(contract.MethodNotConfirmed):
        started(info, chance=2, replaces=setup)
    with pytest.raises(contract.MethodNotFound):
        started(info, chance=2, replaces="elsewhere")


def test_of_two_replacements_of_one_method_the_second_counts_beside_the_first():
    info, (old,) = with_methods(APP)
    info, one = started(info, chance=2, replaces=old)
    info, other = started(info, chance=3, replaces=old)
    info = confirmed(info, one).state
    decision = confirmed(info, other)
    assert list(decision.state.confirmed()) == [one, other]
    assert decision.state.default_method == one
    assert [type(event) for event in decision.news] == [contract.MethodAdded]
    assert decision.state.methods[other].replaces is None


def test_a_second_replacement_counts_only_while_there_is_room_for_it():
    info, ids = with_methods(*[APP] * 5)
    info, one = started(info, chance=8, replaces=ids[0])
    info, other = started(info, chance=9, replaces=ids[0])
    info = confirmed(info, one).state
    with pytest.raises(contract.MethodLimitReached):
        confirmed(info, other)


def test_what_counts_at_once_replaces_only_what_is_there():
    info, (old, _) = with_methods(CODES, APP)
    info = added(info, CODES, replaces=old).state
    for gone in (old, "elsewhere"):
        with pytest.raises(contract.MethodNotFound):
            added(info, CODES, replaces=gone)


def needing(**parts: Any) -> SecurityPolicy:
    both = [APP, KEY, CODES]
    return policy(two_step={"methods": both, **parts}, password_reset={"methods": both})


def test_what_is_required_is_replaced_by_what_satisfies_it_as_well():
    info, (old,) = with_methods(APP, info=member_of("contoso"))
    allowed = policies(contoso=needing(required=1))
    with pytest.raises(contract.MethodNeeded):
        managing.remove(info, NOW, method_id=old, policies=allowed)
    with pytest.raises(contract.MethodNeeded):
        added(info, CODES, replaces=old, allowed=allowed)
    info, new = started(info, KEY, chance=2, replaces=old)
    assert list(confirmed(info, new, allowed).state.methods) == [new]


def test_what_became_required_meanwhile_is_not_replaced_by_less():
    info, (old,) = with_methods(APP, info=member_of("contoso"))
    info, new = started(info, KEY, chance=2, replaces=old)
    apps_only = policy(two_step={"methods": [APP], "required": 1}, password_reset={"methods": [APP, KEY]})
    with pytest.raises(contract.MethodNeeded) as refused:
        confirmed(info, new, policies(contoso=apps_only))
    assert (refused.value.purpose, refused.value.organizations) == ("two_step", ["contoso"])
