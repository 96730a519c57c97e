"""An account that belongs nowhere has the portal's default, which no organization set and none is named for."""

import json

import pytest

from tests.component.setting_up import add
from tests.conftest import Caller

METHODS = "/security-info/methods"


def emptinesses(answer, place=""):
    """Name the places in an answer where an organization is named that is none."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if name in {"organization_id", "organizations", "barred_by"} and '""' in json.dumps(value):
                yield f"{place}/{name}"
            yield from emptinesses(value, f"{place}/{name}")
    elif isinstance(answer, list):
        for number, value in enumerate(answer):
            yield from emptinesses(value, f"{place}/{number}")


async def test_no_answer_names_an_organization_that_is_none(api):
    await add(api)
    assert (await api("POST", METHODS, {"type": "recovery-codes"}))[0] == 201
    status, seen = await api("GET", "/security-info")
    assert (status, list(emptinesses(seen))) == (200, [])
    assert {one["type"]: one["organizations"] for one in seen["not_offered"]} == {
        "security-questions": [],
        "app-password": [],
    }
    assert seen["requirements"] == []
    assert [need["organizations"] for need in seen["needs"]] == [[], []]
    (codes,) = [one for one in seen["methods"] if one["type"] == "recovery-codes"]
    assert all(organizations == [] for organizations in codes["barred_by"].values())
    status, asked = await api("GET", "/security-info/questions")
    assert (status, list(emptinesses(asked))) == (200, [])


@pytest.mark.parametrize(
    "wish",
    [
        {"type": "app-password", "name": "Mail"},
        {
            "type": "security-questions",
            "answers": [
                {"question_id": id_, "answer": f"Answer {id_}"} for id_ in ("first-pet", "first-boss", "first-concert")
            ],
        },
    ],
    ids=lambda wish: wish["type"],
)
async def test_no_problem_names_one(api, wish):
    status, problem = await api("POST", METHODS, wish)
    assert (status, problem["key"], problem["organizations"]) == (403, "method_type_not_allowed", [])


async def test_a_proof_is_asked_for_in_nobodys_name(portal, http, someone):
    fresh = Caller(http, portal.url, await portal.token(someone), proves=False)
    status, answer = await fresh("POST", "/security-info/proofs", {})
    assert (status, list(emptinesses(answer))) == (201, [])
    status, problem = await fresh("POST", METHODS, {"type": "recovery-codes"})
    assert (status, problem["key"], list(emptinesses(problem))) == (401, "proof_needed", [])
