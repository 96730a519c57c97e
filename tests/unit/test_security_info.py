"""The rules that span an account's methods."""

from datetime import timedelta

import pyotp
import pytest

from security_info import model, views
from security_info.methods.authenticator_app import LIMIT
from security_info.model import MOST_SETUPS, SETUP_ATTEMPTS, SETUP_LIFETIME, SecurityInfo
from shared.contracts import security_info as contract
from shared.facts import Facts
from shared.testing import facts_at

NOW = facts_at()


def started(info: SecurityInfo, name: str | None = None, chance: int = 1) -> tuple[SecurityInfo, str]:
    decision = model.start_setup(info, facts_at(chance=chance), name=name, language="en")
    return decision.state, decision.answer["method_id"]


def right_code(info: SecurityInfo, method_id: str, facts: Facts = NOW) -> str:
    return pyotp.TOTP(info.methods[method_id].key.value).at(facts.now)


def wrong_code(info: SecurityInfo, method_id: str) -> str:
    return f"{(int(right_code(info, method_id)) + 500_000) % 1_000_000:06}"


def with_methods(*names: str) -> tuple[SecurityInfo, list[str]]:
    info, ids = SecurityInfo(), []
    for chance, name in enumerate(names, 1):
        info, method_id = started(info, name, chance)
        info = model.confirm(info, NOW, method_id=method_id, code=right_code(info, method_id)).state
        ids.append(method_id)
    return info, ids


def test_a_setup_counts_for_nothing_until_it_is_confirmed():
    info, _ = started(SecurityInfo())
    assert views.security_info(info).methods == ()
    assert info.default_method is None


def test_the_first_method_becomes_the_default_and_both_are_news():
    info, method_id = started(SecurityInfo(), "Work phone")
    decision = model.confirm(info, NOW, method_id=method_id, code=right_code(info, method_id))
    assert decision.state.default_method == method_id
    added, default = decision.news
    assert added == contract.MethodAdded(method_id=method_id, method_type="authenticator-app", name="Work phone")
    assert default == contract.DefaultMethodChanged(
        method_id=method_id, method_type="authenticator-app", name="Work phone"
    )


def test_the_second_method_leaves_the_default_alone():
    info, ids = with_methods("One", "Two")
    assert info.default_method == ids[0]


def test_a_wrong_code_costs_an_attempt_and_the_last_one_ends_the_setup():
    info, method_id = started(SecurityInfo())
    for left in range(SETUP_ATTEMPTS - 1, 0, -1):
        decision = model.confirm(info, NOW, method_id=method_id, code=wrong_code(info, method_id))
        assert isinstance(decision.refusal, contract.CodeIncorrect)
        assert decision.refusal.attempts_left == left
        assert decision.news == ()
        info = decision.state
    decision = model.confirm(info, NOW, method_id=method_id, code=wrong_code(info, method_id))
    assert isinstance(decision.refusal, contract.SetupEnded)
    assert decision.news == (contract.MethodSetupFailed(method_type="authenticator-app"),)
    with pytest.raises(contract.SetupEnded):
        model.confirm(decision.state, NOW, method_id=method_id, code=right_code(info, method_id))


def test_a_setup_ends_after_its_time():
    info, method_id = started(SecurityInfo())
    late = facts_at(NOW.now + SETUP_LIFETIME)
    with pytest.raises(contract.SetupEnded) as refused:
        model.confirm(info, late, method_id=method_id, code=right_code(info, method_id, late))
    assert refused.value.reason == "expired"


def test_an_abandoned_setup_makes_room():
    info = SecurityInfo()
    for chance in range(1, MOST_SETUPS + 4):
        info, _ = started(info, chance=chance)
    assert len(info.methods) == MOST_SETUPS
    later = facts_at(NOW.now + SETUP_LIFETIME + timedelta(seconds=1), chance=99)
    assert len(model.start_setup(info, later, name=None, language="en").state.methods) == 1


def test_there_is_a_limit_of_methods():
    info, _ = with_methods(*(str(number) for number in range(LIMIT)))
    with pytest.raises(contract.MethodLimitReached):
        started(info)


def test_setups_begun_below_the_limit_do_not_pass_it():
    info, _ = with_methods(*(str(number) for number in range(LIMIT - 1)))
    pending = []
    for chance in (50, 51):
        info, method_id = started(info, chance=chance)
        pending.append(method_id)
    info = model.confirm(info, NOW, method_id=pending[0], code=right_code(info, pending[0])).state
    with pytest.raises(contract.MethodLimitReached):
        model.confirm(info, NOW, method_id=pending[1], code=right_code(info, pending[1]))


def test_a_confirmed_method_is_not_confirmed_again():
    info, (method_id,) = with_methods("One")
    with pytest.raises(contract.MethodConfirmedAlready):
        model.confirm(info, NOW, method_id=method_id, code="123456")


def test_methods_without_a_name_are_told_apart_in_the_persons_language():
    info = SecurityInfo()
    for chance in (1, 2):
        decision = model.start_setup(info, facts_at(chance=chance), name=None, language="sv")
        method_id = decision.answer["method_id"]
        info = model.confirm(decision.state, NOW, method_id=method_id, code=right_code(decision.state, method_id)).state
    assert [method.name for method in info.methods.values()] == ["Autentiseringsapp", "Autentiseringsapp 2"]


def test_renaming_is_news_with_both_names():
    info, (method_id,) = with_methods("One")
    decision = model.rename(info, NOW, method_id=method_id, name="Two")
    assert decision.news == (
        contract.MethodRenamed(method_id=method_id, method_type="authenticator-app", name="Two", previous_name="One"),
    )
    assert model.rename(decision.state, NOW, method_id=method_id, name="Two").news == ()


def test_removing_the_default_moves_it_to_the_oldest_other():
    info, ids = with_methods("One", "Two", "Three")
    decision = model.remove(info, NOW, method_id=ids[0])
    assert decision.state.default_method == ids[1]
    assert [type(event) for event in decision.news] == [contract.MethodRemoved, contract.DefaultMethodChanged]


def test_removing_the_last_one_leaves_no_default():
    info, (method_id,) = with_methods("One")
    decision = model.remove(info, NOW, method_id=method_id)
    assert decision.state == SecurityInfo()
    assert decision.news[1] == contract.DefaultMethodChanged(method_id=None, method_type=None, name=None)


def test_giving_a_setup_up_is_no_news():
    info, method_id = started(SecurityInfo())
    decision = model.remove(info, NOW, method_id=method_id)
    assert decision.news == ()
    assert decision.state.methods == {}


def test_only_a_confirmed_method_becomes_the_default():
    info, ids = with_methods("One", "Two")
    decision = model.set_default(info, NOW, method_id=ids[1])
    assert decision.state.default_method == ids[1]
    assert len(decision.news) == 1
    info, pending = started(info, chance=9)
    with pytest.raises(contract.MethodNotConfirmed):
        model.set_default(info, NOW, method_id=pending)


@pytest.mark.parametrize(
    "rule",
    [
        lambda info: model.rename(info, NOW, method_id="elsewhere", name="x"),
        lambda info: model.remove(info, NOW, method_id="elsewhere"),
        lambda info: model.set_default(info, NOW, method_id="elsewhere"),
        lambda info: model.confirm(info, NOW, method_id="elsewhere", code="123456"),
    ],
)
def test_another_accounts_method_is_not_found(rule):
    info, _ = with_methods("One")
    with pytest.raises(contract.MethodNotFound):
        rule(info)
