"""What the privacy page shows, how services are disconnected, and what is asked of the services for it."""

import pytest

from shared.contracts.privacy import DisconnectingForbidden, ServiceNotFound
from shared.contracts.problem import Unavailable
from tests.pages.declared import EVERYTHING, RIGHT_TO_LEFT, THEN, acceptance, service, terms

DISCONNECT = "/privacy/services/contoso~expenses/disconnect"


@pytest.fixture
def everything(portal):
    portal.declares(**EVERYTHING)


@pytest.mark.usefixtures("everything")
async def test_what_waits_comes_first_then_services_then_organizations(visitor):
    page = await visitor.page("/privacy")
    places = [
        page.text.index(text)
        for text in (
            "Waiting for you 2 texts to read and accept Using our systems Contoso Version 2026-11 of 2 March 2026",
            "On call",
            "4 services in use",
            "Services in use 4",
            "Privacy statement Read the privacy statement",
            "Terms of use On call",
            "What it does with data about you 10 uses",
        )
    ]
    assert places == sorted(places)
    assert page.all("a", href="/privacy/terms/contoso~portal", class_="button")
    assert page.all("a", href="#services")
    assert page.one("li", id="organization-1")["class"] == "card item declared", "icon and name are seen with it"
    assert len(page.all("a", href="/privacy/terms/contoso~portal")) == 1, "what only waits stands there once"


@pytest.mark.usefixtures("everything")
async def test_terms_tell_what_was_accepted_and_what_holds(visitor):
    page = await visitor.page("/privacy")
    told = "You accepted version 1 on 2 March 2026, in Swedish."
    assert f"It says something else than what you agreed to. {told}" in page.text.replace(" ,", ",")
    waits = "On call Version 2026-11 waits for you to accept it. Read version 2026-11 On call"
    assert f"{waits} {told}" in page.text.replace(" ,", ",")
    assert "Wireless Version 2026-11 holds now. It changes nothing that matters" in page.text
    assert f"{RIGHT_TO_LEFT} You accepted version 2026-11 on 2 March 2026 , in Arabic. Read what you" in page.text
    assert "x" * 120 + " You need not accept these. Read version 2026-11" in page.text
    assert page.all("a", href="/privacy/terms/contoso~changed?version=1&language=sv")


@pytest.mark.usefixtures("everything")
async def test_services_that_do_not_answer_cost_only_what_is_theirs(visitor, portal):
    for late in (portal.devices, portal.security_info, portal.organizations):
        late.answers.clear()
    page = await visitor.page("/privacy")
    assert page.status == 200
    assert page.text.count("Here of you This cannot be shown right now.") == 6
    assert page.text.count("Here of you See your activity") == 1
    portal.privacy.answers["getPrivacyParts"] = Unavailable()
    assert (await visitor.page("/privacy")).status == 503


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
    done = "/privacy?done=disconnected"
    for cookie in ("told=", "told=Expenses", "told=a&b&c"):
        text = (await visitor.page(done, Cookie=cookie)).text
        assert "The service was disconnected, and your organization was told." in text
    page = await visitor.send(DISCONNECT, command="c1")
    assert (page.status, page.headers["Location"]) == (303, "/privacy?done=disconnected")
    given = portal.privacy.last("disconnectService")
    assert given["path"] == {"service_id": "contoso~expenses"}
    assert given["headers"]["Idempotency-Key"] == "c1"
    kept = page.headers["Set-Cookie"].partition(";")[0]
    assert "HttpOnly" in page.headers["Set-Cookie"]
    assert "Expenses was disconnected; Contoso was told." in (await visitor.page(done, Cookie=kept)).text
    assert "disconnected;" not in (await visitor.page("/privacy?done=<b>", Cookie=kept)).text


async def test_all_that_was_accepted_can_be_read_as_it_was(visitor, portal):
    several = (acceptance("3", "en"), acceptance("2"), acceptance("1"))
    portal.declares(terms=(terms(version="3", acceptances=several, to_accept=False),))
    page = await visitor.page("/privacy")
    places = [page.text.index(f"You accepted version {number} on 2 March 2026") for number in (3, 2, 1)]
    assert places == sorted(places)
    for number, language in ((3, "en"), (2, "sv"), (1, "sv")):
        assert page.one("a", href=f"/privacy/terms/contoso~portal?version={number}&language={language}")


async def test_withdrawn_terms_are_not_shown_as_if_they_held(visitor, portal):
    portal.declares(terms=(terms(version="2", acceptances=(acceptance("1"),), to_accept=False, withdrawn_at=THEN),))
    page = await visitor.page("/privacy")
    told = "Withdrawn on 2 March 2026 ; you accepted version 1 on 2 March 2026 , in Swedish."
    assert told in page.text
    assert "holds now" not in page.text
    assert "Read version 2" not in page.text


async def test_what_was_accepted_is_named(visitor, portal):
    done = "/privacy?done=accepted&terms=contoso~portal"
    portal.declares(terms=(terms(title="House <rules>", acceptances=(acceptance(),), to_accept=False),))
    assert "You accepted “ House <rules> ”, version 2026-11 . You find" in (await visitor.page(done)).text
    for other in ("", "&terms=contoso~other", "&terms=<b>"):
        assert "You accepted the terms." in (await visitor.page(f"/privacy?done=accepted{other}")).text


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
            "2 texts to accept 1 service is connected to your account. 2 organizations may have data about you.",
        ),
        (
            (terms(acceptances=(acceptance(),), to_accept=False),),
            (service(),),
            "1 service in use 2 organizations may have data about you.",
        ),
        ((), (), "2 organizations What your organizations declare"),
    ],
)
async def test_the_overview_tells_what_waits_and_how_many_services_there_are(visitor, portal, terms_, services, figure):
    portal.declares(terms=terms_, services=services)
    page = await visitor.page("/")
    assert figure in page.text
    waits = "2 terms of use wait for you You are asked to read them" in page.text
    assert waits is any(one.to_accept for one in terms_)
