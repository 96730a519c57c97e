"""What the pages of organizations and privacy show, and what the services are asked for."""

from gateway.rendering.ways import mail_link, site_of, telephone_link
from shared.contracts import organizations as contract
from shared.contracts.problem import Unavailable

COMMAND = "0" * 32


async def test_the_home_organization_comes_first_and_is_never_left(visitor):
    page = await visitor.page("/organizations")
    assert page.text.index("Contoso Home organization") < page.text.index("Fabrikam")
    assert "so you cannot leave" in page.text
    assert [link["href"] for link in page.all("a") if link["href"].endswith("/leave")] == [
        "/organizations/fabrikam/leave"
    ]


async def test_whom_to_ask_can_be_reached_in_every_way(visitor):
    page = await visitor.page("/organizations")
    assert page.all("a", href="mailto:privacy%3Fall@contoso.example")
    assert page.all("a", href="tel:+4640123456")
    assert page.all("a", href="https://contoso.example/help?a=1&b=2", rel="noopener noreferrer")


def test_links_are_made_for_what_people_write():
    assert mail_link("a&b=c@d.example") == "mailto:a%26b%3Dc@d.example"
    assert telephone_link("040-12 (34)") == "tel:0401234"
    assert site_of("https://www.contoso.example:8443/x") == "www.contoso.example"


async def test_an_account_that_no_directory_knows_is_told_so(visitor, portal):
    portal.belongs_to()
    assert "No organizations yet" in (await visitor.page("/organizations")).text
    assert "No privacy notices yet" in (await visitor.page("/privacy")).text


async def test_leaving_tells_which_devices_go(visitor, portal, canned):
    portal.owns(canned.device("Mine"), *(canned.device(name, organization_id="fabrikam") for name in ("Lab", "Van")))
    page = await visitor.page("/organizations/fabrikam/leave")
    assert "2 devices are disconnected from your account: Lab Van" in page.text
    assert "Mine" not in page.text
    assert "you need to be invited again" in page.text
    portal.owns(canned.device("Mine"))
    assert "No device of yours" in (await visitor.page("/organizations/fabrikam/leave")).text
    portal.devices.answers["getDevices"] = Unavailable()
    assert "Devices that are connected" in (await visitor.page("/organizations/fabrikam/leave")).text


async def test_leaving_leaves(visitor, portal):
    portal.organizations.answers["leaveOrganization"] = None
    page = await visitor.send("/organizations/fabrikam/leave", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/organizations?done=left")
    asked = portal.organizations.last("leaveOrganization")
    assert asked["path"] == {"organization_id": "fabrikam"}
    assert asked["headers"]["Idempotency-Key"] == COMMAND


async def test_the_home_organization_and_an_unknown_one_are_refused_before_they_are_asked_about(visitor, portal):
    home, unknown = [await visitor.page(f"/organizations/{id_}/leave") for id_ in ("contoso", "nope")]
    assert (home.status, unknown.status) == (409, 404)
    assert home.one("a", class_="button")["href"] == "/organizations"
    portal.organizations.answers["leaveOrganization"] = contract.HomeOrganization()
    assert (await visitor.send("/organizations/contoso/leave")).status == 409


async def test_a_privacy_notice_says_where_it_leads_and_whom_to_ask(visitor):
    page = await visitor.page("/privacy")
    assert page.one("a", href="https://www.contoso.example/privacy")["rel"] == "noopener noreferrer"
    assert "own site, www.contoso.example." in page.text
    assert "Questions about your data Privacy office" in page.text
    assert not page.all("a", href="mailto:help@contoso.example")


async def test_an_organization_that_declares_nothing_is_told_so(visitor, portal, canned):
    helpful = canned.organization("fabrikam", contacts=(canned.contact("help", email="a@b.example"),))
    portal.belongs_to(canned.organization(privacy_statement=None, contacts=()), helpful)
    page = await visitor.page("/privacy")
    assert "has not published a privacy statement" in page.text
    assert page.text.count("Nobody is named") == 2
    assert page.text.count("See its other contacts") == 1


async def test_without_organizations_only_the_contacts_are_missing(visitor, portal):
    portal.organizations.answers["getOrganizations"] = Unavailable()
    page = await visitor.page("/privacy")
    assert page.status == 200
    assert page.text.count("cannot be shown right now") == 2
    assert page.all("a", href="https://www.contoso.example/privacy")
