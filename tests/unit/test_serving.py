"""Who is let in to an endpoint, and whose change is refused because they have not seen what they change."""

from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import to_json

from shared.asking import Call, etag
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import MissingScope, NotAllowed, NotFound, PreconditionFailed
from shared.deciding import Actor, Command, Decision
from shared.identifying import Caller, Principal, SystemClient
from shared.serving import admit
from shared.testing import facts_at

FOR_PEOPLE = Endpoint(name="read", summary="Read", method="GET", path="/things")
FOR_SYSTEMS = Endpoint(name="put", summary="Put", method="PUT", path="/system/accounts/{account}", scope="things.write")
ALICE = Principal(account="alice")


def system(*scopes: str) -> SystemClient:
    return SystemClient(client_id="directory", scopes=frozenset(scopes), organizations=frozenset({"*"}))


def test_people_are_let_in_to_what_is_theirs_and_systems_with_its_scope_to_what_is_theirs():
    admit(FOR_PEOPLE, ALICE)
    admit(FOR_SYSTEMS, system("things.write", "more"))


@pytest.mark.parametrize(
    ("endpoint", "caller"),
    [(FOR_SYSTEMS, ALICE), (FOR_PEOPLE, system()), (FOR_PEOPLE, system("things.write"))],
)
def test_neither_is_let_in_to_what_is_the_others(endpoint: Endpoint, caller: Caller):
    with pytest.raises(NotAllowed):
        admit(endpoint, caller)


@pytest.mark.parametrize("scopes", [(), ("things.read",), ("things",), ("things.write.more",), ("THINGS.WRITE",)])
def test_a_system_needs_the_very_scope(scopes: tuple[str, ...]):
    with pytest.raises(MissingScope) as refused:
        admit(FOR_SYSTEMS, system(*scopes))
    assert refused.value.scope == "things.write"


class Thing(BaseModel):
    count: int = 0


class Seen(BaseModel):
    shown: int


def view(thing: Thing) -> Seen:
    return Seen(shown=thing.count)


def add(thing: Thing, _facts: Any) -> Decision[Thing]:
    return Decision(Thing(count=thing.count + 1))


def call(caller: Caller = ALICE, if_match: str | None = None, **path: str) -> Call:
    return Call(caller=caller, command=Command("c", "d", Actor("user", "x")), path=path, if_match=if_match)


def tag_of(thing: Thing) -> str:
    return etag(to_json(view(thing)))


@pytest.mark.parametrize("if_match", [None, "*", tag_of(Thing(count=3))])
def test_who_has_seen_it_or_does_not_say_may_change_it(if_match: str | None):
    assert call(if_match=if_match).guarding(add, view)(Thing(count=3), facts_at()).state == Thing(count=4)


@pytest.mark.parametrize(
    "if_match", [tag_of(Thing(count=2)), tag_of(Thing(count=3)).strip('"'), f"W/{tag_of(Thing(count=3))}", "", '""']
)
def test_who_has_seen_something_else_may_not(if_match: str):
    with pytest.raises(PreconditionFailed):
        call(if_match=if_match).guarding(add, view)(Thing(count=3), facts_at())


def test_what_was_seen_is_compared_each_time_the_rule_runs():
    guarded = call(if_match=tag_of(Thing(count=3))).guarding(add, view)
    changed = guarded(Thing(count=3), facts_at()).state
    with pytest.raises(PreconditionFailed):
        guarded(changed, facts_at())


def test_not_to_have_seen_it_comes_before_what_the_rule_refuses():
    def refuse(_thing: Thing, _facts: Any) -> Decision[Thing]:
        raise NotFound

    with pytest.raises(PreconditionFailed):
        call(if_match='"x"').guarding(refuse, view)(Thing(), facts_at())


def test_a_persons_account_is_their_own_and_a_systems_the_one_that_it_names():
    assert call(ALICE, account="bob").account == "alice"
    assert call(system(), account="bob").account == "bob"


def test_nobody_is_taken_for_the_other_kind():
    assert call(ALICE).principal is ALICE
    with pytest.raises(TypeError):
        _ = call(ALICE).system
    with pytest.raises(TypeError):
        _ = call(system()).principal


def test_who_names_several_versions_has_seen_one_of_them():
    several = f'"another", {tag_of(Thing(count=3))}'
    assert call(if_match=several).guarding(add, view)(Thing(count=3), facts_at()).state == Thing(count=4)
