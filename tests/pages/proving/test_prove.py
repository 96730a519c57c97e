"""How people are asked for a recent proof, and how they get back to what they were doing."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from gateway import pages
from shared.contracts import security_info as contract
from tests.pages.proving.asking import DISABLE, TOKEN, TOO_OLD, by_sign_in, fields_of, given


@pytest.mark.parametrize("place", [place for place in pages.NEEDS_PROOF if place[0] == "GET"], ids=lambda one: one[1])
async def test_a_page_that_needs_a_proof_leads_through_it(visitor, place):
    path = re.sub(r"\{\w+\}", "x", place[1])
    answer = await visitor.get(f"{path}?a=1")
    assert answer.status == 303
    assert answer.headers["Location"] == f"/prove?return_to={quote(f'{path}?a=1', safe='')}"


async def test_a_right_code_leads_back_and_the_proof_is_kept_with_the_session_only(visitor, portal):
    page = await visitor.page(f"/prove?return_to={quote(DISABLE)}")
    assert page.status == 200
    assert "Work phone" in page.text
    assert page.one("a", href="/devices", class_="button button-quiet")
    answer = await visitor.send("/prove", **{**fields_of(page), "proof_code": " 123 456 "})
    assert answer.status == 303
    assert answer.headers["Location"] == DISABLE
    assert portal.proof.token == TOKEN
    assert TOKEN not in f"{dict(answer.headers)}{answer.html}"
    assert portal.security_info.last("startProof")["body"] == {"method_id": "m0"}
    assert portal.security_info.last("answerProof")["body"] == {"code": "123 456"}
    assert portal.security_info.last("answerProof")["path"] == {"challenge_id": "c0"}
    assert (await visitor.page(DISABLE)).status == 200


async def test_with_a_proof_nobody_is_asked(visitor, portal):
    portal.proves()
    assert (await visitor.page(f"/prove?return_to={quote(DISABLE)}")).headers["Location"] == DISABLE
    assert (await visitor.page(DISABLE)).status == 200
    assert portal.security_info.count("startProof") == 0


async def test_a_proof_that_is_about_to_end_is_asked_for_before_a_form_is_shown_yet_takes_the_form(visitor, portal):
    portal.proves(timedelta(seconds=60))
    assert (await visitor.page(DISABLE)).headers["Location"].startswith("/prove?")
    assert (await visitor.send(DISABLE, reason="lost")).headers["Location"] == "/devices?done=disabled-gone"
    assert portal.devices.last("disableDevice")["headers"]["Proof"] == TOKEN


async def test_an_interrupted_form_is_carried_along_and_then_carried_out_as_it_was(visitor, portal):
    sent = {"command": "c1", "reason": "lost", "note": "\"><script>alert('å')</script>&amp;"}
    page = await visitor.send(DISABLE, **sent)
    assert page.status == 200
    assert portal.devices.asked == []
    assert "<script>" not in page.html
    assert page.one("form", class_="proof")["action"] == DISABLE
    carried = fields_of(page)
    assert sent.items() <= carried.items()
    assert "return_to" not in carried
    wrong = contract.CodeIncorrect(attempts_left=4)
    portal.security_info.answers["answerProof"] = [wrong, given()]
    again = await visitor.send(DISABLE, **{**carried, "proof_code": "000000"})
    assert again.status == 422
    assert "4 attempts left" in again.text
    assert sent.items() <= fields_of(again).items()
    assert fields_of(again)["proof_code"] == ""
    assert fields_of(again)["proof_command"] != carried["proof_command"]
    done = await visitor.send(DISABLE, **{**fields_of(again), "proof_code": "123456"})
    assert done.headers["Location"] == "/devices?done=disabled-gone"
    asked = portal.devices.last("disableDevice")
    assert asked["body"] == {"reason": "lost"}
    assert asked["headers"]["Idempotency-Key"] == "c1"
    assert asked["headers"]["Proof"] == TOKEN


async def test_the_address_of_an_interrupted_form_keeps_its_query(visitor):
    page = await visitor.send("/security-info/methods/m9/setup?replaces=m0", code="123456")
    assert page.one("form", class_="proof")["action"] == "/security-info/methods/m9/setup?replaces=m0"


async def test_a_field_of_the_form_that_is_named_like_a_proof_is_not_carried(visitor):
    page = await visitor.send(DISABLE, reason="lost", proof_credential="x", proof_other="y")
    assert "proof_other" not in fields_of(page)


async def test_a_recent_sign_in_proves_without_a_question_and_without_a_detour(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = by_sign_in()
    assert (await visitor.page(DISABLE)).status == 200
    assert portal.proof.token == TOKEN
    assert portal.security_info.last("startProof")["body"] == {}


async def test_a_recent_sign_in_proves_for_a_form_too(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = by_sign_in()
    assert (await visitor.send(DISABLE, reason="lost")).headers["Location"] == "/devices?done=disabled-gone"
    assert (await visitor.page("/prove?return_to=/devices")).headers["Location"] == "/devices"


async def test_a_sign_in_that_is_too_old_is_made_anew_and_leads_back(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = TOO_OLD
    assert (await visitor.page(DISABLE)).headers["Location"] == f"/prove?return_to={quote(DISABLE, safe='')}"
    page = await visitor.page(f"/prove?return_to={quote(DISABLE)}")
    assert page.status == 200
    (again,) = [one for one in page.all("a") if (one["href"] or "").startswith("/sign-in?")]
    assert again["href"] == f"/sign-in?again=1&return_to={quote(DISABLE, safe='')}"
    assert page.all("a", target="_blank") == []


async def test_a_sign_in_that_is_too_old_for_a_form_is_made_anew_in_another_tab(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = TOO_OLD
    page = await visitor.send(DISABLE, reason="lost")
    assert page.status == 200
    assert page.one("a", target="_blank")["href"] == "/sign-in?again=1&return_to=%2Fprove%2Fdone"
    assert "Go back to the tab" in (await visitor.page("/prove/done")).text
    portal.security_info.answers["startProof"] = by_sign_in()
    assert (await visitor.send(DISABLE, **fields_of(page))).headers["Location"] == "/devices?done=disabled-gone"


async def test_an_empty_field_is_told_and_costs_nothing(visitor, portal):
    page = await visitor.page(f"/prove?return_to={quote(DISABLE)}")
    for sent in ("", "  "):
        again = await visitor.send("/prove", **{**fields_of(page), "proof_code": sent})
        assert again.status == 422
        assert again.one("input", id="proof_code")["aria-invalid"] == "true"
        assert again.one("p", id="proof_code-fault")
        assert "This must be filled in." in again.text
        assert "<title>Error:" in again.html
    assert portal.security_info.count("answerProof") == 0
    carried = await visitor.send(DISABLE, reason="lost")
    assert carried.status == 200, "nothing was asked before"
    empty = await visitor.send(DISABLE, **{**fields_of(carried), "proof_code": ""})
    assert empty.status == 422
    assert fields_of(empty)["reason"] == "lost"
