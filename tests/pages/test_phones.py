"""Phones and e-mail addresses: where a code is to go, and another number or address for one that is there."""

import json
import re
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from gateway.countries import countries_of, likely
from shared.contracts import security_info as contract
from shared.contracts.envelope import Client
from shared.contracts.problem import FieldProblem, Invalid
from tests.pages.reached import code_setup, too_soon

COMMAND = "0" * 32
ADD = "/security-info/add"
M9 = "/security-info/methods/m9"
SETUP = f"{M9}/setup"
NUMBER = "070-174 06 67"
TYPED = {"country": "SE", "number": f" {NUMBER} ", "way": "call", "command": COMMAND}
SWEDISH = {"Cookie": "language=sv"}


def refused(pointer, key, limit=None):
    return Invalid(errors=[FieldProblem(pointer=pointer, key=key, limit=limit)])


def chosen(page):
    return [attrs["value"] for attrs in page.all("option") if "selected" in attrs]


def asked(portal):
    return [name for name, _ in portal.security_info.asked]


@pytest.fixture
def owner(portal, canned):
    """Somebody with a phone, an address and an office phone."""
    portal.has(
        canned.info(
            canned.method("Private phone", "phone", way="call"),
            canned.method("E-mail", "email"),
            canned.method("Office phone", "phone", managed=True, can_be_renamed=False),
            canned.method("App"),
        )
    )
    return portal


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Åland Islands", "Austria", "Germany", "Sweden", "United States"]),
        ("sv", ["Sverige", "Tyskland", "USA", "Åland", "Österrike"]),
    ],
)
def test_countries_stand_in_the_order_of_the_language(language, names):
    found = countries_of(("SE", "AT", "US", "AX", "DE", "ZZ"), Locale(language))
    assert [country.name for country in found] == names
    assert {country.code: country.calling_code for country in found}["AX"] == "+358"


@pytest.mark.parametrize(
    ("language", "zone", "visited_from", "code"),
    [
        ("sv", "Europe/Vienna", "DE", "DE"),
        ("sv", "Europe/Vienna", None, "AT"),
        ("sv", "Europe/Oslo", "NO", "SE"),
        ("en", None, "FR", "US"),
        ("de", "UTC", "", "DE"),
    ],
)
def test_the_country_of_the_visit_is_likely_then_of_its_time_zone_then_of_its_language(
    language, zone, visited_from, code
):
    locale = Locale(language)
    countries = countries_of(("SE", "AT", "US", "DE"), locale)
    assert likely(countries, locale, ZoneInfo(zone) if zone else None, visited_from) == code


def test_where_no_country_is_likely_the_first_is_taken():
    english = Locale("en")
    assert likely(countries_of(("SE", "AT"), english), english, None, None) == "AT"
    assert likely((), english, None, None) == ""


async def test_the_form_of_a_phone_asks_for_country_number_and_way(visitor, portal, canned):
    portal.signs_in(canned.a_session(client=Client(country="DE")))
    page = await visitor.page(f"{ADD}/phone")
    assert chosen(page) == ["DE"]
    assert "Germany (+49)" in page.text
    field = page.one("input", id="number")
    assert (field["type"], field["inputmode"], field["autocomplete"]) == ("tel", "tel", "tel-national")
    assert ["checked" in attrs for attrs in page.all("input", name="way")] == [True, False]
    assert chosen(await visitor.page(f"{ADD}/phone", **SWEDISH)) == ["DE"]
    portal.signs_in(canned.a_session())
    assert chosen(await visitor.page(f"{ADD}/phone", **SWEDISH)) == ["SE"]


async def test_a_number_goes_to_the_service_and_never_into_an_address(visitor, portal):
    portal.security_info.answers["addMethod"] = code_setup()
    page = await visitor.send(f"{ADD}/phone", **TYPED)
    assert (page.status, page.headers["Location"]) == (303, SETUP)
    given = portal.security_info.last("addMethod")
    assert given["body"] == {"type": "phone", "number": {"country": "SE", "typed": NUMBER}, "way": "call"}
    assert given["headers"]["Idempotency-Key"] == COMMAND


