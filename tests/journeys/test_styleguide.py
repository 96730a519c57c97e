"""The styleguide, and the questions that are asked in dialogs."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device

_SHIFTED = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum))));
})"""
_BREATHING = "(all) => all.filter((one) => one.getAnimations().length).length"


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


@pytest.fixture
async def held(arrive, directory, member):
    """Let somebody ask a question whose answer waits until it is let go; the page's own time stands still."""

    async def held(**more):
        await put_device(directory, member, "d1", name="Old laptop")
        person = await arrive(member, **more)
        await person.sign_in("/devices")
        await person.page.clock.install()
        await person.open("/devices")
        let_go = asyncio.Event()

        async def wait(route):
            answer = await route.fetch()
            await let_go.wait()
            await route.fulfill(response=answer)

        await person.page.route("**/disable", wait)
        await person.page.clock.pause_at(await person.page.evaluate("Date.now()") + 1000)
        opener = person.card("Old laptop").get_by_role("link", name="Disable")
        async with person.page.expect_request("**/disable"):
            await opener.click()
        return person, opener, let_go

    return held


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_question_that_takes_its_time_is_drawn_where_it_will_be(held, width):
    person, opener, let_go = await held(viewport={"width": width, "height": 844})
    dialog = person.page.get_by_role("dialog")
    await person.page.clock.run_for(199)
    await expect(dialog).to_have_count(0)
    await person.page.clock.run_for(1)
    await expect(dialog).to_have_attribute("aria-busy", "true")
    await expect(dialog).to_have_accessible_name("Disable Old laptop")
    skeletons = dialog.locator(".skeleton")
    assert await skeletons.evaluate_all(_BREATHING) == await skeletons.count() > 3
    await person.page.clock.resume()
    await person.find_no_barrier()
    drawn = await dialog.bounding_box()

    let_go.set()
    asked = person.page.get_by_role("dialog", name="Disable “Old laptop”?")
    await expect(asked).to_be_visible()
    await expect(asked).not_to_have_attribute("aria-busy", re.compile(""))
    await expect(skeletons).to_have_count(0)
    stands = await asked.bounding_box()
    assert [stands[side] for side in ("x", "y", "width")] == [drawn[side] for side in ("x", "y", "width")]
    assert await person.page.evaluate(_SHIFTED) == 0
    await expect(asked.get_by_role("link", name="Keep it")).to_be_focused()
    await person.page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


async def test_who_asks_for_less_motion_sees_a_skeleton_that_stands_still(held):
    person, _, let_go = await held(reduced_motion="reduce")
    await person.page.clock.run_for(200)
    skeletons = person.page.get_by_role("dialog").locator(".skeleton")
    await expect(skeletons.first).to_be_visible()
    assert await skeletons.evaluate_all(_BREATHING) == 0
    let_go.set()


async def test_a_question_that_has_not_come_can_be_put_aside_and_asked_again(held):
    person, opener, let_go = await held()
    await person.page.clock.run_for(200)
    dialog = person.page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await person.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(opener).to_be_focused()
    await person.page.unroute_all(behavior="ignoreErrors")
    let_go.set()
    await opener.click()
    await expect(person.page.get_by_role("dialog", name="Disable “Old laptop”?")).to_be_visible()
    await expect(person.page).to_have_url("/devices")
