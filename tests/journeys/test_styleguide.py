"""The styleguide, and the questions that are asked in dialogs."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
async def test_every_component_in_every_state_has_no_barrier(arrive, someone, width):
    person = await arrive(someone, viewport={"width": width, "height": 900})
    await person.open("/styleguide")
    await person.see("Every component in every state")
    await person.find_no_barrier()
    assert await person.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def test_a_question_is_asked_over_the_page_and_can_be_put_aside(arrive, directory, member):
    await put_device(directory, member, "d1", name="Old laptop")
    person = await arrive(member)
    await person.sign_in("/devices")
    opener = person.card("Old laptop").get_by_role("link", name="Disable")
    dialog = person.page.get_by_role("dialog", name="Disable “Old laptop”?")
    for put_aside in ("Escape", "Keep it"):
        await opener.click()
        await expect(dialog).to_be_visible()
        await person.find_no_barrier()
        if put_aside == "Escape":
            await person.page.keyboard.press("Escape")
        else:
            await dialog.get_by_role("link", name=put_aside).click()
        await expect(dialog).to_have_count(0)
        await expect(opener).to_be_focused()
    await expect(person.page).to_have_url("/devices")

    await opener.click()
    await dialog.get_by_label("I lost it").check()
    await dialog.get_by_role("button", name="Disable").click()
    await person.see("The device was disabled.")


async def test_where_the_question_cannot_be_had_its_page_is_opened(arrive, directory, member):
    await put_device(directory, member, "d1", name="Old laptop")
    person = await arrive(member)
    await person.sign_in("/devices")
    await person.page.context.clear_cookies()
    await person.card("Old laptop").get_by_role("link", name="Disable").click()
    await expect(person.page.locator("input[name=login]").or_(person.page.locator("h1"))).to_be_visible()
    await expect(person.page.get_by_role("dialog")).to_have_count(0)
