"""Who one is, is proved by what was asked, by whom it was asked, in time and once."""

from datetime import timedelta
from typing import Any

import pytest

from security_info import proving
from security_info.model import CHALLENGE_LIFETIME, MOST_CHALLENGES, MOST_CHALLENGES_AT_ALL, SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.problem import Invalid
from shared.testing import facts_at
from tests.unit.asking_for_proof import APP, KEY, LATER, after_minutes, answered, asked, challenged
from tests.unit.furnished import (
    CODES,
    right_code,
    started,
    with_methods,
    wrong_code,
)


def test_a_right_code_proves_for_the_session_and_the_scopes_that_asked():
    info, (app,) = with_methods(APP)
    state, challenge = challenged(info, app)
    assert state.challenges[challenge].kind == "code"
    decision = answered(state, challenge, right_code(state, app, LATER))
    proof = decision.answer["proof"]
    assert (proof["session"], proof["amr"], proof["at"]) == ("s1", ["otp"], LATER.now)
    assert set(proof["scopes"]) == set(contract.SCOPES)
    assert [type(event) for event in decision.news] == [contract.IdentityProved]
    assert (decision.news[0].method_id, decision.news[0].means) == (app, APP)
    assert decision.state.methods[app].last_used_at == LATER.now


def test_a_challenge_is_answered_once():
    info, (app,) = with_methods(APP)
    state, challenge = challenged(info, app)
    state = answered(state, challenge, right_code(state, app, LATER)).state
    with pytest.raises(contract.ChallengeEnded):
        answered(state, challenge, right_code(state, app, LATER))


def test_a_step_proves_once_also_for_another_challenge():
    info, (app,) = with_methods(APP)
    state, one = challenged(info, app)
    state, other = challenged(state, app, after_minutes(0, chance=9))
    code = right_code(state, app, LATER)
    state = answered(state, one, code).state
    assert isinstance(answered(state, other, code).refusal, contract.CodeIncorrect)


def test_a_challenge_is_for_the_session_that_asked():
    info, (app,) = with_methods(APP)
    state, challenge = challenged(info, app)
    with pytest.raises(contract.ChallengeEnded):
        answered(state, challenge, right_code(state, app, LATER), session="s2")


def test_a_challenge_ends_after_its_time():
    info, (app,) = with_methods(APP)
    state, challenge = challenged(info, app)
    late = facts_at(LATER.now + CHALLENGE_LIFETIME)
    with pytest.raises(contract.ChallengeEnded):
        answered(state, challenge, right_code(state, app, late), facts=late)
    just = facts_at(late.now - timedelta(milliseconds=1))
    assert answered(state, challenge, right_code(state, app, just), facts=just).refusal is None


def test_asking_for_more_than_five_forgets_the_oldest_and_what_has_ended():
    info, (app,) = with_methods(APP)
    ids = []
    for chance in range(1, MOST_CHALLENGES + 4):
        info, challenge = challenged(info, app, after_minutes(0, chance))
        ids.append(challenge)
    assert list(info.challenges) == ids[-MOST_CHALLENGES:]
    info, last = challenged(info, app, after_minutes(5))
    assert list(info.challenges) == [last]


def test_who_asks_often_pushes_out_nobody_elses_challenge():
    info, (app,) = with_methods(APP)
    info, mine = challenged(info, app, after_minutes(0, 1))
    for chance in range(2, 12):
        info = asked(info, app, after_minutes(0, chance), session="another").state
    assert sum(one.session == "another" for one in info.challenges.values()) == MOST_CHALLENGES
    assert answered(info, mine, right_code(info, app, LATER)).refusal is None


def test_there_is_an_end_to_the_challenges_of_all_sessions_together():
    info, (app,) = with_methods(APP)
    ids = []
    for chance in range(1, MOST_CHALLENGES_AT_ALL + 4):
        decision = asked(info, app, after_minutes(0, chance), session=f"s{chance}")
        info = decision.state
        ids.append(decision.answer["challenge_id"])
    assert list(info.challenges) == ids[-MOST_CHALLENGES_AT_ALL:]


def test_the_fifth_wrong_code_in_a_row_locks_the_method_and_only_it():
    info, (app, other) = with_methods(APP, APP)
    state, challenge = challenged(info, app)
    wrong = wrong_code(state, app, LATER)
    for left in (4, 3, 2, 1):
        decision = answered(state, challenge, wrong)
        assert isinstance(decision.refusal, contract.CodeIncorrect)
        assert (decision.refusal.attempts_left, decision.news) == (left, ())
        state = decision.state
    decision = answered(state, challenge, wrong)
    assert isinstance(decision.refusal, contract.MethodIsLocked)
    until = LATER.now + timedelta(minutes=15)
    assert (decision.refusal.until, decision.refusal.retry_after) == (until, 15 * 60 + 1)
    assert decision.news == (
        contract.MethodLocked(method_id=app, method_type=APP, name="1", purpose="proof", until=until),
    )
    with pytest.raises(contract.MethodIsLocked):
        answered(decision.state, challenge, right_code(state, app, LATER))
    with pytest.raises(contract.MethodIsLocked):
        asked(decision.state, app)
    state, challenge = challenged(decision.state, other)
    assert answered(state, challenge, right_code(state, other, LATER)).refusal is None


