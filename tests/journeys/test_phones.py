"""The journeys around phones: a code comes as a text or in a call, and proves who is there."""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from tests.arriving import code_in
from tests.component.reaching import add_phone, codes, new_number, wrong
from tests.conftest import Caller
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("scripts")
LANDLINE = "08-465 004 12"


@dataclass(frozen=True)
class Owner:
    """Somebody with a phone, at which texts arrive."""

    account: str
    phone: str


@pytest.fixture
async def owner(someone, portal, http, post):
    api, number = Caller(http, portal.url, await portal.token(someone)), new_number()
    await add_phone(api, post, number, name="Phone")
    return Owner(someone, number)


def at_home(number):
    """Give a number as it is dialled in its own country."""
    return f"0{number[3:]}"


async def type_number(person, number, way=None):
    """Fill in where a code is to go, and how."""
    await person.page.locator("select[name=country]").select_option("SE")
    await person.page.fill("input[name=number]", number)
    if way:
        await person.page.locator(f"input[name=way][value={way}]").check()


async def choose_phone(person, words):
    """Choose a phone among the methods that can be added."""
    name = re.compile(f"^{words('Phone')}")
    await person.page.get_by_role("main").get_by_role("link", name=name).click()
    await person.find_no_barrier()


async def test_a_phone_is_added_by_text_with_the_second_code(arrive, someone, words, post):
    number = new_number()
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info/add")
    await choose_phone(person, words)
    await person.find_no_english_in(words.locale)
    await type_number(person, LANDLINE, "text")
    await person.press(words("Send a code"))
    said = person.page.locator("#way-fault")
    await expect(said).to_contain_text(words("No text message arrives at this number. Choose a call instead."))
    await person.find_no_barrier()
    await type_number(person, at_home(number))
    await person.press(words("Send a code"))
    (first,) = await codes(post, number)
    await expect(person.page.get_by_text(f"•{number[-2:]}").first).to_be_visible()
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale)
    await person.type_code(wrong(first))
    await expect(person.page.locator("input[name=code]")).to_have_attribute("aria-invalid", "true")
    await person.find_no_barrier()

    await person.press(words("Send another code"))
    await person.see(words("Another code is on its way. The one before is good no more."))
    second, _ = await codes(post, number, many=2)
    text = (await post.letters(to=number))[0]["text"]
    sentence = words("%(code)s is your code for %(product)s, good until %(clock)s. Do not share it with anyone.")
    assert sentence.partition("%(product)s")[0] % {"code": second} in text
    await person.type_code(second)
    await person.see(words("The method was added. You can use it from now on."))
    card = person.card(words("Phone"))
    await expect(card).to_contain_text(f"•{number[-2:]}")
    await expect(card).to_contain_text(words("Default method"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale)
    person.console.clear()  # a browser notes the refused answers' status there


async def test_a_phone_is_added_by_a_call_in_which_a_voice_says_the_code(arrive, someone, words, mailbox):
    number = f"+468465{new_number()[-5:]}"
    person = await arrive(someone, locale=words.locale)
    await person.sign_in("/security-info/add/phone")
    await type_number(person, at_home(number), "call")
    await person.press(words("Send a code"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale)
    heard = await person.open_mailbox(mailbox, to=number)
    await expect(heard.get_by_text("Incoming call")).to_be_visible()
    voice = heard.locator(f"blockquote[lang={words.locale[:2]}]")
    await person.type_code(code_in(await voice.inner_text()))
    await person.see(words("The method was added. You can use it from now on."))
    await expect(person.card(words("Phone"))).to_contain_text(words("Code by call"))


async def test_until_a_new_number_is_confirmed_the_old_one_proves(arrive, owner, words, post, end_proof):
    old, new = owner.phone, new_number()
    person = await arrive(owner.account, locale=words.locale)
    await person.sign_in("/prove?return_to=/security-info")
    await person.press(words("Text me a code"))
    await person.prove((await codes(post, old, many=2))[0])
    await person.page.get_by_role("link", name=words("Change number")).click()
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Phone")
    await type_number(person, at_home(new))
    await person.press(words("Send a code"))
    await person.see(words("Until the code has come back, your earlier number stays in use."))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Phone")
    await person.press(words("Later"))
    card = person.card("Phone")
    await expect(card).to_contain_text(f"•{old[-2:]}")
    await person.find_no_barrier()

    await end_proof(owner.account)
    await person.open("/prove?return_to=/security-info")
    await person.press(words("Text me a code"))
    await person.prove((await codes(post, old, many=3))[0])
    await card.get_by_role("link", name=words("Enter the code")).click()
    await person.type_code((await codes(post, new))[0])
    await person.see(words("The change is made. Codes go there from now on."))
    await expect(card).to_contain_text(f"•{new[-2:]}")
    told = words("You changed the number of the phone “%(name)s”").partition("%(name)s")[0][:-1]

    async def heard():
        return [letter for letter in await post.letters(to=old) if told in letter["text"]]

    await until(heard)  # whoever has the old number hears of it


async def test_a_code_to_a_phone_proves_who_is_there_and_what_was_typed_goes_on(arrive, owner, words, post, end_proof):
    person = await arrive(owner.account, locale=words.locale)
    await person.sign_in("/security-info/add/authenticator-app")
    await person.see(words("Confirm that it is you"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Phone")
    await person.press(words("Text me a code"))
    await expect(person.page.locator("input[name=proof_code]")).to_be_focused()
    await person.prove((await codes(post, owner.phone, many=2))[0])
    await expect(person.page).to_have_url("/security-info/add/authenticator-app")

    await end_proof(owner.account)
    await person.page.fill("input[name=name]", "Blå ”1” & <2>")
    await person.page.press("input[name=name]", "Enter")
    await person.press(words("Call me instead"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, "Phone")
    await person.prove(wrong((await codes(post, owner.phone, channel="call"))[0]))
    await expect(person.page.locator("input[name=proof_code]")).to_have_attribute("aria-invalid", "true")
    await person.find_no_barrier()
    await person.prove((await codes(post, owner.phone, channel="call"))[0])
    await expect(person.page.locator("code#key")).to_be_visible()
    await person.open("/security-info")
    await expect(person.card("Phone")).to_contain_text(words("Default method"))
    person.console.clear()  # a browser notes the refused answer's status there
