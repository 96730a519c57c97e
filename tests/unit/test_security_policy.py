"""Of several organizations the strictest holds, point by point."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security_info.methods import KINDS
from security_info.policies import PolicyBook
from security_info.policy import NOBODY, Policy, Told
from security_info.questions import offered
from shared.contracts import security_info as contract
from shared.contracts.security_policy import QuestionsPolicy, SecurityPolicy
from tests.unit.furnished import policies, policy, with_methods

MODELS = tuple(f"{number:08x}-0000-0000-0000-000000000000" for number in range(4))


def together(*several: SecurityPolicy) -> Policy:
    return Policy(tuple(Told(f"o{number}", f"O{number}", one) for number, one in enumerate(several)))


def methods(*types: str) -> list[Any]:
    info, _ = with_methods(*types)
    return list(info.methods.values())


def test_where_nobody_says_anything_the_default_holds():
    told = together(policy())
    assert told.refusing("authenticator-app") == told.refusing("security-key") == told.refusing("recovery-codes") == ()
    assert told.refusing("security-questions") == told.refusing("app-password") == ("o0",)
    assert told.need("two_step", []).required == told.need("password_reset", []).required == 0


def test_the_portals_own_default_holds_where_an_organization_leaves_a_point_open():
    strict = policy(two_step={"methods": ["security-key"]}, password_reset={"methods": ["security-key"]})
    told = Policy((Told("o", "O", policy(two_step={"required": 1})),), strict)
    assert told.refusing("authenticator-app") == ("o",)
    assert told.refusing("security-key") == ()


def test_no_methods_at_all_is_something_that_is_said():
    nothing = policy(two_step={"methods": []}, password_reset={"methods": []})
    assert together(nothing).refusing("authenticator-app") == ("o0",)
    assert Policy((Told("o", "O", policy()),), nothing).refusing("authenticator-app") == ("o",)


def test_a_type_is_added_while_it_serves_one_purpose():
    two_step_only = policy(two_step={"methods": ["authenticator-app"]}, password_reset={"methods": []})
    reset_only = policy(two_step={"methods": []}, password_reset={"methods": ["authenticator-app"]})
    assert together(two_step_only).refusing("authenticator-app") == ()
    assert together(two_step_only, two_step_only).barring("authenticator-app", "password_reset") == ("o0", "o1")
    assert together(two_step_only, reset_only).refusing("authenticator-app") == ("o1", "o0")


def test_app_passwords_are_for_those_whose_organizations_all_let_them():
    yes, no = policy(app_passwords=True), policy()
    assert together(yes, yes).refusing("app-password") == ()
    assert together(yes, no).refusing("app-password") == ("o1",)


def test_the_highest_requirement_counts_and_tells_whose_it_is():
    told = together(
        policy(two_step={"required": 1}), policy(two_step={"required": 2}), policy(two_step={"required": 2})
    )
    need = told.need("two_step", methods("authenticator-app"))
    assert (need.required, need.registered, need.organizations) == (2, 1, ("o1", "o2"))
    assert together(policy()).need("two_step", []).organizations == ()


def test_two_of_a_type_are_two_steps_but_one_way_to_reset_a_password():
    told = together(policy())
    two = methods("authenticator-app", "authenticator-app")
    assert told.need("two_step", two).registered == 2
    assert told.need("password_reset", two).registered == 1
    assert told.need("password_reset", [*two, *methods("security-key")]).registered == 2


def test_what_is_barred_or_a_last_resort_satisfies_nothing():
    keys_only = policy(two_step={"methods": ["security-key", "recovery-codes"], "required": 1})
    there = methods("authenticator-app", "recovery-codes", "app-password", "security-questions")
    assert together(policy(), keys_only).need("two_step", there).registered == 0
    assert together(policy(), keys_only).need("two_step", methods("security-key")).registered == 1


def test_less_than_needed_may_stay_but_not_become_less():
    told = together(policy(two_step={"required": 2}))
    one, two = methods("authenticator-app"), methods("authenticator-app", "security-key")
    told.refuse_lessening(one, one)
    told.refuse_lessening(two, two)
    with pytest.raises(contract.MethodNeeded) as refused:
        told.refuse_lessening(two, one)
    assert refused.value.fields() == {"purpose": "two_step", "required": 2, "organizations": ["o0"]}
    with pytest.raises(contract.MethodNeeded):
        told.refuse_lessening(one, [])


def test_the_most_questions_are_to_be_answered_and_ours_only_where_all_let_them():
    own = {"custom": [{"id": f"q{number}", "text": f"Question {number}?"} for number in range(5)]}
    told = together(policy(questions={"to_register": 4}), policy(questions={"to_register": 5, **own}))
    assert (told.questions_to_register, told.predefined_questions) == (5, True)
    closed = together(policy(), policy(questions={"predefined": False, **own}))
    assert not closed.predefined_questions
    assert [question.id for question in closed.custom_questions()] == [f"o1:q{number}" for number in range(5)]
    assert {question.organization_id for question in closed.custom_questions()} == {"o1"}


def test_questions_of_two_organizations_with_the_same_id_are_told_apart():
    own = policy(questions={"custom": [{"id": "q", "text": "Question?"}]})
    assert [question.id for question in together(own, own).custom_questions()] == ["o0:q", "o1:q"]


def test_keys_must_please_every_organization():
    none, one = policy().keys, policy(keys={"attestation": True, "allowed_models": MODELS[:2]})
    other = policy(keys={"user_verification": True, "allowed_models": MODELS[1:3]})
    rules = together(policy(), one, other).key_rules
    assert (rules.attestation, rules.user_verification, rules.allowed_models) == (True, True, frozenset(MODELS[1:2]))
    assert none.allowed_models is together(policy()).key_rules.allowed_models is None
    apart = policy(keys={"allowed_models": MODELS[3:]})
    assert together(one, apart).key_rules.allowed_models == frozenset()


def test_the_home_organization_alone_asks_for_access_codes():
    told = together(policy(), policy(first_proof="temporary_access_code"))
    assert told.asks_for_access_code("o1")
    assert not told.asks_for_access_code("o0")
    assert not told.asks_for_access_code(None)


def test_without_an_organization_nobody_asks_for_access_codes():
    strict = policy(first_proof="temporary_access_code")
    assert not Policy((Told(NOBODY, "", strict),), strict).asks_for_access_code(None)


OWN = [{"id": f"q{number}", "text": f"Question {number}?"} for number in range(4)]


@pytest.mark.parametrize(("own", "to_register"), [(3, 3), (4, 4)])
def test_never_more_questions_are_to_be_answered_than_there_are(own: int, to_register: int):
    few = policy(questions={"predefined": False, "custom": OWN[:own], "to_register": 3})
    told = together(policy(questions={"to_register": 5}), few)
    assert (told.questions_offered, told.questions_to_register) == (own, to_register)
    assert len(offered(told, "en").questions) == own


def test_where_fewer_than_three_questions_are_left_there_are_none_to_add():
    allowed = {"password_reset": {"methods": ["security-questions"]}}
    closed = policy(**allowed, questions={"predefined": False, "custom": OWN[:3]})
    nowhere = policy(**allowed).model_copy(update={"questions": QuestionsPolicy.model_construct(predefined=False)})
    assert together(policy(**allowed), closed).refusing("security-questions") == ()
    assert together(policy(**allowed), nowhere).refusing("security-questions") == ("o1",)
    assert together(closed, nowhere).refusing("security-questions") == ()


parts = st.fixed_dictionaries(
    {
        purpose: st.fixed_dictionaries(
            {
                "methods": st.none() | st.lists(st.sampled_from(sorted(KINDS)), unique=True),
                "required": st.integers(0, 2),
            }
        )
        for purpose in ("two_step", "password_reset")
    }
    | {
        "app_passwords": st.booleans(),
        "keys": st.fixed_dictionaries(
            {
                "attestation": st.booleans(),
                "user_verification": st.booleans(),
                "allowed_models": st.none() | st.lists(st.sampled_from(MODELS), min_size=1, unique=True),
            }
        ),
    }
)


@given(several=st.lists(parts.map(lambda given: policy(**given)), min_size=1, max_size=3), one_more=parts)
def test_another_organization_never_makes_it_laxer(several: list[SecurityPolicy], one_more: dict[str, Any]):
    fewer, more = together(*several), together(*several, policy(**one_more))
    for type_, kind in KINDS.items():
        assert bool(more.refusing(type_)) >= bool(fewer.refusing(type_))
        for purpose in kind.purposes:
            assert set(more.barring(type_, purpose)) >= set(fewer.barring(type_, purpose))
    for purpose in ("two_step", "password_reset"):
        assert more.need(purpose, []).required >= fewer.need(purpose, []).required
    before, after = fewer.key_rules, more.key_rules
    assert after.attestation >= before.attestation
    assert after.user_verification >= before.user_verification
    every = frozenset(MODELS)
    assert (every if after.allowed_models is None else after.allowed_models) <= (before.allowed_models or every)


def test_an_organization_that_nothing_was_heard_of_has_the_default():
    strict = policy(two_step={"required": 2})
    book = PolicyBook(None, default=strict)  # type: ignore[arg-type]  # nothing is read here
    assert book.of(["contoso"]).told == (Told("contoso", "contoso", strict),)
    assert book.of([]).told == (Told(NOBODY, "", strict),)
    need = policies(nobody=strict)([]).need("two_step", [])
    assert (need.required, need.organizations) == (2, ())


def test_the_portals_own_questions_are_no_organizations():
    own = policy(questions={"custom": [{"id": "q", "text": "Question?"}]})
    (question,) = policies(nobody=own)([]).custom_questions()
    assert question.organization_id is None
