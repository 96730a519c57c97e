"""A kept proof that a service refuses is forgotten, and one is asked for again with nothing lost that was typed."""

from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid, ProofNeeded
from tests.pages.conftest import Visitor
from tests.pages.proving.asking import DISABLE, TOKEN, Proving, Scripted, fields_of, given, method

SETUP = "/security-info/methods/m9/setup"
NEEDED = ProofNeeded(proof_scope="device.disable")


@pytest.fixture
def portal(canned):
    """A portal whose visitor has a proof that the services do not take."""
    made = Proving()
    made.devices = Scripted()
    made.can_prove_with(method())
    made.owns(canned.device())
    made.security_info.answers |= {
        "startProof": contract.ProofChallenge(
            id="c0", kind="code", method_id="m0", expires_at=given().expires_at - timedelta(minutes=5)
        ),
        "answerProof": given(),
    }
    made.devices.answers["disableDevice"] = [NEEDED, canned.disabled()]
    made.proves()
    return made


@pytest.fixture
async def visitor(portal):
    async with TestClient(TestServer(portal.app())) as client:
        yield Visitor(client)


async def test_a_kept_proof_that_is_refused_is_forgotten_and_asked_for_again(visitor, portal):
    page = await visitor.send(DISABLE, reason="lost", command="c1")
    assert page.status == 200
    assert portal.proof is None
    assert page.one("form", class_="proof")["action"] == DISABLE
    assert {"reason": "lost", "command": "c1"}.items() <= fields_of(page).items()
    done = await visitor.send(DISABLE, **{**fields_of(page), "proof_code": "123456"})
    assert done.headers["Location"] == "/devices?done=disabled-gone"
    assert portal.proof.token == TOKEN
    assert portal.devices.last("disableDevice")["body"] == {"reason": "lost"}
    assert portal.devices.last("disableDevice")["headers"]["Idempotency-Key"] == "c1"
    assert portal.devices.count("disableDevice") == 2


async def test_where_a_sign_in_proves_nobody_notices(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = contract.ProofChallenge(
        id="c0", kind="none", method_id=None, expires_at=given().expires_at, given=given()
    )
    assert (await visitor.send(DISABLE, reason="lost")).headers["Location"] == "/devices?done=disabled-gone"
    assert portal.proof.token == TOKEN


async def test_a_new_proof_that_is_refused_as_well_is_not_asked_for_without_end(visitor, portal):
    portal.devices.answers["disableDevice"] = NEEDED
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = contract.ProofChallenge(
        id="c0", kind="none", method_id=None, expires_at=given().expires_at, given=given()
    )
    assert (await visitor.send(DISABLE, reason="lost")).status == 401
    assert portal.devices.count("disableDevice") == 2
    assert portal.security_info.count("startProof") == 1


async def test_another_refusal_forgets_no_proof(visitor, portal):
    portal.devices.answers["disableDevice"] = contract.MethodNotFound()
    assert (await visitor.send(DISABLE, reason="lost")).status == 404
    assert portal.proof.token == TOKEN


async def test_the_code_of_a_setup_is_not_carried_as_it_would_be_of_the_past(visitor, portal, canned):
    portal.keeper.sessions["s"] = portal.session.model_copy(update={"proof": None})
    fault = FieldProblem(pointer="/code", key="six_digits")
    portal.security_info.answers |= {
        "getMethodSetup": contract.MethodStarted(canned.setup()),
        "confirmMethod": Invalid(errors=[fault]),
    }
    page = await visitor.send(SETUP, code="123456", command="c1")
    carried = fields_of(page)
    assert "code" not in carried
    assert carried["command"] == "c1"
    again = await visitor.send(SETUP, **{**carried, "proof_code": "654321"})
    assert portal.security_info.last("answerProof")["body"] == {"code": "654321"}
    assert portal.proof.token == TOKEN
    assert portal.security_info.count("confirmMethod") == 1
    assert portal.security_info.last("confirmMethod")["body"] == {"code": ""}
    assert (again.status, again.one("input", id="code")["value"]) == (422, "")
