"""The overview: who one is, and a tile for each part."""

import pytest

from shared.contracts.problem import Unavailable

PASSWORD = "https://provider.example/password"


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


async def test_where_the_provider_has_no_page_for_it_no_password_is_offered(visitor):
    assert "Change password" not in (await visitor.page("/")).text


async def test_three_devices_are_named_and_the_rest_counted(visitor, portal, canned):
    faulty = canned.device("Faulty", compliance="not_compliant")
    portal.owns(*map(canned.device, "ABC"), faulty, canned.disabled("Gone", compliance="not_compliant"))
    page = await visitor.page("/")
    assert "5 devices A B C 1 does not meet the requirements. 1 is disabled." in page.text
    assert "Faulty" not in page.text


async def test_the_home_organization_is_named_and_the_others_counted(visitor, portal, canned):
    others = [canned.organization(name, name.title()) for name in ("fabrikam", "northwind")]
    portal.belongs_to(canned.organization(), *others)
    page = await visitor.page("/")
    assert "Contoso Your home organization. You also belong to 2 others." in page.text
    assert page.one("a", href="https://www.contoso.example/privacy")["rel"] == "noopener noreferrer"
    assert "3 privacy notices" in page.text


@pytest.mark.parametrize(
    ("service", "missing", "tiles"),
    [("devices", "2 devices", 1), ("organizations", "Your home", 1), ("privacy", "notice", 2)],
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
