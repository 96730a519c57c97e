"""Whoever could be reached before is told what happened to their account; what was just added is not told of itself."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from organizations import account as accounts
from organizations import telling as work
from organizations.account import Account, Profile
from security_info import managing, reaching, telling
from security_info.model import SecurityInfo
from security_info.telling import MOST_TEXTS
from shared.contracts import organizations as contract
from shared.contracts.devices import DeviceDisabled
from shared.contracts.security_info import MethodAdded, MethodRemoved
from shared.deciding import Actor, Decision
from shared.facts import Facts
from shared.letters import Letter, Waiting
from shared.noticing import KIND, Manner, Told
from tests.unit.furnished import ANYTHING, NOW, confirmed, member_of, right_code, target, with_methods
from tests.unit.sending_codes import ANOTHER, EMAIL, NUMBER, PHONE, adding, after, changing, reachable, typing

MANNER = Manner("sv")
ALICE, DIRECTORY = Actor("user", "alice"), Actor("system", "directory")
APP = "authenticator-app"


def told(rule: Any, info: SecurityInfo, facts: Facts = NOW, *, actor: Actor = ALICE, **other: Any) -> Any:
    return telling.with_notices(rule, actor, MANNER, **other)(info, facts)


def removing(info: SecurityInfo, method_id: str, facts: Facts = NOW) -> Any:
    return told(partial(managing.remove, method_id=method_id, policies=ANYTHING), info, facts)


def places(decision: Any) -> list[tuple[str, str]]:
    return [(letter.channel, letter.to) for letter in decision.letters if letter.kind == KIND]


def things(decision: Any) -> list[str]:
    return [one.type for notice in decision.state.notices.values() for one in notice.told]


def test_a_change_is_told_at_every_phone_and_address_of_the_person():
    info, (_, _, _, app) = with_methods(PHONE, PHONE, EMAIL, APP)
    decision = removing(info, app)
    assert places(decision) == [("text", "phone 1"), ("text", "phone 2"), ("mail", "email 3")]
    assert things(decision) == [MethodRemoved.wire]
    assert [type(event) for event in decision.news] == [MethodRemoved]


def test_what_was_just_added_is_not_told_of_itself():
    info, _ = with_methods(EMAIL)
    begun = adding(info, to=NUMBER, facts=after(60))
    method_id = begun.answer["method_id"]
    rule = lambda info, _facts: confirmed(info, method_id)  # noqa: E731  # a rule in one line
    decision = told(rule, begun.state)
    assert places(decision) == [("mail", "email 1")]
    first = adding(SecurityInfo(), to=NUMBER)
    alone = told(lambda info, _facts: confirmed(info, first.answer["method_id"]), first.state)
    assert (places(alone), alone.state.notices) == ([], {})
    assert isinstance(alone.news[0], MethodAdded)


def test_what_was_removed_is_told_where_it_was():
    info, (address,) = with_methods(EMAIL)
    decision = removing(info, address)
    assert places(decision) == [("mail", "email 1")]
    assert decision.state.methods == {}


@pytest.mark.parametrize("type_", [PHONE, EMAIL])
def test_another_number_or_address_is_told_to_the_old_one(type_: str):
    begun = adding(SecurityInfo(), type_, NUMBER)
    method_id = begun.answer["method_id"]
    info = typing(begun.state, method_id, right_code(begun.state, method_id)).state
    waiting = changing(info, method_id, facts=after(60)).state
    code = right_code(waiting, method_id)
    decision = told(lambda info, facts: typing(info, method_id, code, facts=facts), waiting, after(61))
    assert [to for _, to in places(decision)] == [NUMBER]
    assert reachable(decision.state, method_id).target.value.value == ANOTHER


def test_what_waits_to_be_confirmed_is_told_nothing():
    info, (app,) = with_methods(APP)
    waiting = adding(info, to=NUMBER, facts=after(60)).state
    assert places(removing(waiting, app)) == []


def test_who_is_called_or_has_a_phone_of_the_organizations_gets_no_text():
    info, (phone, app) = with_methods(PHONE, APP, info=member_of("contoso"))
    called = reachable(info, phone)
    info = info.with_method(phone, called.with_changes(target=called.target.model_copy(update={"way": "call"})))
    known = {"name": None, "language": "en", "policies": ANYTHING}
    put = partial(reaching.put, method_id="office", target=target(ANOTHER, "text"), **known)
    there = told(put, info, actor=DIRECTORY)
    assert places(there) == []
    assert places(removing(there.state, app)) == []


def test_letters_of_the_rule_itself_go_out_as_well_and_refusals_are_told():
    info, (address,) = with_methods(EMAIL)
    code = Letter(**{**_letter_of(info, address), "kind": "code"})
    news = (MethodRemoved(method_id="m", method_type=PHONE, name="P"),)
    refusal = contract.AccountNotFound()
    rule = lambda info, _facts: Decision(info, {"a": 1}, news, refusal, letters=(code,))  # noqa: E731  # in one line
    decision = told(rule, info)
    assert decision.letters[0] == code
    assert places(decision) == [("mail", "email 1")]
    assert (decision.answer, decision.news, decision.refusal) == ({"a": 1}, news, refusal)


def _letter_of(info: SecurityInfo, method_id: str) -> dict[str, Any]:
    letter = removing(info, method_id).letters[0]
    return {name: getattr(letter, name) for name in Letter.__dataclass_fields__}


def removals(info: SecurityInfo, apps: list[str], apart: float) -> list[Any]:
    """Remove one after the other, each a while after the one before."""
    decisions = []
    for number, app in enumerate(apps):
        decisions.append(removing(info, app, after(apart * number, 100 + number)))
        info = decisions[-1].state
    return decisions


def test_no_more_than_five_texts_an_hour_are_spent_on_notices():
    info, (_, _, _, *keys) = with_methods(PHONE, PHONE, EMAIL, *["security-key"] * 8)
    decisions = removals(info, keys, 60)
    channels = [[channel for channel, _ in places(decision)] for decision in decisions]
    assert channels == [["text", "text", "mail"]] * 2 + [["text", "mail"]] + [["mail"]] * 5
    assert sum(several.count("text") for several in channels) == MOST_TEXTS == 5
    later = removing(decisions[-1].state, next(iter(decisions[-1].state.methods)), after(3601, 300))
    assert [channel for channel, _ in places(later)].count("text") == 2


def test_what_comes_along_in_a_text_that_waits_costs_no_more():
    info, (_, *keys) = with_methods(PHONE, *["security-key"] * 8)
    decisions = removals(info, keys[:4], 60)
    fifth = removing(decisions[-1].state, keys[4], after(240, 200))
    assert places(fifth) == [("text", "phone 1")]
    along = removing(fifth.state, keys[5], after(241, 201))
    assert places(along) == []
    assert len(list(along.state.notices.values())[-1].told) == 2
    late = removing(along.state, keys[6], after(300, 202))
    assert (places(late), late.state.notices) == ([], along.state.notices)


@pytest.mark.parametrize(
    ("spoken", "known", "expected"), [("en", None, "en"), (None, "en", "en"), (None, None, "sv"), ("sv", "en", "sv")]
)
def test_it_is_told_in_the_persons_language(spoken: str | None, known: str | None, expected: str):
    info, (address,) = with_methods(EMAIL)
    rule = partial(managing.remove, method_id=address, policies=ANYTHING)
    decision = told(rule, info.changed(language=known), language=spoken)
    assert [letter.language for letter in decision.letters] == [expected]
    assert decision.state.language == (spoken or known)


def elsewhere() -> Told:
    facts = {"device_id": "d", "organization_id": "contoso", "name": "Laptop", "reason": "lost"}
    return Told(id="e1", type=DeviceDisabled.wire, at=NOW.now, by="you", facts=facts)


def test_what_happens_elsewhere_is_told_by_mail_alone_and_noted_by_its_rule():
    info, _ = with_methods(PHONE, EMAIL)
    noting = lambda info, _facts: Decision(info.changed(default_method=None))  # noqa: E731  # a rule in one line
    decision = telling.noted(info, NOW, rule=noting, told=elsewhere(), manner=MANNER)
    assert places(decision) == [("mail", "email 2")]
    assert decision.state.default_method is None
    assert (things(decision), decision.state.texted_at) == ([DeviceDisabled.wire], ())


def waiting_for(letter: Letter, kind: str) -> Waiting:
    known = {name: getattr(letter, name) for name in ("id", "channel", "language", "due_at", "expires_at", "about")}
    return Waiting(key="alice", kind=kind, attempts=1, content=b"", **known)


def test_what_was_kept_for_a_notice_goes_with_its_last_letter():
    info, (address,) = with_methods(EMAIL)
    decision = removing(info, address)
    (letter,) = decision.letters
    assert telling.without(decision.state, waiting_for(letter, "code")) == decision.state
    assert telling.without(decision.state, waiting_for(letter, KIND)).notices == {}


def at_work(**other: Any) -> Account:
    return Account(home="contoso", directory=Profile(email="alice@contoso.example"), **other)


def put(account: Account, email: str | None = "alice@contoso.example", **other: Any) -> Any:
    wish = contract.PutAccount.model_validate(
        {"home_organization": "contoso", "profile": {"name": "Alice", "email": email}, **other}
    )
    rule = partial(accounts.put, wish=wish, organization_name="Contoso", speaks_for=lambda _id: True)
    return work.with_notices(rule, DIRECTORY, MANNER)(account, NOW)


def test_work_is_told_at_the_address_that_the_directory_knows():
    decision = put(at_work(), disabled=True)
    assert places(decision) == [("mail", "alice@contoso.example")]
    assert contract.AccountDisabledByOrganization.wire in things(decision)
    heard = work.note_news(at_work(language="en"), NOW, told=elsewhere(), manner=MANNER)
    assert [(letter.to, letter.language) for letter in heard.letters] == [("alice@contoso.example", "en")]
    assert work.without(heard.state, waiting_for(heard.letters[0], KIND)).notices == {}


def test_who_was_just_put_in_gets_no_letter():
    decision = put(Account(), disabled=True)
    assert decision.news
    assert (decision.letters, decision.state.notices) == ((), {})


def test_who_has_no_address_at_work_is_told_nothing_and_a_sign_in_gives_one():
    assert work.note_news(Account(home="contoso"), NOW, told=elsewhere(), manner=MANNER).letters == ()
    claimed = Account(home="contoso", claims=Profile(email="a@home.example"))
    heard = work.note_news(claimed, NOW, told=elsewhere(), manner=MANNER)
    assert places(heard) == [("mail", "a@home.example")]
    assert heard.letters[0].due_at == NOW.now + timedelta(seconds=30)
