"""The journeys around organizations and privacy, as a person makes them."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device

pytestmark = pytest.mark.usefixtures("scripts")


async def test_leaving_an_organization_lets_go_of_its_devices_and_its_notice(arrive, member, directory):
    await put_device(directory, member, "d1")
    await put_device(directory, member, "d2", organization_id="contoso", name="CON-1")
    person = await arrive(member)
    await person.sign_in("/privacy")
    await expect(person.card("Fabrikam")).to_contain_text("own site, fabrikam.example.")
    await expect(person.card("Contoso").get_by_role("link", name="privacy@contoso.example")).to_be_visible()
    await person.find_no_barrier()

    await person.open("/organizations")
    await expect(person.card("Contoso")).to_contain_text("you cannot leave")
    await expect(person.card("Contoso").get_by_role("link", name="Leave")).to_have_count(0)
    await person.find_no_barrier()
    await person.card("Fabrikam").get_by_role("link", name="Leave").click()
    await person.see("1 device is disconnected from your account:")
    await person.see("FAB-1234")
    await person.find_no_barrier()
    await person.press("Leave")
    await person.see("You left the organization.")
    await expect(person.card("Fabrikam")).to_have_count(0)
    await person.find_no_barrier()

    await person.see_in_time("You left “Fabrikam”", "/activity")
    await person.see_in_time("The device “FAB-1234” was disconnected", "/activity")
    await person.open("/devices")
    await expect(person.card("CON-1")).to_be_visible()
    await expect(person.card("FAB-1234")).to_have_count(0)
    await person.open("/privacy")
    await expect(person.card("Contoso")).to_be_visible()
    await expect(person.card("Fabrikam")).to_have_count(0)
    await person.open("/")
    await person.see("1 device")


async def test_the_home_organization_cannot_be_left_by_its_address(arrive, member):
    person = await arrive(member)
    await person.sign_in("/organizations/contoso/leave")
    await person.see("This is the home organization")
    await person.press("Go to your organizations")
    await expect(person.card("Contoso")).to_be_visible()
    person.console.clear()  # a browser notes the refusal's status there


async def test_organizations_are_told_in_swedish_and_without_javascript(arrive, member):
    person = await arrive(member, locale="sv-SE", java_script_enabled=False)
    names = ("privacy@contoso.example", "privacy@fabrikam.example", "Privacy office", "Member Person")
    await person.sign_in()
    await person.find_no_english(*names)
    for path in ("/organizations", "/privacy", "/organizations/fabrikam/leave"):
        await person.open(path)
        await person.find_no_english(*names)
    await person.press("Lämna")
    await person.see("Du har lämnat organisationen.")
    await person.see_in_time("Du lämnade ”Fabrikam”", "/activity")
    await person.find_no_english(*names)


async def test_someone_whom_no_directory_knows_is_told_so(arrive, someone):
    person = await arrive(someone)
    await person.sign_in("/organizations")
    await person.see("No organizations yet")
    await person.find_no_barrier()
    await person.open("/privacy")
    await person.see("No organizations yet")
    await person.find_no_barrier()
