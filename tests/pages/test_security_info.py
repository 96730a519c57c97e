"""The methods on the page: what is told of each, what can be done with it, and what organizations ask for."""

import re

import pytest

from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid

COMMAND = "0" * 32
TOO_LONG = Invalid(errors=[FieldProblem(pointer="/name", key="string_too_long", limit=60)])


@pytest.fixture
def owner_of(portal, canned):
    return lambda *names: portal.has(canned.methods(*names))


async def test_every_form_brings_a_command_of_its_own(visitor):
    pages = [await visitor.page("/security-info/add/authenticator-app") for _ in range(2)]
    first, second = (page.one("input", name="command")["value"] for page in pages)
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


async def test_the_command_of_a_form_goes_along_to_the_service(visitor, portal, canned):
    portal.security_info.answers["setDefaultMethod"] = canned.methods()
    page = await visitor.send("/security-info/methods/m1/default", command=COMMAND)
    given = portal.security_info.last("setDefaultMethod")
    assert (page.status, page.headers["Location"]) == (303, "/security-info?done=default")
    assert given["headers"]["Idempotency-Key"] == COMMAND
    assert given["body"] == {"method_id": "m1"}


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


@pytest.mark.parametrize("done", ["added", "replaced", "kept", "changed", "renamed", "removed", "default"])
async def test_what_was_done_is_said_once_and_never_what_someone_typed(visitor, done):
    assert (await visitor.page(f"/security-info?done={done}")).all("div", role="status")
    assert not (await visitor.page("/security-info?done=<script>")).all("div", role="status")


@pytest.fixture
async def everything(visitor, portal, canned):
    portal.has(canned.everything())
    return await visitor.page("/security-info")


async def test_methods_are_shown_by_what_they_are_for(everything):
    titles = ["For signing in", "For resetting the password", "For when nothing else", "For apps", "Not in use"]
    places = [everything.text.index(title) for title in titles]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "fact",
    [
        "Work phone Default method Required Authenticator app For two-step verification and resetting the password",
        "Last used 2 hours ago",
        "Contoso requires 2 methods for two-step verification. You can replace it, but not remove it.",
        "Blue key Locked Security key YubiKey 5 Passkey Separate key",
        "Locked for confirming that it is you until",
        "Laptop Security key Synced between devices",
        "Not for two-step verification: not allowed by Contoso .",
        "Not for resetting the password: not allowed by Contoso and gone .",
        "Recovery codes Running out 1 code left",
        "Security questions Required 3 questions answered Added",
        "Contoso requires 1 type of method for resetting the password.",
        "Mail on the tablet App password Added",
        "Brand new Another method",
        "Not used yet",
        "Private phone Phone +46 •••••••67 the number that ends in 67 Code by text message",
        "Waiting for the code that was sent to +46 •••••••89 the number that ends in 89 . Enter the code",
        "Office phone Phone +46 •••••••67 the number that ends in 67 Code by call",
        "Put in by your organization, which alone can change it.",
        "E-mail a•••@example.com Added",
    ],
)
async def test_each_fact_of_a_method_is_told(everything, fact):
    assert fact in everything.text


async def test_only_what_can_be_done_with_a_method_is_offered(everything):
    offered = {"default": set(), "change": set(), "rename": set(), "remove": set()}
    for form in everything.all("form"):
        if form["action"].endswith("/default"):
            offered["default"].add(form["action"].split("/")[3])
    for link in everything.all("a"):
        place, _, what = link["href"].removeprefix("/security-info/methods/").partition("/")
        if what in offered:
            offered[what].add(place)
    assert offered == {
        "default": {"m1", "m2", "m3", "m8", "m9"},
        "change": {"m8", "m10"},
        "rename": {"m0", "m1", "m2", "m3", "m6", "m7", "m8", "m10"},
        "remove": {"m1", "m2", "m3", "m4", "m6", "m7", "m8", "m10"},
    }
    assert everything.all("a", href="/security-info/add?replaces=m0")
    assert everything.all("a", href="/security-info/add/recovery-codes?replaces=m4")
    assert everything.all("a", href="/security-info/add/security-questions?replaces=m5")


async def test_what_organizations_ask_for_is_told_with_what_is_missing(everything):
    assert len(everything.all("details")) == 2
    assert ["open" in attrs for attrs in everything.all("details")] == [True, False]
    for told in (
        "Contoso Something is missing Two-step verification 2 methods are required; you have 1.",
        "Allowed: Authenticator app, Security key, and Phone",
        "1 type of method is required; you have 1. Allowed: Security questions 3 security questions are to be answered",
        "Fabrikam Requires nothing Two-step verification Nothing is required. Allowed: Phone",
    ):
        assert told in everything.text


async def test_someone_of_no_organization_is_asked_for_nothing(visitor, portal, canned):
    nobody = canned.requirement("", organization_id="")
    portal.has(canned.info(canned.method(), requirements=(nobody,)))
    assert "What your organizations ask for" not in (await visitor.page("/security-info")).text


async def test_recovery_codes_are_suggested_where_there_are_none_and_can_be(visitor, portal, canned):
    portal.has(canned.methods("Phone"))
    assert (await visitor.page("/security-info")).all("a", href="/security-info/add/recovery-codes")
    portal.has(canned.info(canned.method(), can_add=canned.offers(without=("recovery-codes",))))
    assert not (await visitor.page("/security-info")).all("a", href="/security-info/add/recovery-codes")
    portal.has(canned.info(canned.method(), canned.method(type_="recovery-codes", remaining=4)))
    page = await visitor.page("/security-info")
    assert not page.all("a", href="/security-info/add/recovery-codes")
    assert "Running out" not in page.text


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("security-key", "The key no longer gets you in."),
        ("recovery-codes", "The codes that you kept stop working at once."),
        ("security-questions", "Your answers no longer help you"),
        ("app-password", "The app that uses it cannot get in any more."),
    ],
)
async def test_a_removal_is_told_in_the_words_of_its_type(visitor, portal, canned, type_, said):
    portal.has(canned.info(canned.method(), canned.method("Other", type_)))
    assert said in (await visitor.page("/security-info/methods/m1/remove")).text


async def test_the_default_goes_to_the_oldest_that_can_be_it(visitor, portal, canned):
    portal.has(canned.info(canned.method(), canned.method("Mail", "app-password"), canned.key("Blue key")))
    page = await visitor.page("/security-info/methods/m0/remove")
    assert "“ Blue key ” becomes your default method." in page.text


async def test_what_is_required_is_told_before_and_can_be_replaced_only(visitor, portal, canned):
    portal.has(canned.everything())
    page = await visitor.page("/security-info/methods/m0/remove")
    assert "Contoso requires 2 methods for two-step verification." in page.text
    assert page.all("a", href="/security-info/add?replaces=m0", class_="button")
    assert not page.all("form", action="/security-info/methods/m0/remove")


async def test_what_became_required_meanwhile_leads_back_to_the_question(visitor, portal, canned):
    portal.has(canned.everything())
    portal.security_info.answers["removeMethod"] = contract.MethodNeeded(
        purpose="two_step", required=2, organizations=["contoso"]
    )
    page = await visitor.send("/security-info/methods/m0/remove", command=COMMAND)
    assert page.status == 409
    assert "This method is required" in page.text


async def test_what_has_no_name_of_its_own_is_not_renamed(visitor, portal, canned):
    portal.has(canned.info(canned.method(type_="recovery-codes")))
    assert (await visitor.page("/security-info/methods/m0/rename")).status == 409
