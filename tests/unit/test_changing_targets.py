"""A phone or an address gets another target, which counts in the moment in which its code comes back."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from security_info import managing, reaching
from security_info.model import SETUP_LIFETIME, SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.problem import ChangedMeanwhile, Invalid
from shared.deciding import Decision
from shared.testing import facts_at
from tests.unit.asking_for_proof import answered, asked
from tests.unit.furnished import ANYTHING, NOW, UNHURRIED, member_of, policies, policy, right_code, with_methods
from tests.unit.sending_codes import (
    ANOTHER,
    EMAIL,
    NUMBER,
    PHONE,
    adding,
    after,
    again,
    changing,
    mistyped,
    reachable,
    typing,
)


def with_target(type_: str = PHONE, **other: Any) -> tuple[SecurityInfo, str]:
    begun = adding(SecurityInfo(), type_, **other)
    method_id = begun.answer["method_id"]
    return typing(begun.state, method_id, right_code(begun.state, method_id)).state, method_id


@pytest.mark.parametrize("type_", [PHONE, EMAIL])
def test_the_old_one_holds_until_the_code_to_the_new_one_comes_back(type_: str):
    info, method_id = with_target(type_)
    decision = changing(info, method_id, facts=after(60))
    (letter,) = decision.letters
    assert letter.to == ANOTHER
    named = {"method_id": method_id, "method_type": type_, "name": info.methods[method_id].name}
    assert decision.news == (contract.MethodChangeStarted(**named),)
    waiting = reachable(decision.state, method_id)
    assert (waiting.target, waiting.confirmed_at) == (reachable(info, method_id).target, NOW.now)
    done = typing(decision.state, method_id, letter.fields["code"], facts=after(61))
    method = reachable(done.state, method_id)
    assert (method.target.value.value, method.change, method.sent) == (ANOTHER, None, None)
    assert method.confirmed_at == NOW.now
    assert done.news == (contract.MethodChanged(**named),)
    assert done.answer == {"method_id": method_id}


def test_the_new_value_is_sealed_anew_for_its_place():
    info, method_id = with_target()
    decision = changing(info, method_id, facts=after(60))
    waiting = reachable(decision.state, method_id).change
    assert waiting is not None
    waiting.target.value.seal_with(b"sealed for the place of what waits")
    done = typing(decision.state, method_id, right_code(decision.state, method_id), facts=after(61)).state
    assert reachable(done, method_id).target.value.sealed is None


def test_the_old_number_proves_while_the_new_one_waits_and_then_no_more():
    info, method_id = with_target()
    waiting = changing(info, method_id, facts=after(60)).state
    challenge = asked(waiting, method_id, sending=UNHURRIED)
    assert [letter.to for letter in challenge.letters] == [NUMBER]
    code, challenge_id = challenge.letters[0].fields["code"], challenge.answer["challenge_id"]
    assert answered(challenge.state, challenge_id, code).refusal is None
    moved = typing(challenge.state, method_id, right_code(challenge.state, method_id), facts=after(62)).state
    with pytest.raises(contract.ChallengeEnded):
        answered(moved, challenge_id, code)
    assert [letter.to for letter in asked(moved, method_id, sending=UNHURRIED).letters] == [ANOTHER]


def test_challenges_of_other_methods_outlive_a_change():
    info, (phone, app) = with_methods(PHONE, "authenticator-app")
    other = asked(info, app, after(30)).state
    waiting = changing(other, phone, facts=after(60)).state
    moved = typing(waiting, phone, right_code(waiting, phone), facts=after(61)).state
    assert [one.method_id for one in moved.challenges.values()] == [app]


def test_the_code_of_a_change_proves_nothing_and_the_code_of_a_proof_confirms_nothing():
    info, method_id = with_target()
    waiting = changing(info, method_id, facts=after(60)).state
    challenge = asked(waiting, method_id, sending=UNHURRIED)
    of_change, of_proof = right_code(waiting, method_id), challenge.letters[0].fields["code"]
    assert of_change != of_proof
    proved = answered(challenge.state, challenge.answer["challenge_id"], of_change)
    confirmed = typing(challenge.state, method_id, of_proof, facts=after(61))
    for decision in (proved, confirmed):
        assert isinstance(decision.refusal, contract.CodeIncorrect)


def test_a_change_ends_after_a_quarter_of_an_hour_and_leaves_the_old_one():
    info, method_id = with_target()
    begun = facts_at(NOW.now + timedelta(days=3), chance=4)
    just = facts_at(begun.now + SETUP_LIFETIME - timedelta(milliseconds=1), chance=5)
    late = facts_at(begun.now + SETUP_LIFETIME, chance=6)
    waiting = again(changing(info, method_id, facts=begun).state, method_id, facts=just).state
    code = right_code(waiting, method_id)
    for refused in (
        lambda: typing(waiting, method_id, code, facts=late),
        lambda: again(waiting, method_id, facts=late),
    ):
        with pytest.raises(contract.SetupEnded) as ended:
            refused()
        assert ended.value.reason == "expired"
    assert reachable(waiting, method_id).target.value.value == NUMBER
    assert [letter.to for letter in asked(waiting, method_id, late, sending=UNHURRIED).letters] == [NUMBER]
    assert reachable(typing(waiting, method_id, code, facts=just).state, method_id).target.value.value == ANOTHER


def test_the_fifth_wrong_code_ends_a_change_and_not_the_method():
    info, method_id = with_target()
    info = changing(info, method_id, facts=after(60)).state
    for left in (4, 3, 2, 1):
        decision = typing(info, method_id, mistyped(info, method_id), facts=after(61))
        assert isinstance(decision.refusal, contract.CodeIncorrect)
        assert decision.refusal.attempts_left == left
        info = again(decision.state, method_id, facts=after(62)).state
    right = right_code(info, method_id)
    decision = typing(info, method_id, mistyped(info, method_id), facts=after(63))
    assert isinstance(decision.refusal, contract.SetupEnded)
    assert decision.news == (contract.MethodSetupFailed(method_type=PHONE),)
    left_over = reachable(decision.state, method_id)
    assert (left_over.target.value.value, left_over.change, left_over.sent) == (NUMBER, None, None)
    assert left_over.attempts_left == 5
    for refused in (lambda: typing(decision.state, method_id, right), lambda: again(decision.state, method_id)):
        with pytest.raises(contract.MethodConfirmedAlready):
            refused()


def test_a_second_change_takes_the_place_of_the_first():
    info, method_id = with_target()
    first = changing(info, method_id, "+46701740611", facts=after(60, 60)).state
    second = changing(first, method_id, facts=after(61, 61)).state
    code = right_code(first, method_id)
    assert isinstance(typing(second, method_id, code, facts=after(62)).refusal, contract.CodeIncorrect)
    done = typing(second, method_id, right_code(second, method_id), facts=after(62)).state
    assert reachable(done, method_id).target.value.value == ANOTHER


def test_another_code_for_a_change_goes_to_the_new_number():
    info, method_id = with_target()
    waiting = changing(info, method_id, facts=after(60)).state
    decision = again(waiting, method_id, way="call", facts=after(61, 61))
    assert [(letter.to, letter.channel) for letter in decision.letters] == [(ANOTHER, "call")]
    stays = reachable(decision.state, method_id)
    assert (stays.target.way, stays.target.value.value) == ("text", NUMBER)
    done = typing(decision.state, method_id, decision.letters[0].fields["code"], facts=after(62)).state
    assert reachable(done, method_id).target.way == "call"


@pytest.mark.parametrize(("type_", "pointer"), [(PHONE, "/number/typed"), (EMAIL, "/address")])
def test_a_change_to_what_is_there_is_refused(type_: str, pointer: str):
    info, method_id = with_target(type_)
    with pytest.raises(Invalid) as refused:
        changing(info, method_id, NUMBER, facts=after(60))
    assert [(one.pointer, one.key) for one in refused.value.errors] == [(pointer, "there_already")]


def test_a_change_to_the_number_of_ones_other_phone_is_refused():
    info, (one, other) = with_methods(PHONE, PHONE)
    with pytest.raises(Invalid) as refused:
        changing(info, one, reachable(info, other).target.value.value, facts=after(60), way="call")
    assert [error.key for error in refused.value.errors] == ["there_already"]


def test_the_same_number_may_be_reached_by_another_way_once_that_is_confirmed():
    info, method_id = with_target()
    decision = changing(info, method_id, NUMBER, way="call", facts=after(60))
    assert decision.letters[0].channel == "call"
    assert reachable(decision.state, method_id).target.way == "text"
    done = typing(decision.state, method_id, decision.letters[0].fields["code"], facts=after(61))
    assert reachable(done.state, method_id).target.way == "call"
    assert [type(event) for event in done.news] == [contract.MethodChanged]


def test_only_what_counts_and_is_of_that_type_gets_another_target():
    info, (phone, app, address) = with_methods(PHONE, "authenticator-app", EMAIL)
    for method_id, type_, pointer in ((app, PHONE, "/number"), (address, PHONE, "/number"), (phone, EMAIL, "/address")):
        with pytest.raises(Invalid) as refused:
            changing(info, method_id, type_=type_, facts=after(60))
        assert [(one.pointer, one.key) for one in refused.value.errors] == [(pointer, "out_of_place")]
    begun = adding(info, PHONE, facts=after(70, 70))
    with pytest.raises(contract.MethodNotConfirmed):
        changing(begun.state, begun.answer["method_id"], facts=after(71))
    with pytest.raises(contract.MethodNotFound):
        changing(info, "elsewhere", facts=after(71))


def test_what_is_barred_by_now_gets_no_other_target():
    info, method_id = with_target()
    nothing = policies(contoso=policy(two_step={"methods": []}, password_reset={"methods": []}))
    with pytest.raises(contract.MethodTypeNotAllowed):
        changing(member_of("contoso", info=info), method_id, facts=after(60), policies=nothing)


def test_a_phone_can_be_renamed_and_removed_while_a_change_waits():
    info, method_id = with_target()
    waiting = changing(info, method_id, facts=after(60)).state
    renamed = managing.rename(waiting, after(61), method_id=method_id, name="Boat").state
    done = typing(renamed, method_id, right_code(renamed, method_id), facts=after(62))
    assert done.news == (contract.MethodChanged(method_id=method_id, method_type=PHONE, name="Boat"),)
    gone = managing.remove(waiting, after(61), method_id=method_id, policies=ANYTHING).state
    with pytest.raises(contract.MethodNotFound):
        typing(gone, method_id, right_code(waiting, method_id), facts=after(62))


def test_a_phone_counts_for_what_is_required_while_a_change_waits():
    strict = policies(contoso=policy(two_step={"methods": [PHONE], "required": 1}))
    info, method_id = with_target()
    waiting = changing(member_of("contoso", info=info), method_id, facts=after(60), policies=strict).state
    assert strict(["contoso"]).need("two_step", waiting.confirmed().values()).registered == 1


def test_a_change_can_be_given_up_and_the_old_one_stays():
    info, (phone,) = with_methods(PHONE)
    waiting = changing(info, phone, ANOTHER).state
    left = reaching.give_up_change(waiting, after(5), method_id=phone)
    assert (left.news, left.letters) == ((), ())
    kept = reachable(left.state, phone)
    assert (kept.change, kept.sent, kept.target.digest) == (None, None, reachable(info, phone).target.digest)
    assert reaching.give_up_change(left.state, after(6), method_id=phone) == Decision(left.state)


def test_a_target_that_changed_since_it_was_reserved_gets_no_code():
    info, (phone,) = with_methods(PHONE)
    elsewhere = dataclasses.replace(UNHURRIED, expected="the digest of another")
    with pytest.raises(ChangedMeanwhile):
        changing(info, phone, ANOTHER, sending=elsewhere)
