"""The journeys around devices, as a person makes them."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device

pytestmark = pytest.mark.usefixtures("scripts")

NAMES = ("FAB-1234", "CON-PH-1", "Member Person")
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
    await person.find_no_english(*NAMES)
    await person.card("CON-PH-1").get_by_role("link", name="Inaktivera").click()
    await person.find_no_english(*NAMES)
    await person.page.get_by_role("radio", name="Jag har tappat bort den").check()
    await person.press("Inaktivera")
    await person.see("Enheten har inaktiverats.")
    await person.find_no_english(*NAMES)
    await person.card("CON-PH-1").get_by_role("link", name="Byt namn").click()
    await person.find_no_english(*NAMES)
    await person.page.fill("input[name=name]", "Min telefon")
    await person.page.press("input[name=name]", "Enter")
    await expect(person.card("Min telefon")).to_contain_text("Du angav att du har tappat bort den.")


async def test_a_disabled_device_is_asked_back_and_can_be_used_once_it_is_enabled(arrive, owner, words, directory):
    person = await arrive(owner, locale=words.locale)
    await person.sign_in("/devices")
    await person.card("FAB-1234").get_by_role("link", name=words("Disable")).click()
    await person.see(words("You cannot undo it yourself: only an administrator can enable the device again."))
    await person.see(words("What is stored on the device stays there."))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.press(words("Keep it"))
    await person.card("FAB-1234").get_by_role("link", name=words("Disable")).click()
    await person.page.get_by_role("radio").nth(2).check()
    await person.press(words("Disable"))
    await person.see(words("The device was disabled."))

    asks = person.card("FAB-1234").get_by_role("button", name=words("Ask to have it back"))
    await asks.click()
    await person.see(words("Your organization was asked to enable the device again."))
    await expect(person.card("FAB-1234")).to_contain_text(
        words("An administrator decides. Once it can be used again, you see it here.")
    )
    await expect(asks).to_have_count(0)
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.see_in_time(words("You asked to have the device “%(name)s” back") % {"name": "FAB-1234"}, "/activity")

    status, _ = await directory("POST", f"/system/accounts/{owner}/devices/laptop/enable")
    assert status == 200
    await person.open("/devices")
    await expect(person.card("FAB-1234").get_by_role("link", name=words("Disable"))).to_be_visible()
    await expect(person.page.get_by_role("heading", name=words("Disabled devices"))).to_have_count(0)
    await person.see_in_time(words("The device “%(name)s” may be used again") % {"name": "FAB-1234"}, "/activity")
    await person.find_no_english_in(words.locale, *NAMES)


async def test_what_has_the_focus_is_never_under_the_buttons_of_a_long_question(arrive, owner):
    person = await arrive(owner, viewport={"width": 390, "height": 600})
    await person.sign_in("/devices")
    await person.card("FAB-1234").get_by_role("link", name="Disable").click()
    disable = person.page.get_by_role("button", name="Disable", exact=True)
    if person.scripts:
        await expect(person.page.get_by_role("dialog")).to_be_visible()
        await expect(disable).to_be_in_viewport()
    for reason in await person.page.get_by_role("radio").all():
        await reason.focus()
        await expect(reason).to_be_in_viewport(ratio=1)
        there, below = await reason.bounding_box(), await disable.bounding_box()
        assert there["y"] + there["height"] <= below["y"]


async def test_among_many_devices_one_is_found(arrive, owner, words, directory):
    for number in range(10):
        await put_device(directory, owner, f"desk-{number}", name=f"FAB-{number}")
    person = await arrive(owner, locale=words.locale)
    await person.sign_in("/devices")
    await person.find_no_barrier()
    await person.page.get_by_role("searchbox", name=words("Find a device")).fill("iphone con-ph")
    await person.press(words("Search"))
    await expect(person.page.get_by_role("heading", level=2)).to_have_text(["CON-PH-1"])
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.page.get_by_role("searchbox").fill("<b>")
    await person.page.get_by_role("searchbox").press("Enter")
    await person.see(words("Nothing found"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.press(words("Show all"))
    await expect(person.card("FAB-9")).to_be_visible()


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
