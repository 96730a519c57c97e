"""What cannot be undone is not done by a second Enter, and what one jumps to is seen whole."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import connect, put_device, put_service


@pytest.fixture
async def vilja(directory, member):
    """An organization of the test's own, to which the member belongs, with a device and a service; its id."""
    id_ = f"vilja-{member}"
    assert (await directory("PUT", f"/system/organizations/{id_}", {"name": "Vilja"}))[0] == 200
    assert (await directory("PUT", f"/system/accounts/{member}/organizations/{id_}"))[0] == 204
    await put_device(directory, member, "d1", name="Old laptop")
    await put_service(directory, id_, "expenses", may_disconnect=True, sees=["pd:Name"])
    await connect(directory, member, id_, "expenses")
    return id_


@pytest.mark.parametrize(
    ("address", "keep"),
    [
        ("/privacy/services/{}~expenses/disconnect", "Keep it"),
        ("/organizations/{}/leave", "Stay"),
        ("/devices/d1/disable", "Keep it"),
        ("/sessions/sign-out-everywhere", "Stay signed in"),
    ],
)
async def test_a_second_enter_keeps_what_there_is(arrive, vilja, member, address, keep):
    person = await arrive(member)
    await person.sign_in("/" + address.split("/")[1])
    opener = person.page.locator(f'a[data-asks][href="{address.format(vilja)}"]')
    sent = []
    person.page.on("request", lambda request: sent.append(request.method))
    dialog = person.page.get_by_role("dialog")
    await opener.focus()
    await person.page.keyboard.press("Enter")
    await expect(dialog.get_by_role("link", name=keep)).to_be_focused()
    await expect(dialog).to_have_accessible_description(await dialog.locator(".consequences").inner_text())
    assert await dialog.evaluate("(dialog) => dialog.scrollTop") == 0
    await person.find_no_barrier()
    await person.page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(opener).to_be_focused()
    assert "POST" not in sent


async def test_what_one_jumps_to_is_seen_with_its_icon_and_name(arrive, vilja, member):
    person = await arrive(member, viewport={"width": 390, "height": 600})
    await person.sign_in("/privacy")
    await person.see_in_time("Vilja", "/privacy")
    jumps = person.page.get_by_role("navigation", name="On this page").get_by_role("link")
    names = await jumps.all_inner_texts()
    assert names[0] == "1 service in use"
    assert "Vilja" in names
    await jumps.filter(has_text="Vilja").click()
    card = person.card("Vilja")
    for part in (card.locator(".badge").first, card.get_by_role("heading", level=2)):
        await expect(part).to_be_in_viewport(ratio=1)


async def test_the_page_of_a_question_looks_like_its_dialog(arrive, vilja, member):
    person = await arrive(member)
    address = f"/privacy/services/{vilja}~expenses/disconnect"
    await person.sign_in("/privacy")
    look = "(list) => [getComputedStyle(list).display, getComputedStyle(list.firstElementChild).borderRadius]"
    await person.page.locator(f'a[data-asks][href="{address}"]').click()
    asked = await person.page.get_by_role("dialog").locator(".sees").evaluate(look)
    await person.open(address)
    assert await person.page.get_by_role("main").locator(".sees").evaluate(look) == asked
    assert asked[0] == "flex"
