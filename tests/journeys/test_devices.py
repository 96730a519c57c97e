"""The journeys around devices, as a person makes them."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device

pytestmark = pytest.mark.usefixtures("scripts")

PHONE = {"organization_id": "contoso", "name": "CON-PH-1", "kind": "phone", "maker": "Apple", "model": "iPhone 15"}


@pytest.fixture
async def owner(member, directory):
    """Somebody with a laptop of Fabrikam's and a phone of Contoso's."""
    await put_device(directory, member, "laptop", compliance="not_compliant")
    await put_device(directory, member, "phone", **PHONE)
    return member


async def test_a_device_is_seen_renamed_and_disabled(arrive, owner, directory):
    person = await arrive(owner)
    await person.sign_in()
    await person.see("2 devices")
    await person.see("“FAB-1234” does not meet the requirements")
    await person.find_no_barrier()
    await person.press("Manage devices")
    await expect(person.card("FAB-1234")).to_contain_text("Does not meet the requirements")
    await expect(person.page.get_by_role("region", name="Fabrikam")).to_contain_text("FAB-1234")
    await expect(person.card("CON-PH-1")).to_contain_text("Apple iPhone 15")
    await person.find_no_barrier()

    await person.card("FAB-1234").get_by_role("link", name="Rename").click()
    await person.find_no_barrier()
    await person.page.fill("input[name=name]", "  ")
    await person.page.press("input[name=name]", "Enter")
    await expect(person.page.locator("input[name=name]")).to_have_attribute("aria-invalid", "true")
    await person.page.fill("input[name=name]", "Kitchen laptop")
    await person.page.press("input[name=name]", "Enter")
    await person.see("The device has its new name.")

    await person.card("Kitchen laptop").get_by_role("link", name="Disable").click()
    await person.see("only an administrator can enable the device again")
    await person.find_no_barrier()
    await person.press("Disable")
    await expect(person.page.get_by_role("radiogroup")).to_have_attribute("aria-invalid", "true")
    await person.find_no_barrier()
    await person.page.get_by_role("radio", name="I do not recognise it").check()
    await person.press("Disable")
    await person.see("The device was disabled.")
    await expect(person.card("Kitchen laptop")).to_contain_text("You said that you do not recognise it.")
    await expect(person.card("Kitchen laptop").get_by_role("link")).to_have_count(1)
    await expect(person.page.get_by_role("status").get_by_role("link", name="Sign out everywhere")).to_be_visible()
    await person.find_no_barrier()

    await person.see_in_time("because you did not recognise it", "/activity")
    await person.see("You renamed the device “FAB-1234” to “Kitchen laptop”")
    await person.open("/")
    await person.see("1 is disabled.")

    status, _ = await directory("POST", f"/system/accounts/{owner}/devices/laptop/enable")
    assert status == 200
    await person.open("/devices")
    await expect(person.card("Kitchen laptop").get_by_role("link", name="Disable")).to_be_visible()
    person.console.clear()  # a browser notes the refused forms' status there


async def test_devices_are_told_in_swedish_and_without_javascript(arrive, owner):
    person = await arrive(owner, locale="sv-SE", java_script_enabled=False)
    await person.sign_in("/devices")
    names = ("FAB-1234", "CON-PH-1", "Member Person")
    await person.find_no_english(*names)
    await person.card("CON-PH-1").get_by_role("link", name="Inaktivera").click()
    await person.find_no_english(*names)
    await person.page.get_by_role("radio", name="Jag har tappat bort den").check()
    await person.press("Inaktivera")
    await person.see("Enheten har inaktiverats.")
    await person.find_no_english(*names)
    await person.card("CON-PH-1").get_by_role("link", name="Byt namn").click()
    await person.find_no_english(*names)
    await person.page.fill("input[name=name]", "Min telefon")
    await person.page.press("input[name=name]", "Enter")
    await expect(person.card("Min telefon")).to_contain_text("Du angav att du har tappat bort den.")


async def test_someone_without_devices_is_told_where_they_come_from(arrive, someone):
    person = await arrive(someone)
    await person.sign_in("/devices")
    await person.see("No devices yet")
    await person.find_no_barrier()


async def test_on_a_phone_every_part_is_reached_by_the_menu(arrive, someone):
    person = await arrive(someone, java_script_enabled=False, viewport={"width": 390, "height": 844})
    await person.sign_in()
    menu = person.page.get_by_role("navigation")
    await expect(menu.get_by_role("link", name="Devices")).to_be_hidden()
    for name in (
        "Devices",
        "Organizations",
        "Privacy",
        "Where you\N{RIGHT SINGLE QUOTATION MARK}re signed in",
        "Activity",
    ):
        await menu.get_by_role("button", name="Menu").click()
        await menu.get_by_role("link", name=name).click()
        await expect(person.page.get_by_role("heading", level=1)).to_have_text(name)
    await menu.get_by_role("button", name="Menu").click()
    await person.page.keyboard.press("Escape")
    await expect(menu.get_by_role("link", name="Devices")).to_be_hidden()


async def test_the_open_menu_has_no_barrier(arrive, someone):
    person = await arrive(someone, viewport={"width": 320, "height": 640})
    await person.sign_in()
    await person.find_no_barrier()
    await person.page.get_by_role("navigation").get_by_role("button").click()
    await person.find_no_barrier()
