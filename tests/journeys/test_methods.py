"""The journeys around the other types of methods, as a person makes them in either language."""

import re

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_account
from tests.conftest import Caller
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("scripts")
_TEN = 10


POLICY = {
    "two_step": {"required": 1},
    "password_reset": {"methods": ["authenticator-app", "security-questions"]},
    "app_passwords": True,
}


@pytest.fixture
async def employee(directory, someone, portal, http):
    """Somebody whose organization requires a method, and allows security questions and app passwords."""
    wish = {"name": "Northwind", "security_policy": POLICY}
    status, answer = await directory("PUT", "/system/organizations/northwind", wish)
    assert status == 200, answer
    await put_account(directory, someone, home_organization="northwind")
    api = Caller(http, portal.url, await portal.token(someone))

    async def told():
        _, info = await api("GET", "/security-info")
        return [one for one in info["requirements"] if one["organization_name"] == "Northwind" and one["required"]]

    await until(told)
    return someone


async def choose(person, words, label):
    """Choose a type of method from those that can be added."""
    await person.open("/security-info/add")
    await person.find_no_barrier()
    await person.page.get_by_role("main").get_by_role("link", name=re.compile(f"^{words(label)}")).click()
    await person.find_no_barrier()


async def test_recovery_codes_are_made_kept_used_and_made_anew(arrive, someone, words, end_proof):
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info")
    await choose(person, words, "Recovery codes")
    await person.press(words("Make codes"))
    codes = await person.page.locator("#secret li").all_inner_texts()
    assert len(set(codes)) == _TEN
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *codes)
    await person.press(words("I have kept them"))
    await person.find_no_english_in(words.locale)
    card = person.card(words("Recovery codes"))
    await expect(card).to_contain_text("10")
    await person.find_no_barrier()

    await end_proof(someone)
    await card.get_by_role("link", name=words("Make new codes")).click()
    await person.prove("AAAA-AAAA-AAAA")
    await person.see("4")
    await person.prove(codes[3])
    await person.press(words("Make codes"))
    anew = await person.page.locator("#secret li").all_inner_texts()
    assert set(anew).isdisjoint(codes)
    await person.press(words("I have kept them"))

    await end_proof(someone)
    await card.get_by_role("link", name=words("Remove")).click()
    await person.prove(codes[4])
    await expect(person.page.locator("input[name=proof_code]")).to_have_attribute("aria-invalid", "true")
    await person.prove(anew[0])
    await person.find_no_barrier()
    await person.press(words("Remove"))
    await person.see(words("The method was removed."))
    await expect(card).to_have_count(0)
    person.console.clear()  # a browser notes the refused answers' status there


async def test_security_questions_are_answered_and_removed(arrive, employee, words):
    person = await arrive(employee, locale=words.locale)
    await person.sign_in("/security-info")
    await choose(person, words, "Security questions")
    await person.find_no_english_in(words.locale, "Member Person", "Northwind")
    await person.press(words("Save"))
    await expect(person.page.locator("[aria-invalid=true]").first).to_be_visible()
    await person.find_no_barrier()
    lists = person.page.locator("main select")
    for place in range(await lists.count()):
        await lists.nth(place).select_option(index=place + 1)
        await person.page.locator(f"input[name=answer_{place}]").fill(f"Something {place}")
    await person.press(words("Save"))
    await person.see(words("The method was added. You can use it from now on."))
    card = person.card(words("Security questions"))
    await expect(card).to_be_visible()
    await person.find_no_barrier()
    await card.get_by_role("link", name=words("Remove")).click()
    await person.press(words("Remove"))
    await person.see(words("The method was removed."))
    await expect(card).to_have_count(0)
    person.console.clear()  # a browser notes the refused form's status there


async def test_an_app_password_is_made_renamed_and_removed(arrive, employee, words):
    person = await arrive(employee, locale=words.locale)
    await person.sign_in("/security-info")
    await choose(person, words, "App password")
    await person.page.fill("input[name=name]", "Mail 1")
    await person.press(words("Make password"))
    password = (await person.page.locator("#secret").inner_text()).replace(" ", "")
    assert len(password) >= 16
    await person.find_no_barrier()
    await person.press(words("I have used it"))
    await person.find_no_english_in(words.locale, "Mail 1", "Member Person", "Northwind")
    assert password not in (await person.page.content()).replace(" ", "")
    await person.card("Mail 1").get_by_role("link", name=words("Rename")).click()
    await person.page.fill("input[name=name]", "Mail 2")
    await person.page.press("input[name=name]", "Enter")
    await person.see(words("The method has its new name."))
    await person.card("Mail 2").get_by_role("link", name=words("Remove")).click()
    await person.press(words("Remove"))
    await person.see(words("The method was removed."))
    await expect(person.card("Mail 2")).to_have_count(0)


async def test_a_method_that_is_required_is_replaced_and_not_removed(arrive, employee, words):
    person = await arrive(employee, locale=words.locale)
    await person.sign_in("/security-info")
    await person.add_authenticator_app("Phone 1")
    card = person.card("Phone 1")
    await expect(card.get_by_role("link", name=words("Remove"))).to_have_count(0)
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Phone 1", "Member Person", "Northwind")
    await card.get_by_role("link", name=words("Replace")).click()
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Phone 1", "Member Person", "Northwind")
    name = re.compile(f"^{words('Authenticator app')}")
    await person.page.get_by_role("main").get_by_role("link", name=name).click()
    await person.page.fill("input[name=name]", "Phone 2")
    await person.press(words("Continue"))
    person.keys["Phone 2"] = (await person.page.locator("code#key").inner_text()).replace(" ", "")
    await person.type_code(await person.code("Phone 2"))
    await person.see(words("The new method has taken the place of the old one."))
    await expect(card).to_have_count(0)
    await expect(person.card("Phone 2")).to_contain_text(words("Default method"))
