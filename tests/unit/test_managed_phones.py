"""A phone that the organization put in is the organization's: it proves by a call, and the person cannot change it."""

from typing import Any

import pytest

from security_info import enrolling, managing, reaching
from security_info.locking import Tries
from security_info.methods.phone import MOST_MANAGED
from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.organizations import AccountNotFound
from tests.unit.asking_for_proof import answered, asked
from tests.unit.furnished import ANYTHING, NOW, UNHURRIED, made, member_of, right_code, target, wish, with_methods
from tests.unit.sending_codes import ANOTHER, NUMBER, PHONE, adding, after, again, changing, reachable, typing

OFFICE = "office"


def put(info: SecurityInfo, method_id: str = OFFICE, to: str = NUMBER, **other: Any) -> Any:
    known = {"name": None, "language": "en", **other}
    return reaching.put(info, after(0, 60), method_id=method_id, target=target(to, "call"), policies=ANYTHING, **known)


def withdrawn(info: SecurityInfo, method_id: str = OFFICE) -> Any:
    return reaching.withdraw(info, NOW, method_id=method_id)


def at_home(**other: Any) -> SecurityInfo:
    return put(member_of("contoso"), **other).state


def test_it_counts_at_once_and_without_a_code():
    decision = put(member_of("contoso"), name="Desk")
    method = reachable(decision.state, OFFICE)
    assert (method.managed, method.confirmed_at, method.target.way) == (True, NOW.now, "call")
    assert decision.letters == ()
    assert decision.answer["method_id"] == OFFICE
    assert decision.news == (
        contract.MethodAdded(method_id=OFFICE, method_type=PHONE, name="Desk"),
        contract.DefaultMethodChanged(method_id=OFFICE, method_type=PHONE, name="Desk"),
    )
    assert decision.state.default_method == OFFICE


def test_it_leaves_the_default_that_there_is():
    info, (app,) = with_methods("authenticator-app", info=member_of("contoso"))
    assert put(info).state.default_method == app


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Office phone"), ("sv", "Arbetstelefon"), ("fi", "Office phone")]
)
def test_it_has_a_name_where_the_organization_gives_none(language: str, name: str):
    assert reachable(put(member_of("contoso"), language=language).state, OFFICE).name == name


def test_it_takes_no_room_of_the_persons_own():
    info = at_home()
    ids = []
    for number in (1, 2):
        begun = adding(info, to=f"+4670{number}", facts=after(number, number))
        ids.append(begun.answer["method_id"])
        info = typing(begun.state, ids[-1], right_code(begun.state, ids[-1]), facts=after(number)).state
    assert list(info.confirmed()) == [OFFICE, *ids]
    with pytest.raises(contract.MethodLimitReached):
        adding(info, to="+46703", facts=after(3, 3))
    assert list(put(info, "second", ANOTHER).state.confirmed()) == [OFFICE, *ids, "second"]


def test_an_organization_puts_in_only_so_many():
    info = member_of("contoso")
    for number in range(MOST_MANAGED):
        info = put(info, f"office-{number}", f"+4670{number}").state
    with pytest.raises(contract.MethodLimitReached) as refused:
        put(info, "one-more", ANOTHER)
    assert refused.value.limit == MOST_MANAGED == 3
    assert reachable(put(info, "office-0", ANOTHER).state, "office-0").target.value.value == ANOTHER


