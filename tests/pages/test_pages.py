"""What a person can do on the pages, and what the services are asked for it."""

import re

import pytest

from gateway.pages.setup import free_name
from gateway.words import PROBLEMS
from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid, TooManyChanges, Unavailable

COMMAND = "0" * 32
TOO_LONG = Invalid(errors=[FieldProblem(pointer="/name", key="string_too_long", limit=60)])


@pytest.fixture
def owner_of(portal, canned):
    return lambda *names: portal.has(canned.methods(*names))


async def test_every_form_brings_a_command_of_its_own(visitor):
    pages = [await visitor.page("/security-info/add") for _ in range(2)]
    first, second = (page.one("input", name="command")["value"] for page in pages)
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


async def test_the_command_of_a_form_goes_along_to_the_service(visitor, portal):
    portal.security_info.answers["setDefaultMethod"] = contract.SecurityInfo(
        methods=(), default_method=None, can_add=()
    )
    page = await visitor.send("/security-info/methods/m1/default", command=COMMAND)
    given = portal.security_info.last("setDefaultMethod")
    assert (page.status, page.headers["Location"]) == (303, "/security-info?done=default")
    assert given["headers"]["Idempotency-Key"] == COMMAND
    assert given["body"] == {"method_id": "m1"}


async def test_adding_leads_to_the_steps_of_the_setup(visitor, portal, canned):
    portal.security_info.answers["addMethod"] = canned.setup()
    page = await visitor.send("/security-info/add", name="Work phone", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/security-info/methods/m9/setup")
    assert portal.security_info.last("addMethod")["body"] == {"type": "authenticator-app", "name": "Work phone"}


async def test_a_refused_name_stays_in_its_field_with_what_is_wrong(visitor, portal):
    portal.security_info.answers["addMethod"] = TOO_LONG
    page = await visitor.send("/security-info/add", name="<b>long</b>", command=COMMAND)
    field = page.one("input", id="name")
    assert page.status == 422
    assert field["value"] == "<b>long</b>"
    assert field["aria-invalid"] == "true"
    assert "name-fault" in field["aria-describedby"]
    assert "autofocus" in field
    assert page.one("input", name="command")["value"] != COMMAND
    assert "Use at most 60 characters." in page.text
    assert page.text.startswith("Error:")


async def test_as_many_as_there_can_be_are_told_instead_of_a_form(visitor, portal, canned):
    portal.has(canned.methods(*"abcde"))
    page = await visitor.page("/security-info/add")
    assert "There can be 5 authenticator apps." in page.text
    assert not page.all("form", action="/security-info/add")
    portal.security_info.answers["addMethod"] = contract.MethodLimitReached(limit=5)
    assert (await visitor.send("/security-info/add", name="f")).status == 409


async def test_a_name_to_begin_with_is_free_and_in_ones_language(canned):
    assert free_name(canned.methods(), "sv") == "Autentiseringsapp"
    assert free_name(canned.methods("Authenticator app", "Authenticator app 2"), "en") == "Authenticator app 3"


async def test_the_right_code_finishes_the_setup(visitor, portal, canned):
    portal.security_info.answers["confirmMethod"] = canned.methods("Work phone").methods[0]
    page = await visitor.send("/security-info/methods/m9/setup", code="123 456", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/security-info?done=added")
    assert portal.security_info.last("confirmMethod")["body"] == {"code": "123 456"}
    assert portal.security_info.last("confirmMethod")["path"] == {"method_id": "m9"}


async def test_a_wrong_code_leads_back_to_the_same_steps_with_the_attempts_left(visitor, portal):
    portal.security_info.answers["confirmMethod"] = contract.CodeIncorrect(attempts_left=1)
    page = await visitor.send("/security-info/methods/m9/setup", code="000000")
    field = page.one("input", id="code")
    assert page.status == 422
    assert page.text.count("You have 1 attempt left.") == 2
    assert (field["value"], field["inputmode"], field["autocomplete"]) == ("", "numeric", "one-time-code")
    assert re.fullmatch(field["pattern"], "123 456")
    assert page.all("svg", class_="segno")


async def test_a_code_that_is_none_is_told_at_its_field(visitor, portal):
    portal.security_info.answers["confirmMethod"] = Invalid(errors=[FieldProblem(pointer="/code", key="six_digits")])
    page = await visitor.send("/security-info/methods/m9/setup", code="")
    assert page.status == 422
    assert "Enter the six digits that the app shows." in page.text


@pytest.mark.parametrize("reason", ["expired", "too_many_attempts"])
async def test_a_setup_that_has_ended_can_be_started_again(visitor, portal, reason):
    portal.security_info.answers["confirmMethod"] = contract.SetupEnded(reason=reason)
    page = await visitor.send("/security-info/methods/m9/setup", code="000000")
    assert page.status == 409
    assert page.all("a", href="/security-info/add")
    assert "Start again" in page.text


async def test_a_setup_that_is_finished_already_leads_to_the_methods(visitor, portal):
    portal.security_info.answers["getMethodSetup"] = contract.MethodConfirmedAlready()
    portal.security_info.answers["confirmMethod"] = contract.MethodConfirmedAlready()
    assert (await visitor.page("/security-info/methods/m9/setup")).headers["Location"] == "/security-info"
    page = await visitor.send("/security-info/methods/m9/setup", code="000000")
    assert page.headers["Location"] == "/security-info?done=added"


async def test_renaming_asks_with_the_name_and_sends_the_new_one(visitor, portal, canned):
    assert (await visitor.page("/security-info/methods/m0/rename")).one("input", id="name")["value"] == "Work phone"
    portal.security_info.answers["changeMethod"] = canned.methods("New").methods[0]
    page = await visitor.send("/security-info/methods/m0/rename", name="New", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/security-info?done=renamed")
    portal.security_info.answers["changeMethod"] = TOO_LONG
    page = await visitor.send("/security-info/methods/m0/rename", name="long")
    assert (page.status, page.one("input", id="name")["value"]) == (422, "long")


@pytest.mark.parametrize(
    ("names", "method", "said"),
    [
        ("abc", "m0", "“ b ” becomes your default method."),
        ("abc", "m2", "Your default method stays as it is."),
        ("a", "m0", "This is your only method"),
    ],
)
async def test_what_a_removal_would_mean_is_told_before(visitor, owner_of, names, method, said):
    owner_of(*names)
    assert said in (await visitor.page(f"/security-info/methods/{method}/remove")).text


async def test_removing_removes(visitor, portal):
    portal.security_info.answers["removeMethod"] = None
    page = await visitor.send("/security-info/methods/m1/remove", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/security-info?done=removed")
    assert portal.security_info.last("removeMethod")["path"] == {"method_id": "m1"}


@pytest.mark.parametrize("page", ["rename", "remove"])
async def test_a_method_that_is_not_there_is_not_found(visitor, page):
    found = await visitor.page(f"/security-info/methods/nope/{page}")
    assert found.status == 404
    assert found.all("a", href="/security-info", class_="button")


@pytest.mark.parametrize("done", ["added", "renamed", "removed", "default"])
async def test_what_was_done_is_said_once_and_never_what_someone_typed(visitor, done):
    assert (await visitor.page(f"/security-info?done={done}")).all("div", role="status")
    assert not (await visitor.page("/security-info?done=<script>")).all("div", role="status")


async def test_the_history_is_searched_and_paged(visitor, portal):
    page = await visitor.page("/activity?q=fire+fox&before=9.x")
    assert portal.privacy.last("getActivity")["query"] == {"q": "fire fox", "before": "9.x"}
    assert page.one("input", id="q")["value"] == "fire fox"
    assert page.all("a", href="/activity?q=fire+fox&before=1.e")
    assert page.all("a", href="/activity?q=fire+fox")


async def test_the_history_is_grouped_by_the_days_of_the_visitors_zone(visitor):
    page = await visitor.page("/activity", Cookie="time_zone=Pacific/Auckland; language=sv")
    days = [attrs for attrs in page.all("section") if attrs.get("class") == "day"]
    assert len(days) > 3
    assert "UTC" not in page.text
    assert "UTC" in (await visitor.page("/activity")).text


async def test_a_service_that_does_not_answer_costs_its_tile_only(visitor, portal):
    portal.security_info.answers["getSecurityInfo"] = Unavailable()
    page = await visitor.page("/")
    assert page.status == 200
    assert page.text.count("Not right now") == 1
    assert "Review activity" in page.text


async def test_a_page_whose_service_does_not_answer_can_be_tried_again(visitor, portal):
    portal.privacy.answers["getActivity"] = Unavailable()
    page = await visitor.page("/activity?q=a")
    assert page.status == 503
    assert page.one("a", class_="button")["href"] == "/activity?q=a"


async def test_a_refusal_of_a_form_is_a_page_with_a_way_on(visitor, portal):
    portal.security_info.answers["removeMethod"] = TooManyChanges(retry_after=7)
    page = await visitor.send("/security-info/methods/m0/remove")
    assert (page.status, page.headers["Retry-After"]) == (429, "7")
    assert "Wait 7 seconds" in page.text
    assert page.one("input", name="return_to")["value"] == "/security-info"


@pytest.mark.parametrize("key", PROBLEMS)
async def test_every_type_of_problem_has_a_page(visitor, key):
    page = await visitor.page(f"/problems/{key}")
    assert page.status == 200
    assert PROBLEMS[key].general("en") in page.text


async def test_a_type_of_problem_is_told_in_ones_language(visitor):
    page = await visitor.page("/problems/code_incorrect", **{"Accept-Language": "sv"})
    assert (page.status, page.headers["Content-Language"]) == (200, "sv")
    assert "Koden är felaktig" in page.text
    assert (await visitor.page("/problems/no_such")).status == 404


async def test_what_is_for_systems_is_told_with_its_scope(visitor):
    page = await visitor.page("/api/docs")
    assert "For systems, with the scope devices.write ." in page.text


async def test_a_command_that_no_form_of_ours_made_is_passed_over(visitor, portal):
    portal.security_info.answers["removeMethod"] = None
    await visitor.send("/security-info/methods/m1/remove", command="a.b$")
    assert "Idempotency-Key" not in portal.security_info.last("removeMethod")["headers"]


async def test_being_signed_out_offers_to_sign_in(visitor):
    page = await visitor.page("/signed-out")
    assert page.one("a", class_="button")["href"] == "/"
    assert not page.all("nav")
    assert not page.all("form", action="/sign-out")
