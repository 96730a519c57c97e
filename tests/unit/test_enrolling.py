"""Methods are set up, count once they are confirmed, and take the place of others in one step."""

from datetime import timedelta
from typing import Any

import pytest

from security_info import enrolling
from security_info.methods import KINDS
from security_info.methods.security_key import RelyingParty
from security_info.model import SETUP_ATTEMPTS, SETUP_LIFETIME, SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.problem import Invalid
from shared.testing import facts_at
from tests.unit.furnished import (
    ANYTHING,
    NOW,
    PARTY,
    USUAL,
    added,
    confirmed,
    member_of,
    policies,
    policy,
    right_code,
    started,
    wish,
    with_methods,
    wrong_code,
)
from tests.unit.registering import key

APP, KEY, QUESTIONS, CODES, PASSWORD = KINDS_IN_ORDER = (
    "authenticator-app",
    "security-key",
    "security-questions",
    "recovery-codes",
    "app-password",
)


def try_code(info: SecurityInfo, method_id: str, code: str, allowed: Any = ANYTHING, facts: Any = NOW) -> Any:
    return enrolling.confirm_code(info, facts, method_id=method_id, code=code, policies=allowed)


def test_a_setup_counts_for_nothing_until_it_is_confirmed():
    info, _ = started(SecurityInfo())
    assert info.confirmed() == info.proving() == {}
    assert info.default_method is None


def test_the_first_method_becomes_the_default_and_both_are_news():
    info, method_id = started(SecurityInfo(), name="Work phone")
    decision = confirmed(info, method_id)
    assert decision.state.default_method == method_id
    assert decision.news == (
        contract.MethodAdded(method_id=method_id, method_type=APP, name="Work phone"),
        contract.DefaultMethodChanged(method_id=method_id, method_type=APP, name="Work phone"),
    )


def test_the_second_method_leaves_the_default_alone():
    info, ids = with_methods(APP, KEY)
    assert info.default_method == ids[0]


@pytest.mark.parametrize("type_", [QUESTIONS, CODES, PASSWORD])
def test_what_cannot_be_the_default_never_becomes_it(type_: str):
    decision = added(SecurityInfo(), type_)
    assert decision.state.default_method is None
    assert [type(event) for event in decision.news] == [contract.MethodAdded]


def test_a_wrong_code_costs_an_attempt_and_the_last_one_ends_the_setup():
    info, method_id = started(SecurityInfo())
    wrong = wrong_code(info, method_id)
    for left in range(SETUP_ATTEMPTS - 1, 0, -1):
        decision = try_code(info, method_id, wrong)
        assert isinstance(decision.refusal, contract.CodeIncorrect)
        assert decision.refusal.attempts_left == left
        assert decision.news == ()
        info = decision.state
    decision = try_code(info, method_id, wrong)
    assert isinstance(decision.refusal, contract.SetupEnded)
    assert decision.news == (contract.MethodSetupFailed(method_type=APP),)
    with pytest.raises(contract.SetupEnded) as refused:
        try_code(decision.state, method_id, right_code(info, method_id))
    assert refused.value.reason == "too_many_attempts"


def test_a_credential_that_does_not_hold_costs_an_attempt_and_the_last_one_ends_the_setup():
    info, method_id = started(SecurityInfo(), KEY)
    nowhere = RelyingParty("elsewhere.example", "Elsewhere", PARTY.origins)
    refusals = []
    for _ in range(SETUP_ATTEMPTS):
        credential = key().register(info.methods[method_id].challenge)  # type: ignore[union-attr]  # it is a key
        decision = enrolling.confirm_credential(
            info, NOW, method_id=method_id, credential=credential, party=nowhere, policies=ANYTHING
        )
        info = decision.state
        refusals.append(type(decision.refusal))
    assert refusals == [contract.CredentialRefused] * 4 + [contract.SetupEnded]
    with pytest.raises(contract.SetupEnded):
        confirmed(info, method_id)


def test_a_code_that_confirmed_does_not_prove_as_well():
    info, method_id = started(SecurityInfo())
    state = confirmed(info, method_id).state
    method = state.methods[method_id]
    assert method.step_of(right_code(info, method_id), NOW.now) is None


def test_a_setup_ends_after_its_time():
    info, method_id = started(SecurityInfo())
    late = facts_at(NOW.now + SETUP_LIFETIME)
    with pytest.raises(contract.SetupEnded) as refused:
        confirmed(info, method_id, facts=late)
    assert refused.value.reason == "expired"
    just = facts_at(late.now - timedelta(milliseconds=1))
    assert confirmed(info, method_id, facts=just).state.confirmed()


def test_starting_another_setup_gives_the_oldest_up():
    info, ids = SecurityInfo(), []
    for chance in range(1, enrolling.MOST_SETUPS + 4):
        info, method_id = started(info, chance=chance)
        ids.append(method_id)
    assert list(info.methods) == ids[-enrolling.MOST_SETUPS :]


