"""The portal answers as its OpenAPI document says, whatever a program that reads it makes up."""

import asyncio
import json

import jsonschema
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.documents import openapi_document
from shared.documenting.schemas import self_contained
from tests.component.asking import EXPOSED, LAST, body_of, named, path_of
from tests.component.putting_in import connect, publish, put_account, put_device, put_service
from tests.component.setting_up import add

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OF_ORGANIZATIONS = ("service_id", "terms_id")
"""Ids that persons know with the organization whose they are."""
DOCUMENT = schemathesis.openapi.from_dict(openapi_document())
NAMES = {f"{endpoint.method} /api{endpoint.path}": endpoint for endpoint in EXPOSED}
OF_POLICY = {endpoint for endpoint in EXPOSED if any(problem.status == 403 for problem in endpoint.problems)}
"""What a person who may ask is refused all the same, by what their organizations or we allow."""
OPERATIONS = {found.ok().label: found.ok() for found in DOCUMENT.get_all_operations()}
MADE_UP = [label for label in OPERATIONS if not NAMES[label].lines]
"""What schemathesis knows how to ask; lines are asked for below."""


@pytest.fixture(scope="module")
async def there(directory, program, account):
    """Ids of what is there, by the names of the path's parameters."""
    assert (await directory("PUT", "/system/organizations/documented", {"name": "Documented"}))[0] == 200
    await put_account(directory, account)
    assert (await directory("PUT", f"/system/accounts/{account}/organizations/documented"))[0] == 204
    await put_device(directory, account, "documented", organization_id="documented")
    key = f"/system/accounts/{account}/devices/documented/recovery-keys/documented"
    assert (await directory("PUT", key, {"kind": "luks", "key": "documented"}))[0] == 204
    await publish(directory, "documented", "documented", "1")
    await put_service(directory, "documented", "documented", may_disconnect=True)
    await connect(directory, account, "documented", "documented")
    return {
        "account": account,
        "device_id": "documented",
        "key_id": "documented",
        "service_id": "documented",
        "terms_id": "documented",
        "use_id": "documented",
        "version": "1",
        "method_id": (method := (await add(program))["method_id"]),
        "organization_id": "documented",
        "challenge_id": (await program("POST", "/security-info/proofs", {"method_id": method}))[1]["id"],
    }


def put(strategy, *, of, answered, checks, examples):
    """Send what *strategy* makes up and check each answer; runs beside the event loop that serves the portal."""
    address, headers = of
    with requests.Session() as session:

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def ask(case):
            response = case.call_and_validate(
                base_url=address, session=session, headers=headers, checks=checks, timeout=10
            )
            answered.append(response.status_code)

        ask()


@pytest.fixture
def asked(portal, program, directory):
    """Ask in a thread of its own, as whom the operation is for, and give the statuses that came."""

    async def asking(label, strategy, *, examples, checks=CHECKS, caller=None):
        answered = []
        whose = caller or (directory if NAMES[label].scope else program)
        of = (portal.url, whose._headers)
        await asyncio.to_thread(put, strategy, of=of, answered=answered, checks=checks, examples=examples)
        return answered

    return asking


async def test_the_document_that_is_served_is_the_one_that_is_tested(portal, http):
    async with http.get(f"{portal.url}/api/openapi.json") as response:
        assert await response.json() == openapi_document()
    assert len(OPERATIONS) == len(EXPOSED)


@pytest.mark.parametrize("label", [label for label in MADE_UP if NAMES[label].name != LAST])
async def test_what_the_document_allows_is_answered_as_it_says(asked, there, label):
    answered = await asked(label, OPERATIONS[label].as_strategy(GenerationMode.POSITIVE), examples=30)
    assert len(answered) >= 1
    assert 401 not in answered
    assert 403 not in answered or NAMES[label] in OF_POLICY


async def test_what_uses_a_token_up_is_answered_as_the_document_says(asked, api):
    (label,) = [label for label in OPERATIONS if NAMES[label].name == LAST]
    strategy = OPERATIONS[label].as_strategy(GenerationMode.POSITIVE)
    assert await asked(label, strategy, examples=1, caller=api) == [200]
    assert await asked(label, strategy, examples=1, caller=api) == [401]


@pytest.mark.parametrize("label", [label for label in MADE_UP if OPERATIONS[label].body or OPERATIONS[label].query])
async def test_what_the_document_forbids_is_refused_as_it_says(asked, label):
    seen = {"Accept": "*/*", "If-Match": "*"}  # who has seen something else is refused before what they ask for is
    strategy = OPERATIONS[label].as_strategy(GenerationMode.NEGATIVE, headers=seen)
    answered = await asked(label, strategy, examples=20, checks=[*CHECKS, negative_data_rejection])
    assert 422 in answered


LATE = {"removeMethod", "withdrawMethod", "deleteDevice", "withdrawTerms", "deleteService", "deleteConnection"}
LATE |= {"endMembership", "restoreMembership"}
FOUND = sorted(
    (
        label
        for label, one in OPERATIONS.items()
        if one.path_parameters and NAMES[label].name not in {"endSession", "leaveOrganization"}
    ),
    # Last, since others ask for what is gone then; a system takes only its own out, or what is gone already.
    key=lambda label: NAMES[label].name in LATE,
)


@pytest.mark.parametrize("label", FOUND)
async def test_what_is_there_is_answered_as_the_document_says(asked, directory, program, there, label):
    endpoint = NAMES[label]
    known = there | ({} if endpoint.scope else dict.fromkeys(OF_ORGANIZATIONS, "documented~documented"))
    ids = {name: known[name] for name in endpoint.path_parameters}
    strategy = OPERATIONS[label].as_strategy(GenerationMode.POSITIVE, path_parameters=ids)
    answered = await asked(label, strategy, examples=20)
    assert 401 not in answered
    assert 403 not in answered or endpoint in OF_POLICY
    if set(answered) == {404}:  # whatever was made up named something else that is not there
        ask = directory if endpoint.scope else program
        assert (await ask(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **known)))[0] != 404


@pytest.mark.parametrize("endpoint", [one for one in EXPOSED if one.lines], ids=named)
async def test_lines_are_answered_by_lines_as_the_document_says(http, portal, directory, there, endpoint):
    components = openapi_document()["components"]["schemas"]
    operation = openapi_document()["paths"][f"/api{endpoint.path}"]["post"]
    asked = operation["requestBody"]["content"]["application/x-ndjson"]["schema"]
    (media_type, answered), *others = operation["responses"]["200"]["content"].items()
    assert (media_type, others) == ("application/x-ndjson", [])

    def schema(reference):
        return jsonschema.Draft202012Validator(
            self_contained(components[reference["$ref"].rpartition("/")[2]], components)
        )

    good = body_of(endpoint, **there) | {"account": there["account"]}
    (thing,) = good.keys() & {"device_id", "id"}
    lines = [good, good | {thing: "?"}, good | {"account": 1}, {"account": there["account"]}, {}]
    assert [schema(asked).is_valid(line) for line in lines] == [True, False, False, False, False]
    content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    headers = {**directory._headers, "Content-Type": media_type}
    async with http.post(f"{portal.url}/api{endpoint.path}", data=content, headers=headers) as response:
        assert (response.status, response.content_type) == (200, media_type)
        results = [json.loads(line) for line in (await response.read()).splitlines()]
    assert [one["status"] for one in results] == [204, 422, 422, 422, 422]
    for one in results:
        schema(answered["schema"]).validate(one)
