"""The journeys around security keys; these need scripts, and without them a person is told so."""

import re

from playwright.async_api import expect

from tests.authenticators import SoftwareKey
from tests.component.setting_up import add, add_key
from tests.conftest import Caller


async def register(person, words, name):
    """Register the key that is plugged in, and give what it then holds."""
    await person.open("/security-info/add")
    await person.page.get_by_role("main").get_by_role("link", name=re.compile(f"^{words('Security key')}")).click()
    await person.find_no_barrier()
    await person.page.fill("input[name=name]", name)
    await person.press(words("Continue"))
    await person.find_no_barrier()
    await person.press(words("Register the key"))
    await person.see(words("The method was added. You can use it from now on."))
    return await person.credentials()


async def test_two_keys_are_registered_named_used_and_one_is_removed(arrive, someone, words, end_proof):
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info")
    await person.plug_in_key()
    blue = await register(person, words, "Blue 1")
    await person.plug_in_key()
    red = await register(person, words, "Red 1")
    assert blue[0]["credentialId"] != red[0]["credentialId"]
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Blue 1", "Red 1")

    await end_proof(someone)
    await person.card("Blue 1").get_by_role("link", name=words("Rename")).click()
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Blue 1", "Red 1")
    await person.press("Red 1")
    await person.press(words("Use the security key"))
    await person.page.fill("input[name=name]", "Blue 2")
    await person.page.press("input[name=name]", "Enter")
    await expect(person.card("Blue 2")).to_be_visible()

    await end_proof(someone)
    await person.card("Red 1").get_by_role("link", name=words("Remove")).click()
    await person.plug_in_key(*blue)
    await person.press(words("Use the security key"))
    await expect(person.page.get_by_role("button", name=words("Remove"))).to_be_visible()
    await person.find_no_barrier()
    await person.press(words("Remove"))
    await person.see(words("The method was removed."))
    await expect(person.card("Red 1")).to_have_count(0)
    await expect(person.card("Blue 2")).to_contain_text(words("Default method"))


async def test_a_key_that_does_not_answer_is_told_and_tried_again(arrive, someone, words, end_proof):
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info")
    await person.plug_in_key()
    held = await register(person, words, "Blue 1")
    await end_proof(someone)
    await person.open("/prove?return_to=/devices")
    await person.plug_in_key()
    await person.press(words("Use the security key"))
    said = person.page.get_by_role("main").get_by_role("alert")
    await expect(said).to_have_text(
        words("The key did not answer, or you cancelled. Try again, or choose another way.")
    )
    await person.find_no_barrier()
    await person.plug_in_key(*held)
    await person.press(words("Use the security key"))
    await expect(person.page).to_have_url("/devices")


async def test_the_same_key_is_not_registered_twice(arrive, someone, words):
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info")
    await person.plug_in_key()
    await register(person, words, "Blue 1")
    await person.open("/security-info/add/security-key")
    await person.page.fill("input[name=name]", "Blue 2")
    await person.press(words("Continue"))
    await person.press(words("Register the key"))
    await expect(person.page.get_by_role("main").get_by_role("alert")).to_be_visible()
    await person.open("/security-info")
    await expect(person.card("Blue 2")).to_have_count(0)


async def test_a_proof_by_a_key_carries_an_interrupted_form_along(arrive, someone, end_proof, words):
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info")
    await person.plug_in_key()
    await register(person, words, "Blue 1")
    await person.card("Blue 1").get_by_role("link", name=words("Rename")).click()
    await end_proof(someone)
    await person.page.fill("input[name=name]", "Blå ”1” & <2>")
    await person.page.press("input[name=name]", "Enter")
    await person.press(words("Use the security key"))
    await expect(person.card("Blå ”1” & <2>")).to_be_visible()


async def test_without_scripts_only_another_way_is_open(arrive, someone, portal, http, words):
    api = Caller(http, portal.url, await portal.token(someone))
    await add_key(api, SoftwareKey(rp_id="localhost", origin=portal.url), "Blue 1")
    person = await arrive(someone, locale=words.locale, java_script_enabled=False)
    await person.sign_in("/prove?return_to=/devices")
    text = "A security key needs JavaScript, which is turned off in your browser. Turn it on and reload the page."
    await expect(person.page.get_by_text(words(text))).to_be_visible()
    await expect(person.page.get_by_role("button", name=words("Use the security key"))).to_have_count(0)
    await add(api, "Phone")
    await person.open("/prove?return_to=/devices")
    await person.see(words("Or choose another way below."))
    await person.press("Phone")
    await expect(person.page.locator("input[name=proof_code]")).to_be_focused()
