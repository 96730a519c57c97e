"""What somebody finds whose account is disabled: what happened, and whom to ask."""

import pytest

from gateway.kept_out import KeptOut, kept_out
from shared.contracts.problem import AccountDisabled, Unavailable

DESK = {"name": "Service desk", "email": "desk@contoso.example"}


async def told(portal):
    """Give what the sign-in refuses with."""
    return await kept_out(portal.organizations, portal.session.principal("s", "en"))


async def shown(visitor, portal, problem):
    portal.devices.answers["getDevices"] = problem
    return await visitor.page("/devices")


async def test_whom_to_ask_is_who_helps_in_the_home_organization(visitor, portal, canned):
    helps, other = canned.contact("help", **DESK), canned.contact("technical", email="it@contoso.example")
    guest = canned.organization("fabrikam", "Fabrikam", contacts=(canned.contact("help", email="x@y.example"),))
    portal.belongs_to(guest, canned.organization(contacts=(other, helps)))
    problem = await told(portal)
    assert (problem.key, problem.status, problem.organization) == ("account_disabled", 403, "Contoso")
    assert problem.contacts == [helps]
    page = await shown(visitor, portal, problem)
    assert page.status == 403
    assert "Your account is disabled" in page.text
    assert "Only Contoso can enable your account. Ask there: Help Service desk" in page.text
    assert page.all("a", href="mailto:desk@contoso.example")
    assert page.one("a", class_="button")["href"] == "/sign-in?again=1"


async def test_where_nobody_helps_every_contact_is_told_and_without_any_an_administrator(visitor, portal, canned):
    other = canned.contact("technical", email="it@contoso.example")
    portal.belongs_to(canned.organization(contacts=(other,)))
    assert (await told(portal)).contacts == [other]
    portal.belongs_to(canned.organization(contacts=()))
    page = await shown(visitor, portal, await told(portal))
    assert "Only Contoso can enable your account. Ask an administrator there." in page.text


@pytest.mark.parametrize("answer", ["none", "late", "nonsense"])
async def test_without_the_home_organization_it_is_told_in_general(visitor, portal, canned, answer):
    portal.belongs_to(*([canned.organization("fabrikam", "Fabrikam")] if answer == "none" else []))
    if answer == "late":
        portal.organizations.answers["getOrganizations"] = Unavailable()
    if answer == "nonsense":
        portal.organizations.answers["getOrganizations"] = canned.contact()
    problem = await told(portal)
    assert isinstance(problem, AccountDisabled)
    assert not isinstance(problem, KeptOut)
    page = await shown(visitor, portal, problem)
    assert "Only your organization can enable your account." in page.text
