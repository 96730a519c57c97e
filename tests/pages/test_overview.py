"""The overview: who one is, whether the account is all right, and a tile for each part."""

import re
from datetime import timedelta

import pytest

from gateway.checkup import CheckUp, Finding
from gateway.words.checkup import FINDINGS, VERDICTS, said
from shared.contracts.privacy import Activity
from shared.contracts.problem import Unavailable
from shared.facts import now
from shared.telling.languages import LANGUAGES
from tests.pages.sign_ins import sign_in

PASSWORD = "https://provider.example/password"
LONG_AGO = now() - timedelta(days=200)


@pytest.fixture
def well_kept(portal, canned):
    portal.has(canned.info(canned.method("Work phone"), canned.key(), canned.method(type_="recovery-codes")))


@pytest.fixture
def change_password(portal):
    portal.change_password = PASSWORD


async def test_who_one_is_comes_from_the_directory(visitor, portal, canned):
    portal.belongs_to(canned.organization(), title="Tester", office="Malmö 3")
    page = await visitor.page("/")
    assert (
        "Alice Lindqvist Tester E-mail: alice@contoso.example Home organization: Contoso Office: Malmö 3" in page.text
    )


async def test_without_organizations_the_sign_in_tells_who_one_is(visitor, portal):
    portal.organizations.answers["getOrganizations"] = Unavailable()
    page = await visitor.page("/")
    assert "Alice Lindqvist E-mail: alice@contoso.example Sign out everywhere" in page.text


@pytest.mark.usefixtures("change_password")
async def test_the_password_is_changed_at_the_provider(visitor):
    assert (await visitor.page("/")).all("a", href=PASSWORD)


def glances(portal, **told):
    answers = portal.privacy.answers
    answers["getPrivacyAtAGlance"] = answers["getPrivacyAtAGlance"].model_copy(update=told)


async def test_a_recent_sign_in_tells_where_it_was_and_stands_out_where_it_alarms(visitor, portal):
    glances(portal, activity=Activity(entries=(sign_in("failure", "second_factor"), sign_in()), next=None))
    page = await visitor.page("/")
    assert "7 minutes ago · Firefox, Linux · Malmö, Sweden" in page.text
    assert len(page.all("li", class_="recent-alarming")) == 1


@pytest.mark.usefixtures("well_kept")
async def test_who_may_know_the_password_is_asked_about_first(visitor, portal, canned):
    portal.owns(canned.device())
    glances(portal, second_step_failed_at=now() - timedelta(days=13))
    page = await visitor.page("/")
    assert "1 thing to look at Somebody who knows your password may have tried to sign in" in page.text
    assert page.one("a", class_="button")["href"] == "/activity?part=sign_ins&result=not_succeeded"
    glances(portal, second_step_failed_at=now() - timedelta(days=15))
    assert "Somebody who knows" not in (await visitor.page("/")).text


async def test_where_the_provider_has_no_page_for_it_no_password_is_offered(visitor):
    assert "Change password" not in (await visitor.page("/")).text


async def test_three_devices_in_use_are_named_and_the_disabled_counted(visitor, portal, canned):
    portal.owns(canned.disabled("Gone", compliance="not_compliant"), *map(canned.device, "ABCD"))
    page = await visitor.page("/")
    assert "5 devices A B C 1 is disabled. Manage devices" in page.text
    assert "Gone" not in page.text
    portal.owns(*map(canned.disabled, "AB"))
    assert "2 devices 2 are disabled. Manage devices" in (await visitor.page("/")).text


@pytest.mark.parametrize(("locked", "said"), [(0, None), (1, "1 has a recovery key"), (2, "2 have recovery keys")])
async def test_who_is_locked_out_of_a_device_is_told_that_its_key_is_here(visitor, portal, canned, locked, said):
    portal.owns(canned.device("Open"), *(canned.device(f"D{number}", recovery_keys=3) for number in range(locked)))
    page = await visitor.page("/")
    assert ("recovery key" in page.text) == bool(said)
    assert (said or "") in page.text


async def test_three_organizations_are_named_and_all_counted(visitor, portal, canned):
    others = [canned.organization(name, name.title()) for name in ("fabrikam", "northwind", "tailspin")]
    portal.belongs_to(canned.organization(), *others)
    page = await visitor.page("/")
    assert "4 organizations Contoso Fabrikam Northwind Open organizations" in page.text
    assert "Privacy 4 organizations What your organizations declare" in page.text
    assert "privacy notice" not in page.text


async def test_each_fact_is_said_once_and_each_tile_has_one_link(visitor, portal, canned):
    portal.has(canned.methods("Phone"))
    portal.owns(canned.device("CON-1", compliance="not_compliant"), canned.disabled("CON-2"))
    page = await visitor.page("/")
    once = ["the requirements", "only method", "disabled", "Home organization", "Phone” is", "1 method "]
    assert {fact: page.text.count(fact) for fact in once} == dict.fromkeys(once, 1)
    tiles = page.html[page.html.index('class="tiles"') :]
    linked = [re.findall(r'<a [^>]*href="([^"]+)"', tile) for tile in tiles.split("<section")[1:]]
    assert linked == [["/security-info"], ["/devices"], ["/organizations"], ["/privacy"], ["/activity"]]