def test_setups_that_ended_make_room_and_methods_stay():
    info, (kept,) = with_methods(APP)
    for chance in range(50, 55):
        info, _ = started(info, chance=chance)
    later = facts_at(NOW.now + SETUP_LIFETIME, chance=99)
    decision = enrolling.start_setup(info, later, wish=wish(KEY), language="en", policies=ANYTHING)
    assert list(decision.state.methods) == [kept, decision.answer["method_id"]]


@pytest.mark.parametrize("type_", KINDS_IN_ORDER)
def test_there_is_a_limit_of_each_type(type_: str):
    limit = {APP: 5, KEY: 10, QUESTIONS: 1, CODES: 1, PASSWORD: 40}[type_]
    assert KINDS[type_].limit == limit
    info, _ = with_methods(*[type_] * limit)
    with pytest.raises(contract.MethodLimitReached) as refused:
        with_methods(type_, info=info, chance=60)
    assert refused.value.limit == limit
    assert (
        len(with_methods(next(one for one in KINDS_IN_ORDER if one != type_), info=info, chance=80)[0].methods)
        == limit + 1
    )


def test_setups_begun_below_the_limit_do_not_pass_it():
    info, _ = with_methods(*[APP] * 4)
    info, one = started(info, chance=50)
    info, other = started(info, chance=51)
    info = confirmed(info, one).state
    with pytest.raises(contract.MethodLimitReached):
        confirmed(info, other)


def test_a_confirmed_method_is_not_confirmed_again():
    info, (method_id,) = with_methods(APP)
    with pytest.raises(contract.MethodConfirmedAlready):
        try_code(info, method_id, "123456")


def test_a_code_is_no_credential_and_a_credential_no_code():
    info, app = started(SecurityInfo())
    info, setup = started(info, KEY, chance=2)
    with pytest.raises(Invalid) as refused:
        try_code(info, setup, "123456")
    assert [(one.pointer, one.key) for one in refused.value.errors] == [("/code", "out_of_place")]
    with pytest.raises(Invalid) as refused:
        enrolling.confirm_credential(info, NOW, method_id=app, credential={}, party=PARTY, policies=ANYTHING)
    assert [(one.pointer, one.key) for one in refused.value.errors] == [("/credential", "out_of_place")]


def test_a_type_that_is_not_allowed_is_refused_at_the_start_and_at_the_end():
    nothing = policy(two_step={"methods": []}, password_reset={"methods": []})
    info, method_id = started(member_of("contoso"))
    with pytest.raises(contract.MethodTypeNotAllowed) as refused:
        started(info, allowed=policies(contoso=nothing))
    assert refused.value.organizations == ["contoso"]
    with pytest.raises(contract.MethodTypeNotAllowed):
        confirmed(info, method_id, policies(contoso=nothing))
    with pytest.raises(contract.MethodTypeNotAllowed):
        added(info, PASSWORD, allowed=USUAL)


def test_what_organizations_ask_of_keys_holds_when_the_setup_is_finished():
    info, method_id = started(member_of("contoso"), KEY)
    attested = policies(contoso=policy(keys={"attestation": True}))
    refusal = confirmed(info, method_id, attested).refusal
    assert isinstance(refusal, contract.CredentialRefused)
    assert refusal.reason == "attestation"


def test_a_key_is_registered_once_in_an_account():
    info, setup = started(with_methods(KEY)[0], KEY, chance=9)
    there = next(iter(info.keys().values()))
    credential = key(credential_id=there.credential_id).register(info.methods[setup].challenge)  # type: ignore[union-attr]  # it is a key
    decision = enrolling.confirm_credential(
        info, NOW, method_id=setup, credential=credential, party=PARTY, policies=ANYTHING
    )
    assert isinstance(decision.refusal, contract.CredentialRefused)
    assert decision.refusal.reason == "registered"


def test_all_keys_of_an_account_share_a_user_handle():
    info, _ = started(SecurityInfo(), KEY, chance=1)
    again, _ = started(info, KEY, chance=2)
    other, _ = started(SecurityInfo(), KEY, chance=2)
    assert info.user_handle == again.user_handle != other.user_handle
    assert len(info.user_handle or b"") == 32


def test_methods_without_a_name_are_told_apart_in_the_persons_language():
    info = SecurityInfo()
    for chance in (1, 2, 3):
        decision = enrolling.start_setup(
            info, facts_at(chance=chance), wish=wish(APP), language="sv", policies=ANYTHING
        )
        info = confirmed(decision.state, decision.answer["method_id"]).state
    assert [method.name for method in info.methods.values()] == [
        "Autentiseringsapp",
        "Autentiseringsapp 2",
        "Autentiseringsapp 3",
    ]


def test_what_cannot_be_renamed_is_not_named_either():
    assert [
        next(iter(added(SecurityInfo(), type_, name="Mine").state.methods.values())).name
        for type_ in (QUESTIONS, CODES, PASSWORD)
    ] == ["Security questions", "Recovery codes", "Mine"]
