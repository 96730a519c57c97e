"""The journeys around being signed in, as a person with two browsers makes them."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.usefixtures("scripts")


async def is_signed_in(person):
    """Tell whether the browser's session still opens the API; its pages would sign in again at the provider."""
    return (await person.page.request.get("/api/sessions")).ok


async def test_signing_out_everywhere_ends_the_other_browser_too(arrive, someone):
    here, there = await arrive(someone), await arrive(someone)
    await here.sign_in("/sessions")
    await there.sign_in()
    await here.open("/sessions")
    cards = here.page.get_by_role("main").get_by_role("listitem").filter(has=here.page.get_by_role("heading"))
    await expect(cards).to_have_count(2)
    await expect(cards.first).to_contain_text("This browser")
    await here.find_no_barrier()
    assert await is_signed_in(there)
    await here.press("Sign out everywhere")
    await here.see("in 2 browsers, this one included")
    await here.find_no_barrier()
    await here.press("Sign out everywhere")
    await expect(here.page).to_have_url("/signed-out")
    assert not await is_signed_in(here)
    assert not await is_signed_in(there)
    await here.sign_in("/activity")
    await here.see_in_time("You signed out everywhere", "/activity")
    await here.see_in_time("ended because you signed out everywhere", "/activity")


async def test_another_browser_is_signed_out_alone(arrive, someone):
    here, there = await arrive(someone), await arrive(someone)
    await there.sign_in()
    await here.sign_in("/sessions")
    other = here.page.get_by_role("main").get_by_role("listitem").filter(has_text="Last seen")
    await other.get_by_role("button", name="Sign out").click()
    await here.see("You are signed out there.")
    await expect(other).to_have_count(0)
    assert not await is_signed_in(there)
    assert await is_signed_in(here)
    await here.see_in_time("You signed out of My Profile in another browser", "/activity")


async def test_this_browser_is_signed_out_as_by_the_header(arrive, someone):
    person = await arrive(someone)
    await person.sign_in("/sessions")
    await person.press("Sign out")
    await expect(person.page).to_have_url("/signed-out")


async def test_signing_out_everywhere_works_in_swedish_and_without_javascript(arrive, someone):
    person = await arrive(someone, locale="sv-SE", java_script_enabled=False)
    await person.sign_in("/sessions")
    await person.find_no_english()
    await person.press("Logga ut överallt")
    await person.find_no_english()
    await person.press("Logga ut överallt")
    await expect(person.page).to_have_url("/signed-out")
    await person.see("utloggad")