REFUSED = {
    "rename": lambda info: managing.rename(info, NOW, method_id=OFFICE, name="Mine"),
    "remove": lambda info: managing.remove(info, NOW, method_id=OFFICE, policies=ANYTHING),
    "change": lambda info: changing(info, OFFICE, facts=after(60)),
    "replace by a phone": lambda info: adding(info, to=ANOTHER, facts=after(60), replaces=OFFICE),
    "replace by an app": lambda info: enrolling.start_setup(
        info, after(60), wish=wish("authenticator-app", replaces=OFFICE), language="en", policies=ANYTHING
    ),
    "replace by codes": lambda info: enrolling.add(
        info,
        after(60),
        wish=wish("recovery-codes", replaces=OFFICE),
        made=made("recovery-codes"),
        language="en",
        policies=ANYTHING,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_person_cannot(what: str):
    with pytest.raises(contract.MethodIsManaged):
        REFUSED[what](at_home())


def test_nothing_is_sent_to_it_to_confirm_it():
    with pytest.raises(contract.MethodConfirmedAlready):
        again(at_home(), OFFICE)


def test_the_person_may_choose_it_and_another_as_the_default():
    info, (app,) = with_methods("authenticator-app", info=member_of("contoso"))
    chosen = managing.set_default(put(info).state, NOW, method_id=OFFICE).state
    assert chosen.default_method == OFFICE
    assert managing.set_default(chosen, NOW, method_id=app).state.default_method == app


@pytest.mark.parametrize("way", [None, "text", "call"])
def test_it_is_always_called(way: str | None):
    decision = asked(at_home(), OFFICE, way=way, sending=UNHURRIED)
    (letter,) = decision.letters
    assert (letter.channel, letter.to) == ("call", NUMBER)
    proved = answered(decision.state, decision.answer["challenge_id"], letter.fields["code"])
    assert proved.answer["proof"]["amr"] == ["tel"]


def test_saying_the_same_again_is_no_news():
    info = at_home(name="Desk")
    for name in ("Desk", None):
        decision = put(info, name=name)
        assert (decision.state, decision.news) == (info, ())


def test_another_name_and_another_number_are_news():
    info = at_home(name="Desk")
    decision = put(info, to=ANOTHER, name="Reception")
    assert decision.news == (
        contract.MethodRenamed(method_id=OFFICE, method_type=PHONE, name="Reception", previous_name="Desk"),
        contract.MethodChanged(method_id=OFFICE, method_type=PHONE, name="Reception"),
    )
    method = reachable(decision.state, OFFICE)
    assert (method.name, method.target.value.value, method.managed) == ("Reception", ANOTHER, True)


def test_with_another_number_the_codes_to_the_old_one_prove_no_more():
    challenge = asked(at_home(), OFFICE, sending=UNHURRIED)
    moved = put(challenge.state, to=ANOTHER).state
    with pytest.raises(contract.ChallengeEnded):
        answered(moved, challenge.answer["challenge_id"], challenge.letters[0].fields["code"])


def test_a_code_to_the_number_that_was_withdrawn_proves_nothing_for_the_one_that_is_put_in_again():
    challenge = asked(at_home(), OFFICE, sending=UNHURRIED)
    again_there = put(withdrawn(challenge.state).state, to=ANOTHER).state
    with pytest.raises(contract.ChallengeEnded):
        answered(again_there, challenge.answer["challenge_id"], challenge.letters[0].fields["code"])


def test_with_another_number_what_was_tried_with_the_old_one_is_not_forgotten():
    info = at_home()
    info = info.with_method(OFFICE, info.methods[OFFICE].tried("proof", Tries(failures=4)))
    assert put(info, to=ANOTHER).state.methods[OFFICE].tries_for("proof").failures == 4


def test_what_is_the_persons_own_is_not_found_by_the_organization():
    info, (phone, app) = with_methods(PHONE, "authenticator-app", info=member_of("contoso"))
    begun = adding(info, to=ANOTHER, facts=after(60))
    for method_id in (phone, app, begun.answer["method_id"]):
        for refused in (put, withdrawn):
            with pytest.raises(contract.MethodNotFound):
                refused(begun.state, method_id)


def test_the_organization_withdraws_it_and_the_default_moves():
    info, (app,) = with_methods("authenticator-app", info=at_home(name="Desk"))
    assert info.default_method == OFFICE
    decision = withdrawn(info)
    assert list(decision.state.methods) == [app]
    assert decision.state.default_method == app
    assert decision.news[0] == contract.MethodRemoved(method_id=OFFICE, method_type=PHONE, name="Desk")
    again_withdrawn = withdrawn(decision.state)
    assert (again_withdrawn.state, again_withdrawn.news) == (decision.state, ())


@pytest.mark.parametrize("rule", [put, withdrawn])
def test_nothing_is_put_in_or_withdrawn_where_nobody_is_at_home(rule: Any):
    with pytest.raises(AccountNotFound):
        rule(SecurityInfo())