async def test_an_address_goes_to_the_service_and_what_it_is_for_is_told_before(visitor, portal):
    page = await visitor.page(f"{ADD}/email")
    assert "For password reset only" in page.text
    assert "Not the address of this account" in page.text
    assert page.one("input", id="address")["type"] == "email"
    portal.security_info.answers["addMethod"] = code_setup("email")
    page = await visitor.send(f"{ADD}/email", address=" a@example.com ", replaces="m0", command=COMMAND)
    assert page.headers["Location"] == f"{SETUP}?replaces=m0"
    body = portal.security_info.last("addMethod")["body"]
    assert body == {"type": "email", "replaces": "m0", "address": "a@example.com"}


@pytest.mark.parametrize(
    ("wrong", "said", "sagt"),
    [
        ("/number/typed telephone_number", "Check its digits.", "Kontrollera siffrorna."),
        ("/number/typed too_short", "Check its digits.", "Kontrollera siffrorna."),
        ("/number/typed there_already", "This is one of your methods already.", "redan en av dina metoder"),
        ("/number/country country_not_allowed", "not sent to numbers of this country", "inte till nummer i det här"),
        ("/number/country string_pattern_mismatch", "Choose the country", "Välj numrets land."),
        ("/way no_texts", "Choose a call instead.", "Välj ett samtal i stället."),
        ("/way literal_error", "Choose one of the alternatives.", "Välj ett av alternativen."),
    ],
)
async def test_what_is_wrong_with_a_number_stands_at_its_field_and_what_was_typed_stays(
    visitor, portal, wrong, said, sagt
):
    pointer, key = wrong.split()
    field = "number" if pointer.endswith("typed") else pointer.rpartition("/")[2]
    portal.security_info.answers["addMethod"] = refused(pointer, key, 3)
    page = await visitor.send(f"{ADD}/phone", **{**TYPED, "country": "AT", "number": "<b>12"})
    assert page.status == 422
    assert page.text.count(said) == 2
    assert [tag for tag, attrs in page.elements if (attrs.get("aria-describedby") or "").endswith(f"{field}-fault")]
    assert page.all("a", href=f"#{field}")
    assert [attrs["id"] for _, attrs in page.elements if "autofocus" in attrs] == [field]
    assert chosen(page) == ["AT"]
    assert page.one("input", id="number")["value"] == "<b>12"
    assert ["checked" in attrs for attrs in page.all("input", name="way")] == [False, True]
    assert page.text.startswith("Error:")
    response = await visitor._client.post(f"{ADD}/phone", data=TYPED, headers=SWEDISH)
    assert sagt in await response.text()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("value_error", "It needs to look like name@example.com."),
        ("too_long", "It needs to look like name@example.com."),
        ("work_address", "This is the address of this account."),
        ("there_already", "This is one of your methods already."),
    ],
)
async def test_what_is_wrong_with_an_address_stands_at_its_field(visitor, portal, key, said):
    portal.security_info.answers["addMethod"] = refused("/address", key)
    page = await visitor.send(f"{ADD}/email", address="x@", command=COMMAND)
    assert page.status == 422
    assert page.text.count(said) == 2
    assert page.one("input", id="address")["value"] == "x@"


async def test_too_many_codes_are_told_with_when_there_can_be_another(visitor, portal):
    portal.security_info.answers["addMethod"] = too_soon()
    page = await visitor.send(f"{ADD}/phone", **TYPED)
    assert (page.status, page.headers["Retry-After"]) == (429, "720")
    assert "No further code can be sent yet" in page.text
    assert "Another code can be sent at" in page.text
    assert re.search(r", in 1[23] minutes", page.text)
    assert page.one("input", id="number")["value"] == f" {NUMBER} "


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("method", "typed", "body"),
    [
        ("m0", TYPED, {"number": {"country": "SE", "typed": NUMBER}, "way": "call"}),
        ("m1", {"address": "b@example.com", "command": COMMAND}, {"address": "b@example.com"}),
    ],
)
async def test_a_change_waits_for_its_code_and_leaves_what_is_there(visitor, portal, method, typed, body):
    place = f"/security-info/methods/{method}"
    page = await visitor.page(f"{place}/change")
    assert "That stays so until a code that we send to the new one has come back." in page.text
    waiting = portal.security_info.answers["getSecurityInfo"].methods[0].model_copy(update={"changing_to": "•••"})
    portal.security_info.answers["changeMethod"] = waiting
    page = await visitor.send(f"{place}/change", **typed)
    assert (page.status, page.headers["Location"]) == (303, f"{place}/setup")
    assert portal.security_info.last("changeMethod")["body"] == body
    portal.security_info.answers |= {
        "getMethodSetup": code_setup(method_id=method, changes=True),
        "confirmMethod": waiting,
    }
    fields = {one["name"]: one["value"] for one in (await visitor.page(f"{place}/setup")).all("input", type="hidden")}
    done = await visitor.send(f"{place}/setup", **fields, code="123456")
    assert done.headers["Location"] == "/security-info?done=changed"


