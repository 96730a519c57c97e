"""A phone or an address counts once the code that was sent there has come back."""

import re
from datetime import timedelta
from typing import Any

import pytest

from security_info import managing
from security_info.enrolling import MOST_SETUPS
from security_info.methods.reachable import LIFETIMES
from security_info.model import SETUP_LIFETIME, SecurityInfo
from security_info.reaching import Sending
from shared.contracts import security_info as contract
from shared.contracts.problem import Invalid
from shared.testing import facts_at
from tests.unit.furnished import (
    ANYTHING,
    NOW,
    UNHURRIED,
    confirmed,
    member_of,
    policies,
    policy,
    right_code,
    with_methods,
)
from tests.unit.sending_codes import ANOTHER, EMAIL, NUMBER, PHONE, adding, after, again, mistyped, reachable, typing

WAYS = [(PHONE, "text"), (PHONE, "call"), (EMAIL, "mail")]


def added(type_: str = PHONE, **other: Any) -> tuple[SecurityInfo, str]:
    decision = adding(SecurityInfo(), type_, **other)
    return decision.state, decision.answer["method_id"]


@pytest.mark.parametrize(("type_", "way"), WAYS)
def test_a_code_goes_where_the_person_says_and_by_the_way_they_say(type_: str, way: str):
    decision = adding(SecurityInfo(), type_, NUMBER, way=way)
    (letter,), method_id = decision.letters, decision.answer["method_id"]
    sent = reachable(decision.state, method_id).sent
    assert sent is not None
    assert re.fullmatch(r"[0-9]{6}", sent.code.value)
    assert (letter.kind, letter.channel, letter.to, letter.language) == ("code", way, NUMBER, "en")
    assert (dict(letter.fields), letter.about) == ({"code": sent.code.value}, method_id)
    assert letter.due_at == NOW.now
    assert letter.expires_at == sent.expires_at == NOW.now + LIFETIMES[sent.way]
    assert (decision.news, decision.state.sent_at) == ((), (NOW.now,))
    assert NUMBER not in repr(letter)
    assert sent.code.value not in repr(letter)


def test_codes_are_good_for_minutes():
    minutes = {way: lifetime / timedelta(minutes=1) for way, lifetime in LIFETIMES.items()}
    assert minutes == {"mail": 5, "text": 3, "call": 3}


@pytest.mark.parametrize("type_", [PHONE, EMAIL])
def test_it_counts_for_nothing_until_its_code_comes_back(type_: str):
    info, method_id = added(type_)
    assert (info.confirmed(), info.proving(), info.default_method, info.reachable()) == ({}, {}, None, {})
    decision = confirmed(info, method_id)
    method = reachable(decision.state, method_id)
    assert (method.confirmed_at, method.sent, method.change) == (NOW.now, None, None)
    assert decision.news[0] == contract.MethodAdded(method_id=method_id, method_type=type_, name=method.name)
    assert list(decision.state.reachable()) == [method_id]
    assert decision.letters == ()


def test_a_phone_becomes_the_default_and_proves_an_address_does_neither():
    info, (phone, address) = with_methods(PHONE, EMAIL)
    assert info.default_method == phone
    assert list(info.proving()) == [phone]
    with pytest.raises(contract.MethodCannotBeDefault):
        managing.set_default(info, NOW, method_id=address)
    alone, _ = with_methods(EMAIL)
    assert (alone.default_method, alone.proving()) == (None, {})


def test_each_wrong_code_costs_an_attempt_and_the_fifth_ends_it():
    info, method_id = added()
    right, wrong = right_code(info, method_id), mistyped(info, method_id)
    for left in (4, 3, 2, 1):
        decision = typing(info, method_id, wrong)
        assert isinstance(decision.refusal, contract.CodeIncorrect)
        assert (decision.refusal.attempts_left, decision.news) == (left, ())
        info = decision.state
    decision = typing(info, method_id, wrong)
    assert isinstance(decision.refusal, contract.SetupEnded)
    assert decision.refusal.reason == "too_many_attempts"
    assert decision.news == (contract.MethodSetupFailed(method_type=PHONE),)
    for code in (right, wrong):
        with pytest.raises(contract.SetupEnded):
            typing(decision.state, method_id, code)
    with pytest.raises(contract.SetupEnded):
        again(decision.state, method_id)


