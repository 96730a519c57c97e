"""What a person can do on the pages, and what the services are asked for it."""

import pytest

from gateway.words import PROBLEMS
from shared.contracts.problem import TooManyChanges, Unavailable


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


async def test_what_needs_a_proof_says_so_and_every_shape_of_an_answer_is_shown(visitor):
    page = await visitor.page("/api/docs")
    assert "Needs a recent proof for device.disable , in the header Proof ." in page.text
    for type_ in ("authenticator-app", "security-key", "app-password", "recovery-codes"):
        assert f"Answer 201 for {type_}" in page.text


async def test_a_command_that_no_form_of_ours_made_is_passed_over(visitor, portal):
    portal.security_info.answers["removeMethod"] = None
    await visitor.send("/security-info/methods/m1/remove", command="a.b$")
    assert "Idempotency-Key" not in portal.security_info.last("removeMethod")["headers"]


async def test_being_signed_out_offers_to_sign_in(visitor):
    page = await visitor.page("/signed-out")
    assert page.one("a", class_="button")["href"] == "/"
    assert not page.all("nav")
    assert not page.all("form", action="/sign-out")
