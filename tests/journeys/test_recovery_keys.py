"""The journeys around recovery keys, as a person makes them."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device
from tests.component.setting_up import add, next_code, wrong

pytestmark = pytest.mark.usefixtures("scripts")

KEY = {"kind": "luks", "volume": "/srv", "key": "correct horse battery staple"}
OTHER = "-".join(["111111"] * 8)


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
    await person.see("you are told so by e-mail")
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


async def test_a_recovery_key_is_found_by_its_id_and_shown_after_a_proof_alone(arrive, owner, words, directory, api):
    names = ("FAB-1234", "Member Person", "Work phone", KEY["key"])
    status, _ = await directory(
        "PUT", f"/system/accounts/{owner}/devices/laptop/recovery-keys/B7720E15", {"kind": "bitlocker", "key": OTHER}
    )
    assert status == 204
    app = await add(api, "Work phone")
    person = await arrive(owner, locale=words.locale)
    await person.sign_in("/devices")
    await person.card("FAB-1234").get_by_role("link", name=words("Recovery keys")).click()
    await expect(person.page.get_by_role("heading", level=2)).to_have_count(2)
    for kept in (KEY["key"], OTHER):
        assert kept not in await person.page.content()
    wanted = person.page.get_by_role("listitem").filter(has_text="4F1C77A0").filter(has=person.page.locator("form"))
    await wanted.get_by_role("button", name=words("Show the key")).click()
    await person.see(words("Confirm that it is you"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *names)
    await person.prove(wrong(app))
    await expect(person.page.locator("input[name=proof_code]")).to_have_attribute("aria-invalid", "true")
    assert KEY["key"] not in await person.page.content()
    await person.prove(next_code(app))
    await expect(person.page.locator("#secret")).to_have_text(KEY["key"])
    assert OTHER not in await person.page.content()
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *names)

    await person.press(words("Done"))
    await expect(wanted).to_contain_text(words("Last shown %(when)s").partition("%(when)s")[0])
    await wanted.get_by_role("button", name=words("Ask for a new key")).click()
    await person.see(words("A new key was asked for."))
    await expect(wanted).to_contain_text(words("New key asked for %(when)s").partition("%(when)s")[0])
    await expect(person.page.get_by_role("button", name=words("Ask for a new key"))).to_have_count(1)
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *names)
    shown = words("You were shown a recovery key of the device “%(name)s”") % {"name": "FAB-1234"}
    await person.see_in_time(shown, "/activity")
    person.console.clear()  # a browser notes the refused answers' status there
