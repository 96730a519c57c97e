"""Setups that are under way: their steps, what finishes them, and what is told of what does not."""

import json
import re

import pytest

from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid

COMMAND = "0" * 32
ADD = "/security-info/add"
SETUP = "/security-info/methods/m9/setup"


def refused(*faults):
    return Invalid(errors=[FieldProblem(pointer=pointer, key=key, limit=limit) for pointer, key, limit in faults])


async def test_the_setup_of_a_key_hands_the_browser_what_it_needs(visitor, portal, canned):
    portal.security_info.answers["getMethodSetup"] = contract.MethodStarted(canned.key_setup())
    page = await visitor.page(SETUP)
    form = page.one("form", data_credential="create")
    assert (form["action"], form["data-into"], bool(form["data-failed"])) == (SETUP, "credential", True)
    assert json.loads(form["data-options"]) == canned.key_setup().options
    assert page.one("input", name="credential")["value"] == ""
    assert page.all("noscript")


async def test_the_credential_finishes_the_setup(visitor, portal, canned):
    portal.security_info.answers["confirmMethod"] = canned.key()
    page = await visitor.send(SETUP, credential='{"id": "a"}', command=COMMAND)
    assert page.headers["Location"] == "/security-info?done=added"
    assert portal.security_info.last("confirmMethod")["body"] == {"credential": {"id": "a"}}


async def test_a_refused_credential_is_told_by_its_reason_and_the_setup_goes_on(visitor, portal, canned):
    portal.security_info.answers["getMethodSetup"] = contract.MethodStarted(canned.key_setup())
    said = set()
    for reason in ("registered", "model", "attestation", "user_verification", "origin"):
        portal.security_info.answers["confirmMethod"] = contract.CredentialRefused(reason=reason)
        page = await visitor.send(SETUP, credential="{}")
        assert page.status == 422
        assert page.all("form", data_credential="create")
        said.add(re.search(r"The security key could not be used (.+?) Have the key", page.text)[1])
    assert len(said) == 5


@pytest.mark.parametrize("sent", ["not JSON", "[]"])
async def test_what_is_no_credential_leads_back_to_the_setup(visitor, portal, canned, sent):
    portal.security_info.answers["getMethodSetup"] = contract.MethodStarted(canned.key_setup())
    portal.security_info.answers["confirmMethod"] = refused(("/credential", "dict_type", None))
    page = await visitor.send(SETUP, credential=sent)
    assert page.status == 422
    assert page.all("form", data_credential="create")


async def test_without_scripts_a_key_cannot_answer_and_that_is_told(visitor, portal, canned):
    portal.security_info.answers["getMethodSetup"] = contract.MethodStarted(canned.key_setup())
    page = await visitor.send(SETUP, credential="", command=COMMAND)
    assert page.status == 422
    assert "The browser sent no answer of a key" in page.text
    assert "confirmMethod" not in [name for name, _ in portal.security_info.asked]


async def test_the_right_code_finishes_the_setup(visitor, portal, canned):
    portal.security_info.answers["confirmMethod"] = canned.method("Work phone")
    page = await visitor.send(SETUP, code="123 456", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/security-info?done=added")
    assert portal.security_info.last("confirmMethod")["body"] == {"code": "123 456"}
    assert portal.security_info.last("confirmMethod")["path"] == {"method_id": "m9"}


async def test_a_wrong_code_leads_back_to_the_same_steps_with_the_attempts_left(visitor, portal):
    portal.security_info.answers["confirmMethod"] = contract.CodeIncorrect(attempts_left=1)
    page = await visitor.send(SETUP, code="000000")
    field = page.one("input", id="code")
    assert page.status == 422
    assert page.text.count("You have 1 attempt left.") == 2
    assert (field["value"], field["inputmode"], field["autocomplete"]) == ("", "numeric", "one-time-code")
    assert re.fullmatch(field["pattern"], "123 456")
    assert page.all("svg", class_="segno")


async def test_a_code_that_is_none_is_told_at_its_field(visitor, portal):
    portal.security_info.answers["confirmMethod"] = refused(("/code", "six_digits", None))
    page = await visitor.send(SETUP, code="")
    assert page.status == 422
    assert "Enter the six digits of the code." in page.text


async def test_what_came_to_hold_meanwhile_is_told_with_the_setup(visitor, portal):
    portal.security_info.answers["confirmMethod"] = contract.MethodLimitReached(limit=5)
    page = await visitor.send(SETUP, code="123456")
    assert page.status == 409
    assert "There can be at most 5 methods" in page.text
    assert page.all("svg", class_="segno")


@pytest.mark.parametrize("reason", ["expired", "too_many_attempts"])
async def test_a_setup_that_has_ended_can_be_started_again(visitor, portal, reason):
    portal.security_info.answers["confirmMethod"] = contract.SetupEnded(reason=reason)
    page = await visitor.send(SETUP, code="000000")
    assert page.status == 409
    assert page.all("a", href=ADD)
    assert "Start again" in page.text


async def test_a_setup_that_is_finished_already_leads_to_the_methods(visitor, portal):
    for name in ("getMethodSetup", "confirmMethod", "addMethod"):
        portal.security_info.answers[name] = contract.MethodConfirmedAlready()
    assert (await visitor.page(SETUP)).headers["Location"] == "/security-info"
    assert (await visitor.send(SETUP, code="000000")).headers["Location"] == "/security-info?done=added"
    page = await visitor.send(f"{ADD}/authenticator-app", name="Phone", command=COMMAND)
    assert page.headers["Location"] == "/security-info?done=added"
