"""What the privacy page shows, how services are disconnected, and what is asked of the services for it."""

import re

import pytest

from gateway.words.data_categories import CATEGORIES
from gateway.words.data_purposes import PURPOSES_OF_USE
from gateway.words.legal_bases import BASES
from gateway.words.terms import basis_more, basis_said, category_said, purpose_said, readable, source_said
from shared.contracts.privacy import DisconnectingForbidden, ServiceNotFound
from shared.contracts.problem import Unavailable
from shared.telling.languages import LANGUAGES
from tests.pages.declared import EVERYTHING, RIGHT_TO_LEFT, acceptance, service, terms, use

DISCONNECT = "/privacy/services/contoso~expenses/disconnect"


@pytest.fixture
def everything(portal):
    portal.declares(**EVERYTHING)


@pytest.fixture
def declared_once(portal, canned):
    """One organization and one use, so that what is shown of it stands there once."""

    def declare(**told):
        portal.belongs_to(canned.organization(), title="Analyst", office="Malmö 3")
        portal.declares(**told)

    return declare


@pytest.mark.usefixtures("everything")
async def test_what_waits_comes_first_then_organizations_then_services(visitor):
    page = await visitor.page("/privacy")
    places = [
        page.text.index(text)
        for text in (
            "Waiting for you 2 texts to read and accept Using our systems Contoso Version 2026-11 of 2 March 2026",
            "On call",
            "Privacy statement Read the privacy statement",
            "Terms of use Using our systems",
            "What it does with data about you 10 uses",
            "Services in use 4",
        )
    ]
    assert places == sorted(places)
    assert page.all("a", href="/privacy/terms/contoso~portal", class_="button")
    assert page.all("a", href="#services")


@pytest.mark.usefixtures("everything")
async def test_terms_tell_what_was_accepted_and_what_holds(visitor):
    page = await visitor.page("/privacy")
    told = "You accepted version 1 on 2 March 2026, in Swedish."
    assert f"It says something else than what you agreed to: {told}" in page.text.replace(" ,", ",")
    assert f"On call {told} Version 2026-11 waits for you to accept it." in page.text.replace(" ,", ",")
    assert "in xx. Version 2026-11 holds now. It changes nothing that matters" in page.text
    assert f"{RIGHT_TO_LEFT} You accepted version 2026-11 on 2 March 2026 , in Arabic. Read again" in page.text
    assert "x" * 120 + " You need not accept these. Read again" in page.text
    assert page.all("a", href="/privacy/terms/contoso~changed?version=1&language=sv")


async def test_a_person_is_told_what_is_done_with_which_data_and_what_is_here_of_it(visitor, declared_once):
    declared_once(data_uses=(use(recipients="Fixers Ltd", remark="For the directory"),))
    page = await visitor.page("/privacy")
    assert page.one("table")["aria-label"] == "What Contoso does with data about you"
    assert (
        "E-mail address Here of you alice@contoso.example "
        "What for To give you an account and look after it For the directory "
        "Why it may It is needed for a contract with you GDPR, Article 6 (1) (b) "
        "How long Until two years after you leave Who else gets it Fixers Ltd Where from The organization"
    ) in page.text


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (use("pd:Professional"), "Your work Here of you Title Analyst Office Malmö 3 What for"),
        (use("pd:Name"), "Name Here of you Alice Lindqvist What for"),
        (use("pd:Picture"), "Picture of you Here of you Nothing What for"),
        (
            use("pd:Age"),
            "Age Here of you Name Alice Lindqvist Title Analyst E-mail alice@contoso.example Office Malmö 3",
        ),
        (use("pd:Job", "memberships"), "Job Here of you 1 organization What for"),
        (use("pd:DeviceBased", "devices"), "Your devices Here of you 2 devices What for"),
        (use("pd:Authenticating", "security_info"), "What you sign in with Here of you 2 methods What for"),
        (use("pd:AuthenticationHistory", "history"), "Your sign-ins Here of you See your activity What for"),
        (use("pd:Salary", None), "Salary What for"),
    ],
    ids=lambda told: told.category if hasattr(told, "category") else None,
)
async def test_ones_own_data_stands_beside_its_category(visitor, declared_once, told, shown):
    declared_once(data_uses=(told,))
    assert shown in (await visitor.page("/privacy")).text


async def test_only_what_is_declared_to_be_used_is_asked_for(visitor, portal, declared_once):
    declared_once(data_uses=(use(),))
    await visitor.page("/privacy")
    assert not portal.devices.asked
    assert not portal.security_info.asked
    declared_once(data_uses=(use("pd:DeviceBased", "devices"),))
    await visitor.page("/privacy")
    assert [name for name, _given in portal.devices.asked] == ["getDevices"]


@pytest.mark.usefixtures("everything")
async def test_services_that_do_not_answer_cost_only_what_is_theirs(visitor, portal):
    for late in (portal.devices, portal.security_info, portal.organizations):
        late.answers.clear()
    page = await visitor.page("/privacy")
    assert page.status == 200
    assert page.text.count("Here of you This cannot be shown right now.") == 7
    assert page.text.count("Here of you See your activity") == 1
    portal.privacy.answers["getPrivacyParts"] = Unavailable()
    assert (await visitor.page("/privacy")).status == 503


async def test_a_term_without_words_shows_its_own_name(visitor, declared_once):
    declared_once(data_uses=(use("pd:EyeColour", None, purpose="dpv:LookSplendid", legal_basis="xx:Because"),))
    page = await visitor.page("/privacy", Cookie="language=sv")
    assert "Eye colour Till vad Look splendid Varför den får Because Hur länge" in page.text
    assert len(page.all("span", lang="en", dir="ltr")) == 3
    assert page.html.index('<span lang="en" dir="ltr">Eye colour</span>')


