"""The ways to prove who is there, and what is told of an answer that does not hold."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest

from shared.contracts import devices as device_contract
from shared.contracts import security_info as contract
from shared.contracts.problem import CommandReused, FieldProblem, Invalid
from shared.facts import now
from tests.pages.proving.asking import (
    CREDENTIAL,
    DISABLE,
    OPTIONS,
    challenge,
    fields_of,
    given,
    key,
    method,
    recovery,
    ways,
)


async def test_another_way_is_chosen_and_what_was_typed_for_the_first_is_not_tried(visitor, portal):
    portal.can_prove_with(method(), method("m1", name="Tablet"), recovery(), otherwise="temporary_access_code")
    page = await visitor.page("/prove?return_to=/devices")
    assert ways(page) == ["m1", "r0", "access-code"]
    for way, label in (("r0", "Recovery code"), ("access-code", "Temporary access code"), ("m1", "Tablet")):
        other = await visitor.send("/prove", **{**fields_of(page), "proof_code": "123456", "proof_choose": way})
        assert other.status == 200
        assert label in other.text
        assert fields_of(other)["proof_with"] == way
        assert fields_of(other)["return_to"] == "/devices"
        assert fields_of(other)["proof_code"] == ""
        assert way not in ways(other)
    assert portal.security_info.count("answerProof") == 0


@pytest.mark.parametrize(("way", "body"), [("r0", {"method_id": "r0"}), ("access-code", {})])
async def test_a_code_of_another_way_is_an_answer_to_that_way(visitor, portal, way, body):
    portal.can_prove_with(method(), recovery(), otherwise="temporary_access_code")
    done = await visitor.send("/prove", return_to="/devices", proof_with=way, proof_code="ABCD-EFGH-JKLM")
    assert done.headers["Location"] == "/devices"
    assert portal.security_info.last("startProof")["body"] == body


async def test_a_wrong_code_does_not_keep_from_another_way(visitor, portal):
    portal.can_prove_with(method(), recovery())
    portal.security_info.answers["answerProof"] = [contract.CodeIncorrect(attempts_left=1), given()]
    wrong = await visitor.send(DISABLE, reason="lost", proof_with="m0", proof_code="000000")
    other = await visitor.send(DISABLE, **{**fields_of(wrong), "proof_choose": "r0"})
    done = await visitor.send(DISABLE, **{**fields_of(other), "proof_code": "ABCD"})
    assert done.headers["Location"] == "/devices?done=disabled-gone"


async def test_what_is_no_code_is_told_at_the_field(visitor, portal):
    fault = FieldProblem(pointer="/code", key="six_digits")
    portal.security_info.answers["answerProof"] = Invalid(errors=[fault])
    page = await visitor.send("/prove", return_to="/devices", proof_with="m0", proof_code="12 34")
    assert page.status == 422
    assert page.one("input", name="proof_code")["aria-invalid"] == "true"
    assert page.one("a", href="#proof_code")
    assert page.text.startswith("Error:")


async def test_a_method_that_is_locked_says_until_when_and_leaves_the_others(visitor, portal):
    portal.can_prove_with(method(locked_for=timedelta(minutes=15)), recovery())
    assert fields_of(await visitor.page("/prove"))["proof_with"] == "r0"
    page = await visitor.send("/prove", return_to="/devices", proof_choose="m0")
    assert "Locked for now" in page.text
    assert "in 15 minutes" in page.text
    assert page.all("input", name="proof_code") == []
    assert ways(page) == ["r0"]
    assert "You have no other way" not in page.text


async def test_the_answer_that_locks_a_method_says_so(visitor, portal):
    until = now() + timedelta(minutes=15)
    info = portal.security_info.answers
    before = info["getSecurityInfo"]
    portal.can_prove_with(method(locked_for=timedelta(minutes=15)))
    info["getSecurityInfo"] = [before, info["getSecurityInfo"]]
    info["answerProof"] = contract.MethodIsLocked(until=until, retry_after=900)
    page = await visitor.send("/prove", return_to="/devices", proof_with="m0", proof_code="000000")
    assert page.headers["Retry-After"] == "900"
    assert "in 15 minutes" in page.text
    assert page.all("input", name="proof_code") == []


async def test_where_everything_is_locked_the_organization_is_the_way_on(visitor, portal):
    minutes = timedelta(minutes=30)
    portal.can_prove_with(method(locked_for=minutes))
    page = await visitor.page("/prove?return_to=/devices")
    assert "You have no other way" in page.text
    assert page.one("a", href="/devices", class_="button button-quiet")
    portal.can_prove_with(method(locked_for=minutes), otherwise="temporary_access_code")
    page = await visitor.page("/prove?return_to=/devices")
    assert fields_of(page)["proof_with"] == "access-code"
    assert ways(page) == ["m0"]


async def test_an_access_code_that_is_used_up_is_told_at_its_field(visitor, portal):
    portal.can_prove_with(otherwise="temporary_access_code")
    portal.security_info.answers["startProof"] = contract.AccessCodeNeeded(organizations=["contoso"])
    page = await visitor.send("/prove", return_to="/devices", proof_with="access-code", proof_code="WRONG")
    assert page.status == 403
    assert "This code is wrong, used up or too old." in page.text
    assert page.one("input", id="proof_code")["aria-invalid"] == "true"


async def test_a_code_for_a_method_that_is_gone_is_not_tried_on_another(visitor, portal):
    portal.can_prove_with(recovery())
    page = await visitor.send("/prove", return_to="/devices", proof_with="m0", proof_code="123456")
    assert page.status == 200
    assert "The method was not found" in page.text
    assert fields_of(page)["proof_with"] == "r0"
    assert portal.security_info.count("answerProof") == 0


async def test_a_temporary_access_code_that_is_gone_is_not_tried_on_a_method(visitor, portal):
    page = await visitor.send("/prove", return_to="/devices", proof_with="access-code", proof_code="123456")
    assert page.status == 409
    assert fields_of(page)["proof_with"] == "m0"
    assert portal.security_info.count("startProof") == 0


async def test_a_form_that_is_sent_twice_is_one_answer(visitor, portal):
    sent = {"return_to": "/devices", "proof_with": "m0", "proof_code": "123456", "proof_command": "p1"}
    await visitor.send("/prove", **sent)
    assert portal.security_info.last("startProof")["headers"]["Idempotency-Key"] == "p1-start"
    assert portal.security_info.last("answerProof")["headers"]["Idempotency-Key"] == "p1-answer"
    # The second click and the second tab find the proof of the first; the code is used up by then.
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    assert portal.security_info.count("answerProof") == 1


@pytest.mark.parametrize("over", [CommandReused(), contract.ChallengeEnded()], ids=lambda one: one.key)
async def test_who_went_back_to_a_used_form_is_understood_anew(visitor, portal, over):
    portal.security_info.answers["answerProof"] = [over, given()]
    sent = {"return_to": "/devices", "proof_with": "m0", "proof_code": "123456", "proof_command": "p1"}
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    assert "Idempotency-Key" not in portal.security_info.last("answerProof")["headers"]


async def test_a_proof_that_is_remembered_but_over_is_not_taken(visitor, portal):
    portal.security_info.answers["answerProof"] = [given(timedelta(minutes=-1)), given()]
    sent = {"return_to": "/devices", "proof_with": "m0", "proof_code": "123456", "proof_command": "p1"}
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    assert portal.proof.expires_at > now()


async def test_a_command_that_no_form_of_ours_would_bring_is_not_passed_on(visitor, portal):
    await visitor.send("/prove", return_to="/", proof_with="m0", proof_code="1", proof_command="a\r\nProof: x")
    assert "Idempotency-Key" not in portal.security_info.last("answerProof")["headers"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\t/evil.example", "/\\evil.example"])
async def test_only_a_path_of_ours_is_the_way_back(visitor, portal, target):
    page = await visitor.page(f"/prove?return_to={quote(target, safe='')}")
    assert fields_of(page)["return_to"] == "/"
    done = await visitor.send("/prove", return_to=target, proof_with="m0", proof_code="123456")
    assert done.headers["Location"] == "/"
    assert (await visitor.send("/prove", return_to=target)).headers["Location"] == "/"
    portal.proves()
    assert (await visitor.page(f"/prove?return_to={quote(target, safe='')}")).headers["Location"] == "/"


async def test_a_security_key_is_asked_with_its_options_and_the_script_for_it_is_there_only_then(visitor, portal):
    portal.can_prove_with(key(), recovery())
    portal.security_info.answers["startProof"] = challenge(kind="credential", method_id="k0", options=OPTIONS)
    page = await visitor.page("/prove?return_to=/devices")
    form = page.one("form", class_="proof")
    assert json.loads(form["data-options"]) == OPTIONS
    assert (form["data-credential"], form["data-into"]) == ("get", "proof_credential")
    assert [one for one in page.all("script") if "/static/keys." in (one["src"] or "")]
    assert page.all("p", role="alert")[0].keys() >= {"data-says", "hidden"}
    sent = {**fields_of(page), "proof_credential": CREDENTIAL}
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    asked = portal.security_info.last("answerProof")
    assert asked["body"] == {"credential": json.loads(CREDENTIAL)}
    assert asked["path"] == {"challenge_id": "c0"}
    assert portal.security_info.count("startProof") == 1
    portal.keeper.sessions["s"] = portal.session.model_copy(update={"proof": None})
    other = await visitor.send("/prove", **{**fields_of(page), "proof_choose": "r0"})
    assert not [one for one in other.all("script") if "/static/keys." in (one["src"] or "")]


@pytest.mark.parametrize("said", ["", "not JSON", "[1]", "{}", "1" * 10, "[" * 5000])
async def test_a_browser_that_cannot_ask_the_key_is_told_so(visitor, portal, said):
    portal.can_prove_with(key())
    portal.security_info.answers["startProof"] = challenge(kind="credential", method_id="k0", options=OPTIONS)
    page = await visitor.page("/prove?return_to=/devices")
    assert "The key did not answer." not in page.text
    again = await visitor.send("/prove", **{**fields_of(page), "proof_credential": said})
    assert again.status == 200
    assert "The key did not answer." in again.text
    assert "hidden" not in again.one("p", role="alert")
    assert portal.security_info.count("answerProof") == 0


async def test_a_refused_credential_is_told_and_the_key_is_asked_anew(visitor, portal):
    portal.can_prove_with(key())
    asks = [challenge(f"c{n}", kind="credential", method_id="k0", options=OPTIONS) for n in range(3)]
    portal.security_info.answers |= {
        "startProof": asks,
        "answerProof": contract.CredentialRefused(reason="other_key"),
    }
    page = await visitor.page("/prove?return_to=/devices")
    again = await visitor.send("/prove", **{**fields_of(page), "proof_credential": CREDENTIAL})
    assert again.status == 422
    assert again.all("input", name="proof_code") == []
    assert fields_of(again)["proof_challenge"] == "c1"
    assert fields_of(again)["proof_credential"] == ""


async def test_a_key_that_cannot_be_asked_leaves_the_other_ways(visitor, portal):
    portal.can_prove_with(key(), recovery())
    portal.security_info.answers["startProof"] = contract.MethodNotFound()
    page = await visitor.page("/prove?return_to=/devices")
    assert "The method was not found" in page.text
    assert ways(page) == ["r0"]
    assert "data-credential" not in page.one("form", class_="proof")


@pytest.mark.parametrize(
    ("path", "fields", "kept"),
    [("/security-info/methods/m0/default", {}, False), (DISABLE, {"reason": "lost"}, True)],
)
async def test_nothing_leads_away_from_a_form_that_is_kept(visitor, path, fields, kept):
    page = await visitor.send(path, command="c1", **fields)
    assert 'action="/language"' not in page.html
    assert ("What you filled in is kept" in page.text) == kept


async def test_what_the_service_refuses_after_the_proof_is_told_as_ever(visitor, portal):
    portal.devices.answers["disableDevice"] = device_contract.DeviceNotFound()
    page = await visitor.send(DISABLE, reason="lost", proof_with="m0", proof_code="123456")
    assert page.status == 404
