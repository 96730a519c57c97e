"""Proving who is there with a phone: a code is sent once somebody asks for it, never because a page is looked at."""

from datetime import timedelta

import pytest

from shared.contracts import security_info as contract
from shared.contracts.problem import CommandReused, FieldProblem, Invalid
from shared.facts import now
from tests.pages.proving.asking import DISABLE, challenge, fields_of, given, method, ways
from tests.pages.reached import too_soon

HINT = "+46 •••••••67"


def phone(id_="p0", name="Phone", way="text", managed=False, **more):  # noqa: FBT002  # named where it is given
    return method(id_, "phone", name, **more).model_copy(update={"hint": HINT, "way": way, "managed": managed})


def sent(id_="c0", way="text", again_in=timedelta(seconds=45), **changed):
    return challenge(
        id_, kind="sent_code", method_id="p0", hint=HINT, way=way, send_again_at=now() + again_in, **changed
    )


@pytest.fixture
def by_phone(portal):
    portal.can_prove_with(phone(), method())
    portal.security_info.answers["startProof"] = sent()
    return portal


def sends(page):
    return [button["value"] for button in page.all("button", name="proof_send")]


@pytest.mark.parametrize("opened", ["/prove?return_to=/devices", DISABLE])
async def test_looking_at_the_page_sends_nothing(visitor, by_phone, opened):
    page = (
        await visitor.page("/prove?return_to=/devices")
        if opened != DISABLE
        else await visitor.send(DISABLE, reason="lost")
    )
    assert page.status == 200
    assert "A six-digit code comes to +46 •••••••67" in page.text
    assert sends(page) == ["text", "call"]
    assert page.all("input", name="proof_code") == []
    assert by_phone.security_info.count("startProof") == 0


async def test_a_code_that_was_asked_for_proves_it_and_the_interrupted_form_goes_on(visitor, by_phone):
    page = await visitor.send(DISABLE, reason="lost", command="c1")
    asking = await visitor.send(DISABLE, **fields_of(page), proof_send="text")
    assert asking.status == 200
    assert "We sent a text message with a six-digit code to +46 •••••••67" in asking.text
    assert by_phone.security_info.last("startProof")["body"] == {"method_id": "p0", "way": "text"}
    assert asking.one("input", id="proof_code")["autocomplete"] == "one-time-code"
    assert 40 <= int(asking.one("div", class_="resend")["data-wait"]) <= 45
    assert [one for one in asking.all("script") if "/static/resend." in (one["src"] or "")]
    done = await visitor.send(DISABLE, **{**fields_of(asking), "proof_code": "123456"})
    assert done.headers["Location"] == "/devices?done=disabled-gone"
    assert by_phone.security_info.last("answerProof")["path"] == {"challenge_id": "c0"}
    assert by_phone.devices.last("disableDevice")["body"] == {"reason": "lost"}
    assert by_phone.devices.last("disableDevice")["headers"]["Idempotency-Key"] == "c1"
    assert by_phone.security_info.count("startProof") == 1


async def test_a_form_that_is_sent_twice_has_one_code_sent(visitor, by_phone):
    page = await visitor.page("/prove?return_to=/devices")
    for _ in range(2):
        await visitor.send("/prove", **fields_of(page), proof_send="text")
    keys = {told["headers"]["Idempotency-Key"] for name, told in by_phone.security_info.asked if name == "startProof"}
    assert keys == {f"{fields_of(page)['proof_command']}-start"}


@pytest.mark.parametrize("before", [CommandReused(), contract.ChallengeEnded(), "over"], ids=str)
async def test_who_went_back_to_a_used_form_gets_a_code_nevertheless(visitor, by_phone, before):
    over = sent(expires_at=now() - timedelta(seconds=1))
    by_phone.security_info.answers["startProof"] = [over if before == "over" else before, sent("c1")]
    page = await visitor.send("/prove", proof_with="p0", proof_send="call", proof_command="x")
    assert fields_of(page)["proof_challenge"] == "c1"
    assert "Idempotency-Key" not in by_phone.security_info.last("startProof")["headers"]