async def test_how_codes_come_now_is_chosen_when_a_number_is_changed(visitor, owner):
    page = await visitor.page("/security-info/methods/m0/change")
    assert ["checked" in attrs for attrs in page.all("input", name="way")] == [False, True]
    assert page.one("input", id="number")["value"] == ""


@pytest.mark.usefixtures("owner")
async def test_a_change_that_is_refused_keeps_what_was_typed(visitor, portal):
    portal.security_info.answers["changeMethod"] = refused("/number/typed", "there_already")
    page = await visitor.send("/security-info/methods/m0/change", **TYPED)
    assert page.status == 422
    assert page.one("input", id="number")["value"] == f" {NUMBER} "
    portal.security_info.answers["changeMethod"] = refused("/way", "no_texts")
    page = await visitor.send("/security-info/methods/m0/change", **{**TYPED, "way": "text"})
    assert page.text.count("No text message arrives at this number. Choose a call instead.") == 2
    assert page.one("fieldset", class_="choices")["aria-describedby"] == "way-fault"
    portal.security_info.answers["changeMethod"] = too_soon()
    page = await visitor.send("/security-info/methods/m0/change", **TYPED)
    assert (page.status, page.headers["Retry-After"]) == (429, "720")


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("endpoint", ["getMethodSetup", "confirmMethod", "sendCode"])
async def test_a_change_that_took_too_long_can_be_begun_again(visitor, portal, endpoint):
    portal.security_info.answers[endpoint] = contract.SetupEnded(reason="expired")
    place = "/security-info/methods/m0"
    match endpoint:
        case "getMethodSetup":
            page = await visitor.page(f"{place}/setup")
        case "confirmMethod":
            page = await visitor.send(f"{place}/setup", code="123456", changes="yes")
        case _:
            page = await visitor.send(f"{place}/send-code", way="text")
    assert page.status == 409
    assert "Nothing was changed." in page.text
    assert page.one("form", action=f"{place}/change")


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("page", ["change", "rename", "remove"])
async def test_what_the_organization_put_in_is_its_own_to_change(visitor, page):
    found = await visitor.page(f"/security-info/methods/m2/{page}")
    assert found.status == 403
    assert "Your organization manages this method" in found.text


@pytest.mark.usefixtures("owner")
async def test_only_what_is_reached_has_a_target_to_change(visitor):
    assert (await visitor.page("/security-info/methods/m3/change")).status == 404


async def test_what_is_no_longer_allowed_is_not_changed(visitor, portal, canned):
    barred = contract.NotOffered(type="phone", organizations=("contoso",))
    portal.has(canned.info(canned.method("Phone", "phone"), not_offered=(barred,)))
    assert (await visitor.page("/security-info/methods/m0/change")).status == 403
    assert not (await visitor.page("/security-info")).all("a", href="/security-info/methods/m0/change")


async def test_what_is_offered_nowhere_is_not_available_and_nobody_forbade_it(visitor, portal, canned):
    portal.has(canned.info(not_offered=(contract.NotOffered(type="phone", organizations=()),)))
    assert "Phone Not available here." in (await visitor.page(ADD)).text


@pytest.mark.usefixtures("owner")
async def test_removing_a_phone_tells_what_ends(visitor):
    assert "No codes are sent to it any more." in (await visitor.page("/security-info/methods/m0/remove")).text


@pytest.mark.usefixtures("owner")
async def test_no_page_that_is_only_looked_at_has_a_code_sent(visitor, portal):
    portal.security_info.answers["getMethodSetup"] = code_setup()
    for path in (SETUP, f"{ADD}/phone", "/security-info", "/security-info/methods/m0/change"):
        await visitor.page(path)
    assert {*asked(portal)} == {"getSecurityInfo", "getMethodSetup"}
    assert json.dumps([given.get("body") for _, given in portal.security_info.asked]).count("null")
