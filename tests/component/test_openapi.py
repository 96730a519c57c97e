"""The portal answers as its OpenAPI document says, whatever a program that reads it makes up."""

import asyncio

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
from tests.component.asking import EXPOSED
from tests.component.setting_up import add

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = schemathesis.openapi.from_dict(openapi_document())
OPERATIONS = {found.ok().label: found.ok() for found in DOCUMENT.get_all_operations()}


@pytest.fixture(scope="module")
async def method_id(program):
    return (await add(program))["method_id"]


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
def asked(portal, program):
    """Ask in a thread of its own and give the statuses that came."""

    async def asking(strategy, *, examples, checks=CHECKS):
        answered = []
        await asyncio.to_thread(
            put, strategy, of=(portal.url, program._headers), answered=answered, checks=checks, examples=examples
        )
        return answered

    return asking


async def test_the_document_that_is_served_is_the_one_that_is_tested(portal, http):
    async with http.get(f"{portal.url}/api/openapi.json") as response:
        assert await response.json() == openapi_document()
    assert len(OPERATIONS) == len(EXPOSED)


@pytest.mark.parametrize("label", OPERATIONS)
async def test_what_the_document_allows_is_answered_as_it_says(asked, label):
    answered = await asked(OPERATIONS[label].as_strategy(GenerationMode.POSITIVE), examples=30)
    assert len(answered) >= 1
    assert 401 not in answered


@pytest.mark.parametrize("label", [label for label, one in OPERATIONS.items() if one.body or one.query])
async def test_what_the_document_forbids_is_refused_as_it_says(asked, label):
    strategy = OPERATIONS[label].as_strategy(GenerationMode.NEGATIVE, headers={"Accept": "*/*"})
    answered = await asked(strategy, examples=20, checks=[*CHECKS, negative_data_rejection])
    assert 422 in answered


@pytest.mark.parametrize("label", [label for label, one in OPERATIONS.items() if one.path_parameters])
async def test_a_method_that_is_there_is_answered_as_the_document_says(asked, program, method_id, label):
    strategy = OPERATIONS[label].as_strategy(GenerationMode.POSITIVE, path_parameters={"method_id": method_id})
    answered = await asked(strategy, examples=20)
    assert 404 not in answered[:1]
