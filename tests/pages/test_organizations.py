"""What the pages of organizations and privacy show, and what the services are asked for."""

import pytest

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
    assert "No organizations yet" in (await visitor.page("/privacy")).text


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


async def test_an_owner_and_who_may_not_leave_are_told_why_and_whom_to_ask(visitor, portal, canned):
    legal = canned.contact("privacy", name="Legal", email="legal@fabrikam.example")
    stays = {"can_leave": False, "cannot_leave": "forbidden", "ask": "privacy"}
    portal.belongs_to(
        canned.organization(),
        canned.organization("fabrikam", "Fabrikam", contacts=(canned.contact("help", page="https://x.example"), legal)),
        canned.organization("wingtip", "Wingtip", owner=True, can_leave=False, cannot_leave="owner"),
        canned.organization("newer", "Newer", can_leave=False, cannot_leave="newer"),
    )
    page = await visitor.page("/organizations")
    assert [link["href"] for link in page.all("a") if link["href"].endswith("/leave")] == [
        "/organizations/fabrikam/leave"
    ]
    assert "You are an owner" in page.text
    assert "Ask its administrators to make somebody else the owner first." in page.text
    assert "You cannot leave this organization by yourself." in page.text
    portal.belongs_to(canned.organization("fabrikam", "Fabrikam", contacts=(legal,), **stays))
    page = await visitor.page("/organizations")
    assert "lets nobody leave by themselves. Ask it to end your membership: Privacy Legal" in page.text
    assert not [link for link in page.all("a") if link["href"].endswith("/leave")]


@pytest.mark.parametrize(
    ("hindrance", "refusal"),
    [
        ("owner", (409, "An owner cannot leave")),
        ("forbidden", (403, "The organization lets nobody leave by themselves")),
        ("newer", (403, "The organization lets nobody leave by themselves")),
    ],
)
async def test_who_cannot_leave_is_not_asked_first(visitor, portal, canned, hindrance, refusal):
    portal.belongs_to(canned.organization("fabrikam", "Fabrikam", can_leave=False, cannot_leave=hindrance))
    page = await visitor.page("/organizations/fabrikam/leave")
    assert page.status == refusal[0]
    assert refusal[1] in page.text
    assert not page.all("form", action="/organizations/fabrikam/leave")


async def test_it_is_told_since_when_and_by_whose_invitation_one_belongs(visitor, portal, canned):
    portal.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam", invited_by="Bob <b>"))
    page = await visitor.page("/organizations")
    assert page.text.count("Member since 19 August 2024") == 2
    assert page.text.count("Invited by") == 1
    assert "Invited by Bob <b>" in page.text


async def test_an_organization_without_contacts_and_statement_says_so(visitor, portal, canned):
    portal.belongs_to(canned.organization("x", "X", contacts=(), privacy_statement=None))
    page = await visitor.page("/organizations")
    assert "It has named nobody whom you could ask." in page.text
    assert "has not published a privacy statement" in page.text


async def test_what_an_organization_asks_of_security_info_is_told_with_it(visitor, portal, canned):
    portal.has(
        canned.info(
            canned.method(),
            requirements=(
                canned.requirement(required=2),
                canned.requirement(purpose="password_reset", required=1),
                canned.requirement("Fabrikam"),
            ),
            needs=(canned.need("two_step", 2, 1, "contoso"), canned.need("password_reset", 1, 1, "contoso")),
        )
    )
    page = await visitor.page("/organizations")
    home, other = page.text[: page.text.index("Fabrikam")], page.text[page.text.index("Fabrikam") :]
    assert "2 methods for two-step verification; you have 1" in home
    assert "1 type of method for resetting the password; you have 1" in home
    assert "It requires nothing." in other
    assert len(page.all("a", href="/security-info#asked")) == 2
    assert len(page.all("li", class_="asked-verdict asked-unmet")) == 1


async def test_security_info_that_is_late_costs_only_what_organizations_ask_of_it(visitor, portal):
    portal.security_info.answers["getSecurityInfo"] = Unavailable()
    page = await visitor.page("/organizations")
    assert page.status == 200
    assert page.text.count("This cannot be shown right now.") == 2
    assert page.all("a", href="/organizations/fabrikam/leave")


async def test_leaving_tells_what_is_lost_and_for_how_long_it_can_be_had_again(visitor, portal, canned):
    portal.owns(
        canned.device("Van", id="v-1111", organization_id="fabrikam", recovery_keys=1),
        canned.device("Van", id="v-2222", organization_id="fabrikam"),
    )
    page = await visitor.page("/organizations/fabrikam/leave")
    assert "Van Id ends in 1111" in page.text
    assert "Recovery keys are no longer shown to you." in page.text
    assert "What it asks of your security info no longer holds for you." in page.text
    assert "For 30 days the organization can restore your membership" in page.text
    assert page.one("a", href="https://www.fabrikam.example/privacy")["rel"] == "noopener noreferrer"
    assert "For 30 days it can restore" in (await visitor.page("/organizations?done=left")).text


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