async def test_choosing_a_phone_among_other_ways_has_its_code_sent_as_the_button_says(visitor, by_phone):
    by_phone.can_prove_with(method(), phone(), phone("p1", "Office phone", way="call", managed=True))
    page = await visitor.page("/prove?return_to=/devices")
    assert ways(page) == ["p0", "p1"]
    assert "Text a code to “ Phone ”, +46 •••••••67" in page.text
    assert "Call “ Office phone ”, +46 •••••••67" in page.text
    by_phone.security_info.answers["startProof"] = sent(way="call")
    asking = await visitor.send("/prove", **fields_of(page), proof_choose="p1")
    assert by_phone.security_info.last("startProof")["body"] == {"method_id": "p1"}
    assert "We are calling" in asking.text
    assert sends(asking) == ["call"], "an office phone is always called"


async def test_choosing_another_way_than_a_phone_sends_nothing(visitor, by_phone):
    page = await visitor.page("/prove?return_to=/devices")
    asking = await visitor.send("/prove", **fields_of(page), proof_choose="m0")
    assert fields_of(asking)["proof_with"] == "m0"
    assert by_phone.security_info.count("startProof") == 0


async def test_a_wrong_code_leaves_the_code_that_was_sent(visitor, by_phone):
    by_phone.security_info.answers["answerProof"] = [contract.CodeIncorrect(attempts_left=4), given()]
    asking = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_send="text")
    wrong = await visitor.send("/prove", **{**fields_of(asking), "proof_code": "000000"})
    assert wrong.status == 422
    assert wrong.text.count("You have 4 attempts left.") == 2
    for kept in ("proof_challenge", "proof_sent_by", "proof_again_at"):
        assert fields_of(wrong)[kept] == fields_of(asking)[kept]
    done = await visitor.send("/prove", **{**fields_of(wrong), "proof_code": "123456"})
    assert done.headers["Location"] == "/devices"
    assert by_phone.security_info.count("startProof") == 1


async def test_no_code_leaves_the_code_that_was_sent(visitor, by_phone):
    asking = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_send="text")
    again = await visitor.send("/prove", **fields_of(asking))
    assert fields_of(again)["proof_challenge"] == "c0"
    assert by_phone.security_info.count("startProof") == 1
    assert by_phone.security_info.count("answerProof") == 0


async def test_another_code_is_another_challenge(visitor, by_phone):
    asking = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_send="text")
    assert sends(asking) == ["text", "call"]
    by_phone.security_info.answers["startProof"] = sent("c1", way="call")
    called = await visitor.send("/prove", **{**fields_of(asking), "proof_code": "123"}, proof_send="call")
    assert by_phone.security_info.last("startProof")["body"] == {"method_id": "p0", "way": "call"}
    assert fields_of(called)["proof_challenge"] == "c1"
    assert "We are calling" in called.text
    assert sends(called) == ["call", "text"]
    assert by_phone.security_info.count("answerProof") == 0


async def test_who_asks_too_early_is_told_when_and_keeps_the_code(visitor, by_phone):
    by_phone.security_info.answers["startProof"] = [sent(), too_soon()]
    asking = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_send="text")
    early = await visitor.send("/prove", **fields_of(asking), proof_send="text")
    assert (early.status, early.headers["Retry-After"]) == (429, "720")
    assert "No further code can be sent yet" in early.text
    assert "Another code can be sent at" in early.text
    assert fields_of(early)["proof_challenge"] == "c0"


@pytest.mark.parametrize("before", [True, False], ids=["a code went before", "none went before"])
async def test_who_asks_for_a_text_where_none_arrives_is_told_at_the_buttons(visitor, by_phone, before):
    by_phone.can_prove_with(phone(way="call"))
    fields = {"return_to": "/devices", "proof_with": "p0", "proof_command": "x"}
    if before:
        by_phone.security_info.answers["startProof"] = sent(way="call")
        fields = fields_of(await visitor.send("/prove", **fields, proof_send="call"))
    no_texts = Invalid(errors=[FieldProblem(pointer="/way", key="no_texts")])
    by_phone.security_info.answers["startProof"] = no_texts
    page = await visitor.send("/prove", **fields, proof_send="text")
    assert page.status == 422
    assert page.text.count("No text message arrives at this number. Choose a call instead.") == 2
    assert page.all("a", href="#proof_send")
    (button,) = page.all("button", id="proof_send")
    assert (button["value"], button["aria-describedby"]) == ("call", "proof_send-fault")
    assert [one["id"] for one in page.all("input", name="proof_code")] == ["proof_code"] * before
    assert [one for one in page.all("input", name="proof_code") if "aria-invalid" in one] == []
    assert fields_of(page).get("proof_challenge") == ("c0" if before else None)


