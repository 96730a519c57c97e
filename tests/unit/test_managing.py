"""The methods that are there are renamed, removed and chosen from; app passwords are checked."""

from datetime import timedelta
from typing import Any

import pytest

from security_info import managing
from security_info.locking import Tries
from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.testing import facts_at
from tests.unit.furnished import ANYTHING, NOW, USUAL, member_of, policies, policy, started, with_methods

APP, KEY = "authenticator-app", "security-key"


def removed(info: SecurityInfo, method_id: str, allowed: Any = ANYTHING) -> Any:
    return managing.remove(info, NOW, method_id=method_id, policies=allowed)


def test_renaming_is_news_with_both_names():
    info, (method_id,) = with_methods(APP)
    decision = managing.rename(info, NOW, method_id=method_id, name="Two")
    assert decision.news == (
        contract.MethodRenamed(method_id=method_id, method_type=APP, name="Two", previous_name="1"),
    )
    assert decision.state.methods[method_id].name == "Two"
    again = managing.rename(decision.state, NOW, method_id=method_id, name="Two")
    assert (again.state, again.news) == (decision.state, ())


@pytest.mark.parametrize("type_", ["security-questions", "recovery-codes"])
def test_what_there_is_one_of_is_not_renamed(type_: str):
    info, (method_id,) = with_methods(type_)
    with pytest.raises(contract.MethodCannotBeRenamed):
        managing.rename(info, NOW, method_id=method_id, name="Mine")


def test_removing_the_default_moves_it_to_the_oldest_that_can_be_it():
    info, ids = with_methods(APP, "recovery-codes", KEY, APP)
    decision = removed(info, ids[0])
    assert decision.state.default_method == ids[2]
    assert [type(event) for event in decision.news] == [contract.MethodRemoved, contract.DefaultMethodChanged]


def test_removing_another_leaves_the_default_alone():
    info, ids = with_methods(APP, KEY)
    decision = removed(info, ids[1])
    assert decision.state.default_method == ids[0]
    assert decision.news == (contract.MethodRemoved(method_id=ids[1], method_type=KEY, name="2"),)


def test_removing_the_last_that_can_be_it_leaves_no_default():
    info, ids = with_methods(APP, "app-password")
    decision = removed(info, ids[0])
    assert decision.state.default_method is None
    assert decision.news[1] == contract.DefaultMethodChanged(method_id=None, method_type=None, name=None)


def test_giving_a_setup_up_is_no_news_and_never_refused():
    strict = policies(contoso=policy(two_step={"required": 2}, password_reset={"required": 2}))
    info, method_id = started(member_of("contoso"))
    decision = removed(info, method_id, strict)
    assert decision.news == ()
    assert decision.state.methods == {}


def test_what_is_required_is_not_removed():
    strict = policies(contoso=policy(two_step={"required": 1}), fabrikam=policy(password_reset={"required": 2}))
    info, ids = with_methods(APP, KEY, "recovery-codes", info=member_of("contoso", "fabrikam"))
    with pytest.raises(contract.MethodNeeded) as refused:
        removed(info, ids[0], strict)
    assert refused.value.fields() == {"purpose": "password_reset", "required": 2, "organizations": ["fabrikam"]}
    assert ids[2] not in removed(info, ids[2], strict).state.methods
    alone = member_of("contoso", info=info)
    left = removed(alone, ids[0], strict).state
    with pytest.raises(contract.MethodNeeded):
        removed(left, ids[1], strict)


def test_what_satisfies_nothing_is_removed_even_where_too_little_is_there():
    strict = policies(contoso=policy(two_step={"methods": [KEY], "required": 2}))
    info, ids = with_methods(APP, info=member_of("contoso"))
    assert removed(info, ids[0], strict).state.methods == {}


def test_only_a_confirmed_app_or_key_becomes_the_default():
    info, ids = with_methods(APP, KEY, "recovery-codes", "security-questions", "app-password")
    decision = managing.set_default(info, NOW, method_id=ids[1])
    assert decision.state.default_method == ids[1]
    assert decision.news == (contract.DefaultMethodChanged(method_id=ids[1], method_type=KEY, name="2"),)
    assert managing.set_default(decision.state, NOW, method_id=ids[1]).news == ()
    for method_id in ids[2:]:
        with pytest.raises(contract.MethodCannotBeDefault):
            managing.set_default(info, NOW, method_id=method_id)
    info, pending = started(info, chance=9)
    with pytest.raises(contract.MethodNotConfirmed):
        managing.set_default(info, NOW, method_id=pending)


@pytest.mark.parametrize(
    "rule",
    [
        lambda info: managing.rename(info, NOW, method_id="elsewhere", name="x"),
        lambda info: managing.remove(info, NOW, method_id="elsewhere", policies=USUAL),
        lambda info: managing.set_default(info, NOW, method_id="elsewhere"),
        lambda info: info.setup("elsewhere", NOW.now),
    ],
)
def test_another_accounts_method_is_not_found(rule: Any):
    info, _ = with_methods(APP)
    with pytest.raises(contract.MethodNotFound):
        rule(info)


def test_an_administrator_lifts_every_lock_and_forgets_what_was_tried():
    info, (locked, tried, untouched) = with_methods(APP, APP, KEY)
    five = Tries(locks=1, locked_until=NOW.now + timedelta(minutes=15))
    info = info.with_method(locked, info.methods[locked].tried("two_step", five))
    info = info.with_method(tried, info.methods[tried].tried("proof", Tries(failures=4)))
    decision = managing.lift_locks(info, NOW)
    assert all(not decision.state.methods[id_].tries for id_ in (locked, tried, untouched))
    assert decision.news == (contract.LocksLifted(method_ids=(locked,)),)
    assert managing.lift_locks(decision.state, NOW).news == ()


def test_an_app_password_is_recognised_and_its_use_noted():
    info, ids = with_methods("app-password", "app-password", "recovery-codes")
    decision = managing.check_app_password(info, NOW, password="2", policies=ANYTHING)
    assert decision.answer == {"method_id": ids[1]}
    assert [decision.state.methods[id_].last_used_at for id_ in ids] == [None, NOW.now, None]
    soon = facts_at(NOW.now + timedelta(minutes=30))
    assert managing.check_app_password(decision.state, soon, password="2", policies=ANYTHING).state == decision.state


@pytest.mark.parametrize("password", ["", "7", "000000000000"])
def test_anything_else_is_no_app_password(password: str):
    info, _ = with_methods("app-password", "recovery-codes")
    decision = managing.check_app_password(info, NOW, password=password, policies=ANYTHING)
    assert (decision.state, decision.answer) == (info, {"method_id": None})


def test_an_app_password_that_an_organization_bars_lets_nobody_in():
    info, _ = with_methods("app-password")
    decision = managing.check_app_password(info, NOW, password="1", policies=USUAL)
    assert (decision.state, decision.answer) == (info, {"method_id": None})
