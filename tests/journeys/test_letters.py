"""The journeys around e-mail addresses, and around the letters by which people hear what happened to their account."""

import pytest
from playwright.async_api import expect

from tests.arriving import code_in
from tests.component.reaching import add_email, new_address
from tests.conftest import Caller

pytestmark = pytest.mark.usefixtures("scripts")


def work_address(account):
    """Give the address that the provider tells of somebody."""
    return f"{account}@contoso.example"


@pytest.fixture
async def reached(someone, portal, http, post):
    """Somebody, and an address of theirs."""
    address = new_address()
    await add_email(Caller(http, portal.url, await portal.token(someone)), post, address)
    return someone, address


async def test_an_address_is_added_but_not_that_of_the_account(arrive, someone, words, mailbox):
    address = new_address()
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info/add/email")
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale)
    await person.page.fill("input[name=address]", work_address(someone))
    await person.press(words("Send a code"))
    field = person.page.locator("input[name=address]")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, work_address(someone))
    await field.fill(address)
    await person.press(words("Send a code"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale)

    mail = await person.open_mailbox(mailbox, to=address)
    await expect(mail.get_by_role("heading", level=1)).to_have_text(
        words("Your code for %(product)s") % {"product": "My Profile"}
    )
    code = code_in(await mail.locator(".plain").inner_text())
    frame = mail.frame_locator("iframe")
    await expect(frame.locator("html")).to_have_attribute("lang", words.locale[:2])
    await expect(frame.get_by_text(code, exact=True)).to_be_visible()
    await person.type_code(code)
    await person.see(words("The method was added. You can use it from now on."))
    await person.see(f"{address[0]}•••@home.example")
    person.console.clear()  # a browser notes the refused address's status there


async def test_of_a_new_address_the_work_address_and_the_old_one_hear_and_lead_back(
    arrive, reached, words, mailbox, post
):
    someone, old, new = *reached, new_address()
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info")
    await person.page.get_by_role("link", name=words("Change address")).click()
    await person.find_no_barrier()
    await person.page.fill("input[name=address]", new)
    await person.press(words("Send a code"))
    await person.type_code(await post.code(new))
    await person.see(words("The change is made. Codes go there from now on."))
    await person.see(f"{new[0]}•••@home.example")

    for address in (work_address(someone), old):
        mail = await person.open_mailbox(mailbox, to=address, says=words("Was this you?"))
        assert words("Was this you?") in await mail.locator(".plain").inner_text()
        frame = mail.frame_locator("iframe")
        await expect(frame.locator("html")).to_have_attribute("lang", words.locale[:2])
        await expect(frame.get_by_role("heading", name=words("Was this you?"))).to_be_visible()
        await mail.locator(".plain").get_by_role("link", name="/security-info").click()
        await expect(mail.get_by_role("heading", level=1)).to_have_text(words("Security info"))
    await mail.go_back()
    await mail.get_by_role("link", name="has the window to itself").click()
    await mail.wait_for_url("**/html")
    # A sandboxed page is closed to Playwright, but not to the keyboard, and this is its first link.
    await mail.keyboard.press("Tab")
    await mail.keyboard.press("Enter")
    await mail.wait_for_url("**/security-info")
    await expect(mail.get_by_role("heading", level=1)).to_have_text(words("Security info"))
    told = await post.letters(to=new)
    assert len(told) == 1, "who could not be reached there before hears nothing there of it"
