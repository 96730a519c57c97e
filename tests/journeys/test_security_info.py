"""The journeys around an authenticator app, as a person makes them."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.usefixtures("scripts")


async def test_from_sign_in_to_a_method_to_swedish_to_sign_out(arrive, someone):
    person = await arrive(someone)
    await person.sign_in()
    await person.see("No methods yet")
    await person.find_no_barrier()

    await person.open("/security-info")
    await person.find_no_barrier()
    await person.press("Add method")
    await person.find_no_barrier()
    await person.start_setup("Work phone")
    await person.find_no_barrier()
    await person.type_code(await person.code("Work phone"))
    await person.see("The method was added.")
    await expect(person.card("Work phone")).to_contain_text("Default method")
    await person.find_no_barrier()

    await person.see_in_time("“Work phone”", "/activity")
    await person.see("You added the authenticator app “Work phone”")
    await person.find_no_barrier()
    await person.open("/")
    await person.see("1 method")
    await person.find_no_barrier()

    await person.switch_language("Svenska")
    await expect(person.page.locator("html")).to_have_attribute("lang", "sv")
    await person.see("Säkerhetsinformation")
    for path in ("/", "/security-info", "/security-info/add", "/activity"):
        await person.open(path)
        await person.find_no_english("Work phone")
        await person.find_no_barrier()

    await person.sign_out("Logga ut")
    await expect(person.page).to_have_url("/signed-out")
    await person.see("utloggad")
    await person.find_no_barrier()
    await person.open("/security-info")
    await expect(person.page.locator("input[name=login]")).to_be_visible()


async def test_a_wrong_code_is_told_at_its_field_and_the_right_one_still_counts(arrive, someone):
    person = await arrive(someone)
    await person.sign_in("/security-info/add")
    await person.start_setup("Phone")
    right = await person.code("Phone")
    await person.type_code(f"{(int(right) + 500_000) % 1_000_000:06}")
    field = person.page.locator("input[name=code]")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await person.see("4 attempts left")
    await person.find_no_barrier()
    await person.type_code("12 34")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await person.type_code(" ".join([right[:3], right[3:]]))
    await person.see("The method was added.")
    person.console.clear()  # a browser notes the refused forms' status there


async def test_methods_are_renamed_made_default_and_removed(arrive, someone):
    person = await arrive(someone)
    await person.sign_in("/security-info")
    await person.add_authenticator_app("Phone")
    await person.add_authenticator_app("Tablet")
    await person.card("Tablet").get_by_role("button", name="Make default").click()
    await expect(person.card("Tablet")).to_contain_text("Default method")

    await person.card("Phone").get_by_role("link", name="Rename").click()
    await person.find_no_barrier()
    await person.page.fill("input[name=name]", "   ")
    await person.page.press("input[name=name]", "Enter")
    await expect(person.page.locator("input[name=name]")).to_have_attribute("aria-invalid", "true")
    await person.page.fill("input[name=name]", "Old phone")
    await person.page.press("input[name=name]", "Enter")
    await expect(person.card("Old phone")).to_be_visible()

    await person.card("Tablet").get_by_role("link", name="Remove").click()
    await person.see("“Old phone” becomes your default method.")
    await person.find_no_barrier()
    await person.press("Remove")
    await person.see("The method was removed.")
    await expect(person.card("Old phone")).to_contain_text("Default method")
    await person.see_in_time("You removed", "/activity")
    person.console.clear()  # a browser notes the refused form's status there


async def test_everything_works_without_javascript(arrive, someone):
    person = await arrive(someone, java_script_enabled=False)
    await person.sign_in("/security-info")
    await person.add_authenticator_app("Phone")
    await person.see("The method was added.")
    await person.switch_language("Svenska")
    await person.see("Säkerhetsinformation")
    await person.sign_out("Logga ut")
    await expect(person.page).to_have_url("/signed-out")


async def test_a_session_ends_in_every_tab(arrive, someone):
    person = await arrive(someone)
    await person.sign_in()
    other = await person.page.context.new_page()
    await other.goto("/security-info")
    await person.sign_out()
    await other.goto("/security-info")
    await expect(other.locator("input[name=login]")).to_be_visible()


async def test_a_person_comes_back_to_where_they_wanted_to_be(arrive, someone):
    person = await arrive(someone)
    await person.sign_in("/activity?q=phone")
    await expect(person.page).to_have_url("/activity?q=phone")


async def test_another_site_as_the_way_back_is_not_followed(arrive, portal, someone):
    person = await arrive(someone)
    await person.sign_in("/sign-in?return_to=//evil.example/")
    await expect(person.page).to_have_url(f"{portal.url}/")


async def test_who_writes_programs_finds_the_api_and_its_problems_explained(arrive, someone):
    person = await arrive(someone)
    await person.open("/api/docs")
    await person.see("/api/security-info/methods/{method_id}/confirm")
    await person.see("profile.security-info.method.added.v1")
    await person.find_no_barrier()
    await person.page.get_by_role("link", name="code_incorrect").first.click()
    await person.see("code")
    await person.find_no_barrier()
