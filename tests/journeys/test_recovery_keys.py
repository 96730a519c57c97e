"""The journeys around recovery keys, as a person makes them."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device

pytestmark = pytest.mark.usefixtures("scripts")

KEY = {"kind": "luks", "volume": "/srv", "key": "correct horse battery staple"}


@pytest.fixture
async def owner(member, directory):
    """Somebody with a laptop that has a recovery key."""
    await put_device(directory, member, "laptop")
    keys = f"/system/accounts/{member}/devices/laptop/recovery-keys"
    status, problem = await directory("PUT", f"{keys}/4F1C77A0", KEY)
    assert status == 204, problem
    return member


async def test_a_recovery_key_is_shown_exactly_and_a_new_one_is_asked_for(arrive, owner):
    person = await arrive(owner)
    await person.sign_in("/devices")
    await person.card("FAB-1234").get_by_role("link", name="Recovery keys").click()
    await person.see("LUKS recovery key")
    await person.see("Never shown")
    await person.find_no_barrier()
    await person.press("Show the key")
    await person.see("you get a letter about it")
    assert await person.page.locator("#secret").text_content() == KEY["key"]
    await person.find_no_barrier()
    await person.press("Ask for a new key")
    await person.see("A new key was asked for.")
    await expect(person.page.get_by_role("button", name="Ask for a new key")).to_have_count(0)
    await person.find_no_barrier()
    await person.see_in_time("You were shown a recovery key of the device “FAB-1234”", "/activity")
    await person.see_in_time("You asked for a new recovery key for the device “FAB-1234”", "/activity")


async def test_recovery_keys_are_told_in_swedish_and_without_javascript(arrive, owner):
    person = await arrive(owner, locale="sv-SE", java_script_enabled=False)
    names = ("FAB-1234", "Member Person", KEY["key"])
    await person.sign_in("/devices/laptop/recovery-keys")
    await person.find_no_english(*names)
    await person.press("Visa nyckeln")
    await person.see("Det har noterats att du såg den")
    await person.find_no_english(*names)
    await person.press("Klar")
    await person.see("Senast visad")
