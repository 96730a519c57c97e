import copy
import re
from itertools import product

import jsonschema
import pytest
import schemathesis

from gateway.documents import ENDPOINTS
from shared.contracts.devices import DeviceLimitReached
from shared.contracts.endpoint import Endpoint
from shared.contracts.organizations import MembershipLimitReached
from shared.contracts.problem import Invalid, MissingScope, Problem
from shared.contracts.security_info import CodeIncorrect, MethodLimitReached
from shared.documenting.openapi import openapi
from shared.documenting.schemas import self_contained

ALL = [endpoint for endpoints in ENDPOINTS.values() for endpoint in endpoints]
EXPOSED = [endpoint for endpoint in ALL if endpoint.exposed]


@pytest.fixture(scope="module")
def document():
    return openapi(ENDPOINTS, title="Under test", version="1")


def operation(document, endpoint):
    return document["paths"][f"/api{endpoint.path}"][endpoint.method.lower()]


def parameters(document, endpoint):
    listed = operation(document, endpoint).get("parameters", [])
    place = document["components"]["parameters"]
    resolved = [place[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in listed]
    return {(one["in"], one["name"]): one for one in resolved}


def problem_schemas(document, endpoint, status):
    schema = operation(document, endpoint)["responses"][str(status)]["content"]["application/problem+json"]["schema"]
    names = [one["$ref"].rpartition("/")[2] for one in schema.get("oneOf", [schema])]
    return {document["components"]["schemas"][name]["properties"]["key"]["const"]: name for name in names}


def test_it_keeps_the_rules_of_openapi(document):
    schemathesis.openapi.from_dict(document).validate()
    broken = copy.deepcopy(document)
    del broken["info"]["title"]
    with pytest.raises(Exception, match="title"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_operation_can_be_read_by_a_program(document):
    read = [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]
    expected = {f"{endpoint.method} /api{endpoint.path}" for endpoint in EXPOSED}
    assert {found.label for found in read} == expected


def test_each_exposed_endpoint_is_there_once_and_the_others_are_not(document):
    ids = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert sorted(ids) == sorted(endpoint.name for endpoint in EXPOSED)
    assert len({endpoint.name for endpoint in ALL}) == len(ALL)


@pytest.mark.parametrize("endpoint", EXPOSED, ids=lambda endpoint: endpoint.name)
def test_each_problem_stands_under_its_status(document, endpoint):
    for problem in (*endpoint.all_problems, Problem):
        assert problem.key in problem_schemas(document, endpoint, problem.status)


@pytest.mark.parametrize("endpoint", EXPOSED, ids=lambda endpoint: endpoint.name)
def test_parameters_are_those_of_the_path_the_query_and_the_kind(document, endpoint):
    expected = {("path", name) for name in re.findall(r"\{(\w+)\}", endpoint.path)}
    expected |= {("query", name) for name in (endpoint.query.model_fields if endpoint.query else ())}
    expected |= {("header", "Proof")} if endpoint.needs_proof else set()
    if endpoint.changes:
        expected |= {("header", "Idempotency-Key")} | (set() if endpoint.scope else {("header", "If-Match")})
    elif not endpoint.fresh:
        expected |= {("header", "If-None-Match")}
    assert parameters(document, endpoint).keys() == expected


@pytest.mark.parametrize("endpoint", EXPOSED, ids=lambda endpoint: endpoint.name)
def test_who_may_ask_is_said_and_with_which_scope(document, endpoint):
    assert document["security"] == [{"bearer": []}, {"session": []}]
    assert operation(document, endpoint).get("security") == ([{"system": [endpoint.scope]}] if endpoint.scope else None)
    own = {problem.key for problem in endpoint.problems if problem.status == 403}
    keys = problem_schemas(document, endpoint, 403).keys() - own
    assert keys == {"not_allowed"} | (
        {"missing_scope", "organization_not_yours"} if endpoint.scope else {"account_disabled"}
    )
    proved = {"proof_needed"} if endpoint.needs_proof else set()
    assert problem_schemas(document, endpoint, 401).keys() == {"not_signed_in"} | proved
    assert bool(proved) == (f"`{endpoint.needs_proof}`" in operation(document, endpoint).get("description", ""))
    answer = operation(document, endpoint)["responses"]["401"]["headers"]["WWW-Authenticate"]["$ref"]
    described = document["components"]["headers"][answer.rpartition("/")[2]]["description"]
    assert bool(proved) == ("`insufficient_user_authentication`" in described)
    if endpoint.scope:
        assert f"`{endpoint.scope}`" in document["components"]["securitySchemes"]["system"]["description"]


@pytest.mark.parametrize("endpoint", [one for one in EXPOSED if one.scope], ids=lambda endpoint: endpoint.name)
def test_systems_are_told_which_ids_they_may_give(document, endpoint):
    for (place, name), parameter in parameters(document, endpoint).items():
        if place == "path":
            pattern = parameter["schema"]["pattern"]
            assert re.search(pattern, "a.b-1")
            assert not re.search(pattern, "")
            assert not re.search(pattern, "a\x00")
            assert bool(re.search(pattern, "auth0|Å b/c")) == (name == "account")
            longest = 255 if name == "account" else 64
            assert re.search(pattern, "x" * longest)
            assert not re.search(pattern, "x" * (longest + 1))


@pytest.mark.parametrize("endpoint", EXPOSED, ids=lambda endpoint: endpoint.name)
def test_the_answer_that_was_asked_for_is_described(document, endpoint):
    responses = operation(document, endpoint)["responses"]
    content = responses[str(endpoint.status)].get("content")
    assert (content is not None) == (endpoint.response is not None)
    assert ("304" in responses) == (not endpoint.changes and not endpoint.fresh)


def test_every_reference_leads_somewhere(document):
    def references(part):
        if isinstance(part, list):
            return {found for one in part for found in references(one)}
        if not isinstance(part, dict):
            return set()
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own | {found for one in part.values() for found in references(one)}

    for reference in references(document):
        found = document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]


@pytest.mark.parametrize(
    "problem",
    [
        Problem(),
        CodeIncorrect(attempts_left=4),
        MethodLimitReached(limit=5),
        DeviceLimitReached(limit=200),
        MembershipLimitReached(limit=100),
        MissingScope(scope="devices.write"),
        Invalid(errors=[]),
    ],
    ids=lambda problem: problem.key,
)
def test_a_problem_as_it_is_sent_matches_its_schema_and_no_other_of_its_status(document, problem):
    sent = {**problem.document(), "title": "In words", "detail": "In more words"}
    components = document["components"]["schemas"]
    matching = {
        key
        for endpoint, one in product(EXPOSED, [problem])
        if str(one.status) in operation(document, endpoint)["responses"]
        for key, name in problem_schemas(document, endpoint, one.status).items()
        if jsonschema.Draft7Validator(self_contained(components[name], components)).is_valid(sent)
    }
    assert matching == {problem.key}


def test_what_a_query_leaves_out_is_not_said_to_be_null(document):
    for endpoint in EXPOSED:
        for (place, _), parameter in parameters(document, endpoint).items():
            assert place != "query" or "null" not in str(parameter["schema"])


def test_a_hidden_endpoint_leaves_nothing_behind():
    hidden = Endpoint(name="hidden", summary="Do not tell", method="GET", path="/hidden", exposed=False)
    document = openapi({"nobody": [hidden]}, title="Under test", version="1")
    assert document["paths"] == {}
    assert document["tags"] == []
    assert document["components"]["schemas"] == {}
