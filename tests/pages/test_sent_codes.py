"""The code that was sent to a phone or an address: typed, asked for once more, or given up."""

from datetime import timedelta

import pytest

from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid
from shared.facts import now
from tests.pages.reached import code_setup, too_soon

COMMAND = "0" * 32
ADD = "/security-info/add"
M9 = "/security-info/methods/m9"
SETUP = f"{M9}/setup"
SWEDISH = {"Cookie": "language=sv"}


def asked(portal):
    return [name for name, _ in portal.security_info.asked]


@pytest.mark.parametrize(
    ("setup", "said", "sagt"),
    [
        ({}, "We sent a text message with a six-digit code to +46 •••••••67", "Vi har skickat ett sms"),
        ({"way": "call"}, "We are calling +46 •••••••67", "Vi ringer till"),
        ({"type_": "email"}, "We sent an e-mail with a six-digit code to a•••@example.com", "ett e-postmeddelande"),
    ],
    ids=["text", "call", "mail"],
)
async def test_the_code_page_tells_where_the_code_went(visitor, portal, setup, said, sagt):
    portal.security_info.answers["getMethodSetup"] = code_setup(**setup)
    page = await visitor.page(SETUP)
    assert said in page.text
    assert "It is good for 3 minutes" in page.text
    field = page.one("input", id="code")
    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")
    assert page.all("form", action=f"{M9}/send-code")
    assert sagt in (await visitor.page(SETUP, **SWEDISH)).text
    assert "sendCode" not in asked(portal)


async def test_a_code_that_has_come_back_finishes_the_setup(visitor, portal, canned):
    portal.security_info.answers |= {"getMethodSetup": code_setup(), "confirmMethod": canned.method(type_="phone")}
    page = await visitor.send(SETUP, code="123 456", command=COMMAND)
    assert page.headers["Location"] == "/security-info?done=added"
    assert portal.security_info.last("confirmMethod")["body"] == {"code": "123 456"}


@pytest.mark.parametrize(
    ("problem", "status", "said"),
    [
        (contract.CodeIncorrect(attempts_left=2), 422, "You have 2 attempts left."),
        (contract.CodeExpired(), 409, "Ask for another one"),
        (Invalid(errors=[FieldProblem(pointer="/code", key="six_digits")]), 422, "Enter the six digits of the code."),
    ],
    ids=lambda one: getattr(one, "key", ""),
)
async def test_a_code_that_does_not_hold_is_told_at_its_field(visitor, portal, problem, status, said):
    portal.security_info.answers |= {"getMethodSetup": code_setup(), "confirmMethod": problem}
    page = await visitor.send(SETUP, code="000000")
    assert page.status == status
    assert page.text.count(said) == 2
    assert page.one("input", id="code")["aria-invalid"] == "true"
    assert page.one("input", id="code")["value"] == ""


async def test_a_code_that_has_run_out_is_told_before_it_is_typed(visitor, portal):
    portal.security_info.answers["getMethodSetup"] = code_setup(code_expires_at=now() - timedelta(seconds=1))
    assert "The last one has run out." in (await visitor.page(SETUP)).text


@pytest.mark.parametrize("way", ["text", "call"])
async def test_another_code_comes_by_the_way_that_was_wished_for(visitor, portal, way):
    portal.security_info.answers |= {"sendCode": code_setup(replaces="m0").root, "getMethodSetup": code_setup()}
    buttons = (await visitor.page(SETUP)).all("button", name="way")
    assert [button["value"] for button in buttons] == ["text", "call"]
    page = await visitor.send(f"{M9}/send-code", way=way, command=COMMAND)
    assert page.headers["Location"] == f"{SETUP}?replaces=m0&sent=again"
    given = portal.security_info.last("sendCode")
    assert (given["body"], given["path"]) == ({"way": way}, {"method_id": "m9"})
    assert given["headers"]["Idempotency-Key"] == f"{COMMAND}-send", "the forms of the page share an id"
    assert (await visitor.page(f"{SETUP}?sent=again")).all("div", role="status")


async def test_another_code_by_mail_needs_no_way(visitor, portal):
    portal.security_info.answers |= {"sendCode": code_setup("email").root, "getMethodSetup": code_setup("email")}
    assert (await visitor.page(SETUP)).all("button", name="way") == []
    await visitor.send(f"{M9}/send-code", command=COMMAND)
    assert portal.security_info.last("sendCode")["body"] == {}


