"""The journey of somebody whose account is disabled, and enabled again."""

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_account

pytestmark = pytest.mark.usefixtures("scripts")

DESK = {"role": "help", "name": "Ola Ek", "email": "ola@caring.example", "telephone": "+46 8 555 0100"}
LEGAL = {"role": "privacy", "email": "legal@caring.example"}


async def test_a_disabled_account_is_told_why_and_whom_to_ask_and_let_in_once_it_is_enabled(
    arrive, someone, words, directory
):
    status, _ = await directory("PUT", "/system/organizations/caring", {"name": "Caring", "contacts": [LEGAL, DESK]})
    assert status == 200
    await put_account(directory, someone, home_organization="caring")
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/organizations")
    await expect(person.card("Caring")).to_be_visible()

    await put_account(directory, someone, home_organization="caring", disabled=True)
    for _ in range(2):
        await person.see_in_time(words("Your account is disabled"), "/organizations")
        await person.see(words("Only %(name)s can enable your account. Ask there:") % {"name": "Caring"})
        await expect(person.page.get_by_role("link", name=DESK["email"])).to_be_visible()
        await expect(person.page.get_by_role("link", name=DESK["telephone"])).to_be_visible()
        await expect(person.page.get_by_role("link", name=LEGAL["email"])).to_have_count(0)
        await expect(person.page.get_by_role("navigation")).to_have_count(0)
        await person.find_no_barrier()
        await person.find_no_english_in(words.locale)
        await person.press(words("Sign in anew"))
        await person.type_password(person.page)

    await put_account(directory, someone, home_organization="caring")
    await person.see_in_time(words("Home organization"), "/organizations")
    await expect(person.card("Caring")).to_be_visible()
    told = [words("Your organization disabled your account"), words("Your organization enabled your account again")]
    for happened in told:
        await person.see_in_time(happened, "/activity")
    person.console.clear()  # a browser notes the refusals' status there