async def test_too_many_codes_leave_the_other_ways(visitor, by_phone):
    by_phone.security_info.answers["startProof"] = too_soon()
    page = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_send="text")
    assert page.status == 429
    assert page.all("input", name="proof_code") == []
    assert ways(page) == ["m0"]


async def test_a_code_that_came_back_too_late_can_be_asked_for_anew(visitor, by_phone):
    by_phone.security_info.answers["answerProof"] = contract.ChallengeEnded()
    asking = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_send="text")
    late = await visitor.send("/prove", **{**fields_of(asking), "proof_code": "123456"})
    assert late.status == 409
    assert "That took too long" in late.text
    assert sends(late) == ["text", "call"]
    assert by_phone.security_info.count("startProof") == 1


async def test_a_locked_phone_is_sent_nothing(visitor, by_phone):
    by_phone.can_prove_with(phone(locked_for=timedelta(minutes=15)), method())
    for wish in ({"proof_choose": "p0"}, {"proof_with": "p0", "proof_send": "text"}):
        page = await visitor.send("/prove", return_to="/devices", **wish)
        assert "Locked for now" in page.text
    assert by_phone.security_info.count("startProof") == 0


async def test_the_phone_that_is_locked_in_this_moment_says_so(visitor, by_phone):
    infos = [by_phone.security_info.answers["getSecurityInfo"]]
    by_phone.can_prove_with(phone(locked_for=timedelta(minutes=15)), method())
    by_phone.security_info.answers["getSecurityInfo"] = [*infos, by_phone.security_info.answers["getSecurityInfo"]]
    by_phone.security_info.answers["startProof"] = contract.MethodIsLocked(
        until=now() + timedelta(minutes=15), retry_after=900
    )
    page = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_send="text")
    assert page.headers["Retry-After"] == "900"
    assert "Locked for now" in page.text


@pytest.mark.parametrize("tried", [{"proof_send": "text"}, {"proof_code": "123456"}])
async def test_what_was_meant_for_a_phone_that_is_gone_goes_to_no_other(visitor, by_phone, tried):
    page = await visitor.send("/prove", return_to="/devices", proof_with="gone", proof_challenge="c0", **tried)
    assert "The method was not found" in page.text
    assert sends(page) == ["text", "call"]
    assert by_phone.security_info.count("startProof") == by_phone.security_info.count("answerProof") == 0


@pytest.mark.parametrize(
    "told",
    [
        {"proof_challenge": "c0", "proof_sent_by": "pigeon", "proof_again_at": "2026-01-01T00:00:00+00:00"},
        {"proof_challenge": "", "proof_sent_by": "text"},
        {},
    ],
)
async def test_a_code_for_nothing_that_was_sent_is_not_tried(visitor, by_phone, told):
    page = await visitor.send("/prove", return_to="/devices", proof_with="p0", proof_code="123456", **told)
    assert sends(page) == ["text", "call"]
    assert by_phone.security_info.count("answerProof") == 0


@pytest.mark.parametrize("moment", ["", "soon", "2026-01-01T00:00:00", "<b>"])
async def test_a_moment_that_no_page_of_ours_told_is_taken_for_now(visitor, by_phone, moment):
    told = {"proof_challenge": "c0", "proof_sent_by": "call", "proof_again_at": moment}
    page = await visitor.send("/prove", return_to="/devices", proof_with="p0", **told)
    assert page.status == 200
    assert "data-wait" not in page.one("div", class_="resend")
    assert by_phone.security_info.count("startProof") == 0