def test_a_right_code_forgets_the_wrong_ones_before_it():
    info, (app,) = with_methods(APP)
    for minute in range(3):
        at = after_minutes(minute, chance=minute + 3)
        info, challenge = challenged(info, app, at)
        for _ in range(4):
            info = answered(info, challenge, wrong_code(info, app, at), facts=at).state
        info = answered(info, challenge, right_code(info, app, at), facts=at).state
        assert info.methods[app].tries == {}


def test_a_lock_for_another_purpose_bars_no_proof():
    info, (app,) = with_methods(APP)
    tries = info.methods[app].tries_for("two_step")
    for _ in range(5):
        tries = tries.failed(LATER.now)
    info = info.with_method(app, info.methods[app].tried("two_step", tries))
    state, challenge = challenged(info, app)
    proved = answered(state, challenge, right_code(state, app, LATER)).state
    assert proved.methods[app].tries == {"two_step": tries}


@pytest.mark.parametrize("slip", ["", "12345", "1234567", "12a456", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_what_has_not_six_digits_is_a_slip_and_no_guess(slip: str):
    info, (app,) = with_methods(APP)
    state, challenge = challenged(info, app)
    with pytest.raises(Invalid) as refused:
        answered(state, challenge, slip)
    assert [(one.pointer, one.key) for one in refused.value.errors] == [("/code", "six_digits")]


def test_a_code_is_taken_with_spaces_between():
    info, (app,) = with_methods(APP)
    state, challenge = challenged(info, app)
    right = right_code(state, app, LATER)
    assert answered(state, challenge, f" {right[:3]} {right[3:]}").refusal is None


@pytest.mark.parametrize(
    ("type_", "given", "pointer"),
    [(APP, {"credential": {}}, "/credential"), (APP, {"credential": {"id": "x"}}, "/credential")],
)
def test_a_code_is_asked_for_and_no_credential_taken(type_: str, given: dict[str, Any], pointer: str):
    info, (method_id,) = with_methods(type_)
    state, challenge = challenged(info, method_id)
    with pytest.raises(Invalid) as refused:
        answered(state, challenge, **given)
    assert [(one.pointer, one.key) for one in refused.value.errors] == [(pointer, "out_of_place")]


def test_each_recovery_code_proves_once_and_the_last_leaves_none():
    info, (recovery,) = with_methods("recovery-codes")
    for number, code in enumerate(CODES, 1):
        info, challenge = challenged(info, recovery, after_minutes(0, chance=number))
        if number > 1:
            wrong = answered(info, challenge, CODES[number - 2])
            assert isinstance(wrong.refusal, contract.CodeIncorrect)
        decision = answered(info, challenge, code)
        used = contract.RecoveryCodeUsed(method_id=recovery, remaining=10 - number)
        assert decision.news[0] == used
        info = decision.state
    assert info.proving() == {}
    with pytest.raises(contract.MethodCannotProve):
        asked(info, recovery)


def test_the_default_is_offered_first():
    info, ids = with_methods("recovery-codes", APP, KEY)
    assert list(info.proving()) == [ids[1], ids[0], ids[2]]


@pytest.mark.parametrize("type_", ["security-questions", "app-password"])
def test_what_is_for_something_else_proves_nothing(type_: str):
    info, (method_id,) = with_methods(type_)
    with pytest.raises(contract.MethodCannotProve):
        asked(info, method_id)
    assert asked(info).news[0].means == "sign-in"


def test_a_setup_proves_nothing():
    info, setup = started(SecurityInfo())
    with pytest.raises(contract.MethodNotConfirmed):
        asked(info, setup)
    assert asked(info).answer["proof"]["amr"] == ["pwd"]


def test_a_method_that_was_removed_meanwhile_proves_nothing():
    info, (app,) = with_methods(APP)
    state, challenge = challenged(info, app)
    with pytest.raises(contract.ChallengeEnded):
        answered(state.without([app]), challenge, right_code(state, app, LATER))


def test_only_what_is_compared_is_opened():
    info, (app, recovery) = with_methods(APP, "recovery-codes")
    state, one = challenged(info, app)
    state, other = challenged(state, recovery, after_minutes(0))
    assert proving.secrets_for(one, state) == (f"methods.{app}.key",)
    assert proving.secrets_for(other, state) == (f"methods.{recovery}.codes",)
    assert proving.secrets_for("elsewhere", state) == ()
