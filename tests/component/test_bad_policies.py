"""A policy that cannot be kept is refused field by field, and nothing comes of it."""

import pytest

from tests.component.looking import kept_of

ORGANIZATION = "/system/organizations/contoso"
_POLICY = "/security_policy"
BAD = {
    "a text": ("strict", _POLICY, "model_type"),
    "an unknown member": ({"strict": True}, f"{_POLICY}/strict", "extra_forbidden"),
    "an unknown member of a part": ({"keys": {"brand": "x"}}, f"{_POLICY}/keys/brand", "extra_forbidden"),
    "an unknown kind": ({"two_step": {"methods": ["pigeon"]}}, f"{_POLICY}/two_step/methods/0", "literal_error"),
    "kinds that are none": ({"two_step": {"methods": "phone"}}, f"{_POLICY}/two_step/methods", "tuple_type"),
    "many kinds": ({"two_step": {"methods": ["phone"] * 11}}, f"{_POLICY}/two_step/methods", "too_long"),
    "three required": ({"two_step": {"required": 3}}, f"{_POLICY}/two_step/required", "less_than_equal"),
    "less than none": (
        {"password_reset": {"required": -1}},
        f"{_POLICY}/password_reset/required",
        "greater_than_equal",
    ),
    "two questions": ({"questions": {"to_register": 2}}, f"{_POLICY}/questions/to_register", "greater_than_equal"),
    "six questions": ({"questions": {"to_register": 6}}, f"{_POLICY}/questions/to_register", "less_than_equal"),
    "more asked than there are": (
        {"questions": {"to_register": 3, "to_answer": 4}},
        f"{_POLICY}/questions",
        "more_asked_than_registered",
    ),
    "no questions at all": ({"questions": {"predefined": False}}, f"{_POLICY}/questions", "too_few_questions"),
    "a question twice": (
        {"questions": {"custom": [{"id": "a", "text": "A?"}, {"id": "a", "text": "B?"}]}},
        f"{_POLICY}/questions",
        "repeated",
    ),
    "a question without text": (
        {"questions": {"custom": [{"id": "a", "text": " "}]}},
        f"{_POLICY}/questions/custom/0/text",
        "string_too_short",
    ),
    "a question with a strange id": (
        {"questions": {"custom": [{"id": "A b", "text": "A?"}]}},
        f"{_POLICY}/questions/custom/0/id",
        "string_pattern_mismatch",
    ),
    "21 questions": (
        {"questions": {"custom": [{"id": f"q{n}", "text": f"Q{n}?"} for n in range(21)]}},
        f"{_POLICY}/questions/custom",
        "too_long",
    ),
    "a model that is none": (
        {"keys": {"allowed_models": ["12345678-1234-1234-1234-123456789abc", "YubiKey"]}},
        f"{_POLICY}/keys/allowed_models/1",
        "string_pattern_mismatch",
    ),
    "no model at all": ({"keys": {"allowed_models": []}}, f"{_POLICY}/keys/allowed_models", "too_short"),
    "another first proof": ({"first_proof": "trust"}, f"{_POLICY}/first_proof", "literal_error"),
    "a number for a yes": ({"app_passwords": 7}, f"{_POLICY}/app_passwords", "bool_parsing"),
}


@pytest.mark.parametrize(("policy", "pointer", "key"), BAD.values(), ids=BAD)
async def test_a_policy_is_refused_that_is(directory, mongo, *, policy, pointer, key):
    before = await kept_of(mongo, "contoso")
    status, problem = await directory("PUT", ORGANIZATION, {"name": "Contoso", "security_policy": policy})
    assert (status, problem["key"]) == (422, "invalid")
    assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [(pointer, key)]
    assert problem["errors"][0]["detail"]
    assert await kept_of(mongo, "contoso") == before


async def test_only_who_speaks_for_an_organization_says_what_it_asks_for(system, mongo):
    before = await kept_of(mongo, "contoso")
    ask = await system("fabrikam")
    status, problem = await ask("PUT", ORGANIZATION, {"name": "Contoso", "security_policy": {"app_passwords": True}})
    assert (status, problem["key"]) == (403, "organization_not_yours")
    assert await kept_of(mongo, "contoso") == before