async def test_who_asks_too_early_is_told_when_and_the_code_can_still_be_typed(visitor, portal):
    portal.security_info.answers |= {"sendCode": too_soon(), "getMethodSetup": code_setup()}
    page = await visitor.send(f"{M9}/send-code", way="text", command=COMMAND)
    assert (page.status, page.headers["Retry-After"]) == (429, "720")
    assert "No further code can be sent yet" in page.text
    assert page.one("form", action=SETUP)
    assert page.one("div", class_="resend")["data-wait"] == "720"


async def test_who_asks_for_a_text_where_none_arrives_is_told_at_the_buttons(visitor, portal):
    no_texts = Invalid(errors=[FieldProblem(pointer="/way", key="no_texts")])
    portal.security_info.answers |= {"sendCode": no_texts, "getMethodSetup": code_setup(way="call")}
    page = await visitor.send(f"{M9}/send-code", way="text", command=COMMAND)
    assert page.status == 422
    assert page.text.count("Choose a call instead.") == 2
    assert page.all("a", href="#way")
    (button,) = page.all("button", id="way")
    assert (button["value"], button["aria-describedby"]) == ("call", "way-fault")
    assert page.one("form", action=SETUP), "the code that was sent before can still be typed"
    assert "aria-invalid" not in page.one("input", id="code")


async def test_until_another_code_can_be_sent_the_page_tells_when_that_is(visitor, portal):
    portal.security_info.answers["getMethodSetup"] = code_setup(send_again_at=now() + timedelta(seconds=45))
    page = await visitor.page(SETUP, Cookie="time_zone=Europe/Stockholm")
    assert 40 <= int(page.one("div", class_="resend")["data-wait"]) <= 45
    assert "Another code can be sent at" in page.text
    assert [attrs for attrs in page.all("script") if "/static/resend." in (attrs["src"] or "")]
    portal.security_info.answers["getMethodSetup"] = code_setup()
    assert "data-wait" not in (await visitor.page(SETUP)).one("div", class_="resend")


@pytest.mark.parametrize(
    ("problem", "status", "said"),
    [
        (contract.NothingToSend(), 409, "No code is waited for"),
        (contract.MethodTypeNotAllowed(organizations=["contoso"]), 403, "This type of method cannot be used"),
        (contract.SetupEnded(reason="expired"), 409, "The setup has ended"),
    ],
    ids=lambda one: getattr(one, "key", ""),
)
async def test_why_no_other_code_is_sent_is_told(visitor, portal, problem, status, said):
    portal.security_info.answers["sendCode"] = problem
    page = await visitor.send(f"{M9}/send-code", way="text", command=COMMAND)
    assert page.status == status
    assert said in page.text


async def test_what_was_confirmed_meanwhile_needs_no_other_code(visitor, portal):
    portal.security_info.answers |= dict.fromkeys(("sendCode", "getMethodSetup"), contract.MethodConfirmedAlready())
    for what in ("send-code", "give-up"):
        assert (await visitor.send(f"{M9}/{what}", way="text")).headers["Location"] == "/security-info"
    assert "removeMethod" not in asked(portal), "what counts is not given up"


@pytest.mark.parametrize(
    ("then", "replaces", "place"),
    [
        ("", None, "/security-info"),
        ("again", None, f"{ADD}/phone"),
        ("again", "m0", f"{ADD}/phone?replaces=m0"),
    ],
)
async def test_a_number_that_waits_is_given_up_and_perhaps_another_one_typed(visitor, portal, then, replaces, place):
    portal.security_info.answers |= {"getMethodSetup": code_setup(replaces=replaces), "removeMethod": None}
    assert (await visitor.send(f"{M9}/give-up", then=then, command=COMMAND)).headers["Location"] == place
    assert portal.security_info.last("removeMethod")["path"] == {"method_id": "m9"}


async def test_giving_up_a_change_leaves_the_method(visitor, portal):
    portal.security_info.answers |= {"getMethodSetup": code_setup(changes=True), "giveUpChange": None}
    page = await visitor.page(SETUP)
    assert "your earlier number stays in use" in page.text
    answer = await visitor.send(f"{M9}/give-up", then="again", command=COMMAND)
    assert answer.headers["Location"] == f"{M9}/change"
    assert portal.security_info.last("giveUpChange")["path"] == {"method_id": "m9"}
    assert "removeMethod" not in asked(portal)