async def test_a_service_tells_what_it_may_see_and_how_to_get_rid_of_it(visitor, declared_once):
    declared_once(services=(service(),))
    page = await visitor.page("/privacy")
    assert (
        "Expenses From Ledger AB Through Contoso Connected since 2 March 2026 Last used 3 hours ago "
        "It may see: Name E-mail address Open the service Read its privacy statement Disconnect Expenses"
    ) in page.text
    assert page.one("a", href=DISCONNECT).keys() >= {"data-asks"}
    assert page.one("a", href="https://expenses.example/")["rel"] == "noopener noreferrer"


async def test_who_may_not_disconnect_a_service_is_told_whom_to_ask(visitor, portal, declared_once):
    declared_once(services=(service(can_disconnect=False, sees=(), last_used_at=None),))
    page = await visitor.page("/privacy")
    assert "Not used yet, as far as is known What it may see was not told." in page.text
    assert "Only Contoso can disconnect it. Ask help@contoso.example" in page.text
    assert not page.all("a", href=DISCONNECT)
    portal.organizations.answers["getOrganizations"] = Unavailable()
    assert "Only Contoso can disconnect it. See whom to ask" in (await visitor.page("/privacy")).text


async def test_without_services_terms_and_uses_that_is_said(visitor, declared_once):
    declared_once()
    page = await visitor.page("/privacy")
    assert "Your account is connected to no service yet." in page.text
    assert "It has not told here what it does with data about you." in page.text
    assert "Waiting for you" not in page.text
    assert not page.all("nav", class_="jumps")


async def test_before_a_service_is_disconnected_one_is_told_what_that_means(visitor):
    page = await visitor.page(DISCONNECT)
    assert "Disconnect “ Expenses ”?" in page.text
    assert "lets go of what it had from your account: Name E-mail address" in page.text
    assert "only Contoso can connect it again" in page.text
    assert page.one("form", action=DISCONNECT)["method"] == "post"


@pytest.mark.parametrize(("can", "problem"), [(False, DisconnectingForbidden), (None, ServiceNotFound)])
async def test_what_cannot_be_disconnected_is_refused_before(visitor, portal, can, problem):
    portal.declares(services=() if can is None else (service(can_disconnect=can),))
    page = await visitor.page(DISCONNECT)
    assert page.status == problem.status
    assert problem.key in page.text
    assert page.one("a", class_="button")["href"] == "/privacy"


async def test_a_service_is_disconnected_once(visitor, portal):
    portal.privacy.answers["disconnectService"] = None
    page = await visitor.send(DISCONNECT, command="c1")
    assert (page.status, page.headers["Location"]) == (303, "/privacy?done=disconnected")
    given = portal.privacy.last("disconnectService")
    assert given["path"] == {"service_id": "contoso~expenses"}
    assert given["headers"]["Idempotency-Key"] == "c1"
    assert "The service was disconnected." in (await visitor.page("/privacy?done=disconnected")).text
    assert "disconnected." not in (await visitor.page("/privacy?done=<b>")).text


async def test_what_still_waits_is_counted_after_one_was_accepted(visitor, portal):
    assert "You find them below whenever" in (await visitor.page("/privacy?done=accepted")).text
    portal.declares(terms=(terms(),))
    assert "1 text still waits for you." in (await visitor.page("/privacy?done=accepted")).text


@pytest.mark.parametrize(
    ("terms_", "services", "figure"),
    [
        (
            (terms(), terms(id="b")),
            (service(),),
            "2 texts to accept 1 service is connected to your account. 2 privacy",
        ),
        ((terms(accepted=acceptance(), to_accept=False),), (service(),), "1 service in use 2 privacy notices"),
        ((), (), "2 privacy notices What your organizations declare"),
    ],
)
async def test_the_overview_tells_what_waits_and_how_many_services_there_are(visitor, portal, terms_, services, figure):
    portal.declares(terms=terms_, services=services)
    page = await visitor.page("/")
    assert figure in page.text
    waits = "2 terms of use wait for you Your organization asks you to read them" in page.text
    assert waits is any(one.to_accept for one in terms_)


def test_a_terms_name_is_made_readable():
    told = {"pd:EyeColour": "Eye colour", "pd:IPAddress": "IP address", "eu-gdpr:A9-2-a": "A 9 2 a", "x:---": "---"}
    assert {term: readable(term) for term in told} == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_usual_terms_have_words_in_every_language(language):
    said = [category_said(term, language) for term in CATEGORIES]
    said += [purpose_said(term, language) for term in PURPOSES_OF_USE]
    said += [words for term in BASES for words in (basis_said(term, language), *basis_more(term, language))]
    said += [source_said(source, language) for source in ("person", "organization", "observed", "other", "newer")]
    assert len(CATEGORIES) > 40
    assert len(PURPOSES_OF_USE) > 30
    assert not [words for words in said if not words or "<" in words or "%(" in words]


def test_every_basis_of_article_6_has_words_and_is_cited():
    letters = {words.letter for term, words in BASES.items() if term.startswith("eu-gdpr:A6-1-")}
    assert letters == set("abcdef")
    assert all(re.match(rf"eu-gdpr:A6-1-{words.letter}(-|$)", term) for term, words in BASES.items() if words.letter)
    assert basis_more("eu-gdpr:A6-1-f", "sv") == ("Du kan invända mot det.", "GDPR, artikel 6.1 f")