@pytest.mark.parametrize(("type_", "way"), WAYS)
def test_a_code_that_came_too_late_costs_nothing_and_another_may_be_sent(type_: str, way: str):
    info, method_id = added(type_, way=way)
    lifetime = reachable(info, method_id).sent.expires_at - NOW.now  # type: ignore[union-attr]  # it was sent
    late, just = facts_at(NOW.now + lifetime), facts_at(NOW.now + lifetime - timedelta(milliseconds=1))
    for code in (right_code(info, method_id), mistyped(info, method_id)):
        with pytest.raises(contract.CodeExpired):
            typing(info, method_id, code, facts=late)
    assert typing(info, method_id, right_code(info, method_id), facts=just).refusal is None
    resent = again(info, method_id, facts=late).state
    assert reachable(resent, method_id).attempts_left == 5
    assert typing(resent, method_id, right_code(resent, method_id), facts=late).refusal is None


def test_a_code_is_good_once():
    info, method_id = added()
    code = right_code(info, method_id)
    state = typing(info, method_id, code).state
    with pytest.raises(contract.MethodConfirmedAlready):
        typing(state, method_id, code)


def test_a_setup_ends_after_a_quarter_of_an_hour_however_often_a_code_was_sent():
    info, method_id = added()
    just = facts_at(NOW.now + SETUP_LIFETIME - timedelta(milliseconds=1), chance=7)
    info = again(info, method_id, facts=just).state
    code, late = right_code(info, method_id), facts_at(NOW.now + SETUP_LIFETIME)
    assert typing(info, method_id, code, facts=just).refusal is None
    for refused in (lambda: typing(info, method_id, code, facts=late), lambda: again(info, method_id, facts=late)):
        with pytest.raises(contract.SetupEnded) as ended:
            refused()
        assert ended.value.reason == "expired"


def test_another_code_takes_the_place_of_the_one_before():
    info, method_id = added()
    first = right_code(info, method_id)
    decision = again(info, method_id, facts=after(40))
    second = right_code(decision.state, method_id)
    assert second != first
    assert [letter.fields["code"] for letter in decision.letters] == [second]
    assert (decision.news, decision.answer["method_id"]) == ((), method_id)
    assert isinstance(typing(decision.state, method_id, first).refusal, contract.CodeIncorrect)
    assert typing(decision.state, method_id, second, facts=after(41)).refusal is None


def test_another_code_gives_no_attempts_back():
    info, method_id = added()
    for left in (4, 3, 2, 1):
        info = typing(info, method_id, mistyped(info, method_id)).state
        info = again(info, method_id).state
        assert reachable(info, method_id).attempts_left == left
    assert isinstance(typing(info, method_id, mistyped(info, method_id)).refusal, contract.SetupEnded)


def test_another_code_may_come_by_another_way_and_the_phone_keeps_to_it():
    info, method_id = added()
    decision = again(info, method_id, way="call")
    (letter,) = decision.letters
    assert (letter.channel, letter.to) == ("call", NUMBER)
    assert again(decision.state, method_id).letters[0].channel == "call"
    done = confirmed(decision.state, method_id).state
    assert reachable(done, method_id).target.way == "call"


def test_an_address_has_one_way_whatever_is_asked_for():
    info, method_id = added(EMAIL)
    assert again(info, method_id, way="call").letters[0].channel == "mail"


def test_there_is_nothing_to_send_where_no_code_is_waited_for():
    info, (app, phone) = with_methods("authenticator-app", PHONE)
    with pytest.raises(contract.NothingToSend):
        again(info, app)
    with pytest.raises(contract.MethodConfirmedAlready):
        again(info, phone)
    with pytest.raises(contract.MethodNotFound):
        again(info, "elsewhere")


def test_a_code_that_was_sent_needs_a_code_back_and_no_credential():
    info, method_id = added()
    with pytest.raises(Invalid) as refused:
        typing(info, method_id, None)  # type: ignore[arg-type]  # as where a credential came
    assert [(one.pointer, one.key) for one in refused.value.errors] == [("/credential", "out_of_place")]


def test_a_number_that_an_account_has_already_is_not_added_again():
    info, method_id = added()
    info = confirmed(info, method_id).state
    with pytest.raises(Invalid) as refused:
        adding(info, PHONE, NUMBER, facts=after(60))
    assert [(one.pointer, one.key) for one in refused.value.errors] == [("/number/typed", "there_already")]
    replacing = adding(info, PHONE, NUMBER, facts=after(60), replaces=method_id)
    assert reachable(replacing.state, replacing.answer["method_id"]).replaces == method_id


