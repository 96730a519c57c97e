"""The journeys around language, regional format and time zone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from playwright.async_api import expect

from tests.component.putting_in import put_account
from tests.component.setting_up import add
from tests.waiting import until

AUCKLAND = ZoneInfo("Pacific/Auckland")
_OTHER = {"en": "sv", "sv": "en"}
_FORMATS = {"en": (None, "sv_SE"), "sv": ("US", "en_US")}
"""The region that is chosen together with the other language, and the locale in which dates are written then.

Swedish is written alike wherever it is, so there is none to choose.
"""


async def choose(person, words, *, language, region=None, zone=None):
    """Choose on the settings page and save."""
    await person.page.locator(f"input[name=language][value='{language}']").check()
    for name, value in (("region", region), ("time_zone", zone)):
        if value is not None:
            await person.page.locator(f"select[name={name}]").select_option(value)
    await person.press(words("Save"))


async def reads(person, language):
    """See the page in a language."""
    await expect(person.page.locator("html")).to_have_attribute("lang", language)


@pytest.fixture
async def at_work(someone, directory):
    """Somebody with an address at work, and that address."""
    work = f"{someone}@contoso.example"
    await put_account(directory, someone, profile={"name": "Åsa Lindqvist", "email": work})
    return someone, work


async def test_what_is_chosen_holds_on_the_next_page_in_another_browser_and_in_letters(
    arrive, at_work, api, words, mailbox
):
    (someone, work), own = at_work, words.locale[:2]
    person = await arrive(someone, locale=words.locale)
    await person.sign_in()
    await person.page.get_by_role("navigation").get_by_role("link", name=words("Settings")).click()
    await reads(person, own)
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "English")

    other = _OTHER[own]
    region, locale = _FORMATS[own]
    await choose(person, words, language=other, zone="Pacific/Auckland")
    await reads(person, other)
    await expect(person.page.get_by_role("status")).to_be_visible()
    await expect(person.page.locator("select[name=time_zone]")).to_have_value("Pacific/Auckland")
    if region:
        await person.page.locator("select[name=region]").select_option(region)
        await person.page.locator("main form .button").click()
    today = format_date(datetime.now(AUCKLAND).date(), "long", locale=locale)
    await expect(person.page.locator("#region-hint")).to_contain_text(today)
    await person.find_no_barrier()

    elsewhere = await arrive(someone, locale=words.locale)
    await elsewhere.sign_in("/sessions")

    async def heard():
        await elsewhere.open("/sessions")
        return await elsewhere.page.locator("html").get_attribute("lang") == other

    await until(heard)
    await add(api, "Unmistakable app")
    mail = await person.open_mailbox(mailbox, to=work, says="Unmistakable app")
    await expect(mail.frame_locator("iframe").locator("html")).to_have_attribute("lang", other)
    text = " ".join((await mail.locator(".plain").inner_text()).split())
    assert re.search(rf"{re.escape(today)} (at|kl\.) \S+(\s[AP]M)? {datetime.now(AUCKLAND).tzname()}", text), text

    await person.open("/settings")
    await person.page.locator("input[name=language][value='']").check()
    await person.page.locator("main form .button").click()
    await reads(person, own)


@pytest.mark.usefixtures("scripts")
async def test_the_switch_in_the_header_is_for_every_browser(arrive, someone):
    here, there = await arrive(someone), await arrive(someone)
    await here.sign_in("/sessions")
    await there.sign_in("/sessions")
    await here.switch_language("Svenska")
    await reads(here, "sv")

    async def heard():
        await there.open("/sessions")
        return await there.page.locator("html").get_attribute("lang") == "sv"

    await until(heard)
    await there.open("/settings")
    await expect(there.page.locator("input[name=language][value=sv]")).to_be_checked()


@pytest.mark.usefixtures("scripts")
async def test_a_language_that_is_locked_is_told_and_let_go_again(arrive, someone, directory):
    home = f"lock-{someone}"
    contact = {"role": "privacy", "name": "Office", "email": "privacy@home.example"}
    wish = {"name": "Kommunen", "contacts": [contact]}
    assert (await directory("PUT", f"/system/organizations/{home}", wish))[0] == 200
    await put_account(directory, someone, home_organization=home)
    rules = f"/system/organizations/{home}/privacy-rules"
    assert (await directory("PUT", rules, {"language": "sv"}))[0] == 204
    person = await arrive(someone)
    await person.sign_in("/settings")
    await person.see_in_time("bestäms av", "/settings")
    await person.see("Kommunen")
    await person.find_no_barrier()
    await person.find_no_english()
    await expect(person.page.get_by_role("banner").get_by_role("button", name="English")).to_have_count(0)
    await expect(person.page.locator("select[name=region]")).to_have_count(0)
    await person.press("Spara")
    await person.see("Dina inställningar är sparade.")
    await reads(person, "sv")
    assert (await directory("PUT", rules, {}))[0] == 204
    await person.see_in_time("Regional format", "/settings")
    await reads(person, "en")