@pytest.mark.parametrize(
    ("service", "missing", "tiles"),
    [("devices", "2 devices", 1), ("organizations", "organizations Contoso", 1), ("privacy", "notice", 2)],
)
async def test_a_service_that_does_not_answer_costs_its_tiles_only(visitor, portal, service, missing, tiles):
    getattr(portal, service).answers.clear()
    page = await visitor.page("/")
    assert page.status == 200
    assert page.text.count("Not right now") == tiles
    assert missing not in page.text


async def test_with_no_service_at_all_the_way_on_is_still_there(visitor, portal):
    for service in (portal.security_info, portal.devices, portal.organizations, portal.privacy):
        service.answers.clear()
    page = await visitor.page("/")
    assert (page.status, page.text.count("Not right now")) == (200, 5)
    for path in ("/security-info", "/devices", "/organizations", "/privacy", "/activity"):
        assert len(page.all("a", href=path, class_="more")) == 1


@pytest.mark.usefixtures("well_kept")
async def test_an_account_that_needs_nothing_looks_all_right(visitor, portal, canned):
    portal.owns(canned.device())
    page = await visitor.page("/")
    assert "Security check-up Your account looks all right Going by your security info" in page.text
    assert page.one("section", class_="checkup")["aria-labelledby"] == page.one("h2", id="checkup")["id"]
    assert not page.all("li", class_="finding")
    portal.security_info.answers.clear()
    assert "looks all right" not in (await visitor.page("/")).text


async def test_what_there_is_to_look_at_is_counted_and_the_first_thing_stands_out(visitor, portal, canned):
    portal.has(canned.methods("Phone"))
    portal.owns(canned.device("CON-1", compliance="not_compliant"), canned.device("CON-2", last_active_at=LONG_AGO))
    page = await visitor.page("/")
    sentences = [
        "4 things to look at",
        "“CON-1” does not meet the requirements",
        "“Phone” is your only method for two-step verification",
        "You have no recovery codes",
        "“CON-2” has not been active for 90 days",
    ]
    places = [page.text.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert page.one("a", class_="button")["href"] == "/devices"
    assert [link["href"] for link in page.all("a", class_="button button-quiet")] == [
        "/security-info/add",
        "/security-info/add/recovery-codes",
        "/devices",
    ]
    assert len(page.all("ol", class_="findings")) == 1


@pytest.mark.usefixtures("well_kept")
@pytest.mark.parametrize(
    ("away", "told"),
    [
        (("devices",), "Some of your account cannot be checked right now In what could be checked, there is nothing"),
        (("security_info",), "Your security info is not checked Try again"),
        (("devices", "security_info"), "Your account cannot be checked right now Your security info is not checked"),
    ],
)
async def test_what_does_not_answer_is_told_to_be_unchecked(visitor, portal, canned, away, told):
    portal.owns(canned.device())
    for service in away:
        getattr(portal, service).answers.clear()
    page = await visitor.page("/")
    assert told in page.text
    assert len(page.all("a", class_="more", href="/")) == len(away)


async def test_the_check_up_speaks_swedish(visitor, portal, canned):
    portal.has(canned.methods())
    portal.owns(*(canned.device(name, last_active_at=LONG_AGO) for name in "ABC"))
    page = await visitor.page("/", Cookie="language=sv")
    assert "Säkerhetskontroll 2 saker att se över Ditt konto skyddas bara av lösenordet" in page.text
    assert "”A”, ”B” och 1 till har inte varit aktiva på 90 dagar" in page.text


async def test_long_names_and_those_from_right_to_left_are_told_whole(visitor, portal, canned):
    faulty = [canned.device(name, compliance="not_compliant") for name in (canned.LONG, canned.RIGHT_TO_LEFT)]
    portal.owns(*faulty, canned.device("<b>", last_active_at=LONG_AGO))
    page = await visitor.page("/")
    isolated = f"\N{FIRST STRONG ISOLATE}{canned.RIGHT_TO_LEFT}\N{POP DIRECTIONAL ISOLATE}"
    assert f"“{canned.LONG}” and “{isolated}” do not meet the requirements" in page.text
    assert "“<b>” has not been active" in page.text
    assert not page.all("b")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", FINDINGS)
def test_every_finding_has_words_however_many_it_is_about(key, language):
    told = {
        said(CheckUp("to_look_at", (Finding(key, ("A", "B")[:count], count, 1),)), language).steps[0].sentence
        for count in (1, 2, 3, 9)
    }
    assert not [sentence for sentence in told if "%(" in sentence]
    several = {"devices_not_compliant": 4, "devices_idle": 4, "methods_locked": 4}
    assert len(told) == several.get(key, 3 if key.endswith("_required") else 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["two_step_required", "password_reset_required", "recovery_codes_few"])
def test_how_much_is_required_or_left_is_told(key, language):
    one, two = (
        said(CheckUp("to_look_at", (Finding(key, ("A",), 1, number),)), language).steps[0].sentence for number in (1, 2)
    )
    assert "1" in one
    assert two not in {one, one.replace("1", "2")}


async def test_what_is_required_and_missing_comes_first_with_who_requires_it(visitor, portal, canned):
    portal.has(canned.everything())
    page = await visitor.page("/")
    first = "“Contoso” requires 2 methods for two-step verification"
    assert page.text.index(first) < page.text.index("“Blue key” is locked after too many wrong answers")
    assert page.one("a", class_="button")["href"] == "/security-info/add"
    assert "Only 1 recovery code is left" in page.text
    assert "and 7 others" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_words(verdict, language):
    titles = {said(CheckUp(verdict, (Finding("no_method"),) * count), language).title for count in (1, 2)}
    assert len(titles) == (2 if verdict == "to_look_at" else 1)
