"""A code that comes to a phone proves who one is, once, in time, and to the session that asked."""

from datetime import timedelta
from typing import Any

import pytest

from security_info import proving
from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.problem import Invalid
from shared.testing import facts_at
from tests.unit.asking_for_proof import LATER, after_minutes, answered, asked
from tests.unit.furnished import UNHURRIED, member_of, policies, policy, right_code, with_methods
from tests.unit.sending_codes import NUMBER, PHONE, adding, reachable, typing


def with_phone(way: str = "text") -> tuple[SecurityInfo, str]:
    begun = adding(SecurityInfo(), to=NUMBER, way=way)
    method_id = begun.answer["method_id"]
    return typing(begun.state, method_id, right_code(begun.state, method_id)).state, method_id


def sent(info: SecurityInfo, method_id: str, **other: Any) -> tuple[SecurityInfo, str, str]:
    """Ask; give the state, the challenge's id and the code that went out."""
    decision = asked(info, method_id, **{"sending": UNHURRIED, **other})
    (letter,) = decision.letters
    return decision.state, decision.answer["challenge_id"], letter.fields["code"]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize(
    ("usual", "wished", "channel", "amr"),
    [
        ("text", None, "text", "sms"),
        ("call", None, "call", "tel"),
        ("text", "call", "call", "tel"),
        ("call", "text", "text", "sms"),
    ],
)
def test_a_code_proves_by_what_it_came_by(usual: str, wished: str | None, channel: str, amr: str):
    info, phone = with_phone(usual)
    decision = asked(info, phone, way=wished, sending=UNHURRIED)
    (letter,) = decision.letters
    assert (letter.kind, letter.channel, letter.to, letter.about) == ("code", channel, NUMBER, phone)
    challenge = decision.state.challenges[decision.answer["challenge_id"]]
    assert challenge.kind == "sent_code"
    assert challenge.expires_at == letter.expires_at == LATER.now + timedelta(minutes=3)
    proved = answered(decision.state, decision.answer["challenge_id"], letter.fields["code"])
    assert proved.answer["proof"]["amr"] == [amr]
    assert (proved.news[0].means, proved.news[0].method_id) == (PHONE, phone)
    assert proved.state.methods[phone].last_used_at == LATER.now
    assert reachable(proved.state, phone).target.way == usual, "another way for once is no wish for always"


def test_a_code_proves_once():
    state, challenge, code = sent(*with_phone())
    state = answered(state, challenge, code).state
    with pytest.raises(contract.ChallengeEnded):
        answered(state, challenge, code)


def test_a_code_proves_for_its_own_challenge_and_session_only():
    info, phone = with_phone()
    state, one, code = sent(info, phone)
    state, other, another = sent(state, phone, facts=after_minutes(1))
    assert code != another
    assert isinstance(answered(state, other, code).refusal, contract.CodeIncorrect)
    with pytest.raises(contract.ChallengeEnded):
        answered(state, one, code, session="s2")
    assert answered(state, one, code).refusal is None


def test_a_code_proves_for_three_minutes():
    state, challenge, code = sent(*with_phone())
    just = facts_at(LATER.now + timedelta(minutes=3) - timedelta(milliseconds=1))
    assert answered(state, challenge, code, facts=just).refusal is None
    with pytest.raises(contract.ChallengeEnded):
        answered(state, challenge, code, facts=after_minutes(3))


@pytest.mark.parametrize("between", [" ", "-"])
def test_digits_may_be_typed_in_groups(between: str):
    state, challenge, code = sent(*with_phone())
    assert answered(state, challenge, f"{code[:3]}{between}{code[3:]}").refusal is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\N{FULLWIDTH DIGIT ONE}" * 6])
def test_what_is_no_code_costs_nothing(code: str):
    state, challenge, _ = sent(*with_phone())
    with pytest.raises(Invalid):
        answered(state, challenge, code)


def test_five_wrong_codes_in_a_row_lock_the_phone_however_many_were_sent():
    info, phone = with_phone()
    for left in (4, 3, 2, 1, 0):
        info, challenge, code = sent(info, phone, facts=after_minutes(0, chance=10 + left))
        decision = answered(info, challenge, wrong(code))
        info = decision.state
        if left:
            assert isinstance(decision.refusal, contract.CodeIncorrect)
            assert decision.refusal.attempts_left == left
    assert isinstance(decision.refusal, contract.MethodIsLocked)
    assert [type(event) for event in decision.news] == [contract.MethodLocked]
    with pytest.raises(contract.MethodIsLocked):
        answered(info, challenge, code)
    with pytest.raises(contract.MethodIsLocked):
        asked(info, phone, sending=UNHURRIED)


def test_a_right_code_forgets_the_wrong_ones():
    state, challenge, code = sent(*with_phone())
    for _ in range(4):
        state = answered(state, challenge, wrong(code)).state
    state = answered(state, challenge, code).state
    assert all(method.tries == {} for method in state.methods.values())


def test_codes_for_proofs_count_with_all_others_of_the_account():
    info, phone = with_phone()
    for minute in range(4):
        info = asked(info, phone, after_minutes(minute, chance=20 + minute)).state
    with pytest.raises(contract.TooManySends) as refused:
        asked(info, phone, after_minutes(5, chance=30))
    first = info.sent_at[0]
    assert refused.value.until == first + timedelta(hours=1)


def test_an_address_proves_nothing():
    info, (address,) = with_methods("email")
    with pytest.raises(contract.MethodCannotProve):
        asked(info, address, sending=UNHURRIED)


def test_a_phone_that_an_organization_bars_still_proves_who_is_there():
    nothing = policies(contoso=policy(two_step={"methods": []}, password_reset={"methods": []}))
    info, phone = with_phone()
    info = member_of("contoso", info=info)
    state, challenge, code = sent(info, phone, policies=nothing)
    assert answered(state, challenge, code, policies=nothing).refusal is None


def test_only_the_code_of_the_challenge_is_opened():
    state, challenge, _ = sent(*with_phone())
    assert proving.secrets_for(challenge, state) == (f"challenges.{challenge}.sent.code",)