def test_there_are_two_phones_and_one_address():
    info, _ = with_methods(PHONE, PHONE, EMAIL)
    for type_, limit in ((PHONE, 2), (EMAIL, 1)):
        with pytest.raises(contract.MethodLimitReached) as refused:
            adding(info, type_, "one more", facts=after(60))
        assert refused.value.limit == limit


def test_of_three_setups_of_phones_the_third_finds_no_room():
    info, ids = SecurityInfo(), []
    for number in range(3):
        decision = adding(info, PHONE, f"+4670{number}", facts=facts_at(chance=number + 1))
        info, ids = decision.state, [*ids, decision.answer["method_id"]]
    info = confirmed(confirmed(info, ids[0]).state, ids[1]).state
    with pytest.raises(contract.MethodLimitReached):
        confirmed(info, ids[2])


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["Phone", "Alternate phone", "E-mail"]), ("sv", ["Telefon", "Alternativ telefon", "E-post"])],
)
def test_each_is_named_in_the_persons_language(language: str, names: list[str]):
    info = SecurityInfo()
    for number, type_ in enumerate((PHONE, PHONE, EMAIL), 1):
        sending = Sending(language, UNHURRIED.allowance)
        decision = adding(info, type_, f"to {number}", facts=facts_at(chance=number), sending=sending)
        assert decision.letters[0].language == language
        info = confirmed(decision.state, decision.answer["method_id"]).state
    assert [method.name for method in info.methods.values()] == names


def test_what_the_person_calls_it_is_what_it_is_called():
    decision = adding(SecurityInfo(), name="Kitchen")
    assert reachable(decision.state, decision.answer["method_id"]).name == "Kitchen"


def test_a_phone_takes_the_place_of_another_when_its_code_comes_back():
    info, (old, other) = with_methods(PHONE, PHONE)
    decision = adding(info, PHONE, ANOTHER, facts=after(9), replaces=old)
    new = decision.answer["method_id"]
    assert list(decision.state.confirmed()) == [old, other]
    done = confirmed(decision.state, new)
    assert set(done.state.confirmed()) == {other, new}
    assert done.state.default_method == new
    assert [type(event) for event in done.news] == [
        contract.MethodAdded,
        contract.DefaultMethodChanged,
        contract.MethodRemoved,
    ]


def test_removing_a_phone_moves_the_default_and_giving_a_setup_up_is_no_news():
    info, (phone, app) = with_methods(PHONE, "authenticator-app")
    decision = managing.remove(info, NOW, method_id=phone, policies=ANYTHING)
    assert decision.state.default_method == app
    assert decision.news[0] == contract.MethodRemoved(method_id=phone, method_type=PHONE, name="1")
    begun = adding(info, EMAIL, facts=after(9))
    given_up = managing.remove(begun.state, NOW, method_id=begun.answer["method_id"], policies=ANYTHING)
    assert (given_up.news, list(given_up.state.methods)) == ((), [phone, app])


def test_only_so_many_setups_are_under_way():
    info, ids = SecurityInfo(), []
    for number in range(MOST_SETUPS + 2):
        decision = adding(info, PHONE, f"+4670{number}", facts=facts_at(chance=number + 1))
        info, ids = decision.state, [*ids, decision.answer["method_id"]]
    assert list(info.methods) == ids[-MOST_SETUPS:]


@pytest.mark.parametrize("type_", [PHONE, EMAIL])
def test_what_organizations_bar_for_everything_is_not_set_up_confirmed_or_sent_to(type_: str):
    info, method_id = added(type_)
    info = member_of("contoso", "fabrikam", info=info)
    nothing = policies(fabrikam=policy(two_step={"methods": []}, password_reset={"methods": []}))
    for refused in (
        lambda: adding(info, type_, "another", policies=nothing),
        lambda: again(info, method_id, policies=nothing),
        lambda: typing(info, method_id, right_code(info, method_id), allowed=nothing),
    ):
        with pytest.raises(contract.MethodTypeNotAllowed) as barred:
            refused()
        assert barred.value.organizations == ["fabrikam"]
