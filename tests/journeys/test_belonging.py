"""The journeys of belonging: what organizations tell of themselves, who cannot leave one, and how one comes back."""

from typing import Any

import pytest
from playwright.async_api import expect

from shared.telling.translations import load
from tests.component.putting_in import put_device
from tests.component.setting_up import add, next_code

pytestmark = pytest.mark.usefixtures("scripts")

NAMES = ("Member Person", "Privacy office", "Work phone", "Quiet", "Strict", "privacy@", "FAB-1234")
STRICT = {
    "name": "Strict",
    "contacts": [
        {"role": "help", "email": "desk@strict.example"},
        {"role": "technical", "name": "Ola", "telephone": "+46 8 555 0100"},
    ],
    "leaving": {"allowed": False, "ask": "technical"},
}
ASKING = {"two_step": {"methods": ["authenticator-app"], "required": 1}}
LOST = (
    "You lose access to whatever the organization shares with you.",
    "Its privacy notice is no longer shown to you. If you may need it, open it before you leave.",
    "What it asks of your security info no longer holds for you.",
    (
        "For 30 days the organization can restore your membership as it was. After that, what you had there is gone"
        " for good, and you need to be invited again."
    ),
)
"""What somebody who leaves is told that they lose."""


def counted(words, one: str, several: str, number: int, **said: Any) -> str:
    """Say a text of which there is one for each number."""
    return load(words.locale[:2]).ngettext(one, several, number) % {"shown": number, **said}


def before(text: str) -> str:
    """Give what a text says before what is filled in."""
    return text.partition("%(")[0]


@pytest.fixture
async def belongs(directory, member):
    """Make the member belong to an organization of its own name for each test, by what is put in of both."""

    async def belong(name: str, organization: dict[str, Any], **membership: Any) -> str:
        id_ = f"{name}-{member}".lower()
        status, answer = await directory("PUT", f"/system/organizations/{id_}", {"name": name} | organization)
        assert status == 200, answer
        status, answer = await directory("PUT", f"/system/accounts/{member}/organizations/{id_}", membership)
        assert status == 204, answer
        return id_

    return belong


async def test_organizations_tell_who_they_are_what_they_ask_and_since_when_one_belongs(arrive, member, words, belongs):
    await belongs("Quiet", {"security_policy": ASKING}, invited_by="Farida Nazari")
    person = await arrive(member, locale=words.locale)
    await person.sign_in("/organizations")
    await expect(person.page.get_by_role("heading", level=2)).to_have_text(["Contoso", "Fabrikam", "Quiet"])
    home, quiet = person.card("Contoso"), person.card("Quiet")
    await expect(home).to_contain_text(words("Home organization"))
    await expect(home.get_by_role("link", name="privacy@contoso.example")).to_be_visible()
    await expect(home.get_by_role("link", name=words("Read the privacy statement"))).to_be_visible()
    await expect(home).to_contain_text(words("It requires nothing."))
    await expect(home).to_contain_text(before(words("Member since %(when)s")))
    await expect(home.get_by_role("link", name=words("Leave"))).to_have_count(0)
    await expect(quiet).to_contain_text(words("Invited by %(who)s") % {"who": "Farida Nazari"})
    await expect(quiet).to_contain_text(words("It has named nobody whom you could ask."))
    await expect(quiet).to_contain_text(words("This organization has not published a privacy statement here."))
    asked = counted(
        words,
        "%(shown)s method for %(purpose)s; you have %(has)s",
        "%(shown)s methods for %(purpose)s; you have %(has)s",
        *(1,),
        purpose=words("two-step verification"),
        has=0,
    )
    await person.see_in_time(asked, "/organizations")
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)


async def test_who_may_not_leave_is_told_whom_to_ask_and_an_owner_to_find_another_first(
    arrive, member, words, belongs, directory
):
    forbidden, owned = await belongs("Strict", STRICT), await belongs("Quiet", {}, owner=True)
    person = await arrive(member, locale=words.locale)
    await person.sign_in("/organizations")
    strict, own = person.card("Strict"), person.card("Quiet")
    ending = words("This organization lets nobody leave by themselves. Ask it to end your membership:")
    await expect(strict).to_contain_text(ending)
    await expect(strict.get_by_role("list", name=words("Contacts")).last).to_contain_text("Ola")
    await expect(strict.get_by_role("list", name=words("Contacts")).last).not_to_contain_text("desk@strict.example")
    await expect(own).to_contain_text(words("You are an owner"))
    await expect(own).to_contain_text(
        words(
            "You own this organization, so you cannot leave it. "
            "Ask its administrators to make somebody else the owner first."
        )
    )
    await expect(person.page.get_by_role("main").get_by_role("link", name=words("Leave"))).to_have_count(1)
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES, "desk@strict.example")
    for id_, title in (
        (forbidden, "The organization lets nobody leave by themselves"),
        (owned, "An owner cannot leave"),
    ):
        await person.open(f"/organizations/{id_}/leave")
        await expect(person.page.get_by_role("heading", level=1)).to_have_text(words(title))
        await person.find_no_barrier()
        await person.find_no_english_in(words.locale, *NAMES)

    status, answer = await directory("PUT", f"/system/accounts/{member}/organizations/{owned}", {"owner": False})
    assert status == 204, answer
    await person.press(words("Go to your organizations"))
    await expect(own.get_by_role("link", name=words("Leave"))).to_be_visible()
    await expect(own).not_to_contain_text(words("You are an owner"))
    person.console.clear()  # a browser notes the refusals' status there


async def test_an_organization_is_left_with_a_proof_and_an_administrator_restores_what_was(
    arrive, member, words, directory, api
):
    await put_device(directory, member, "laptop")
    app = await add(api, "Work phone")
    person = await arrive(member, locale=words.locale)
    await person.sign_in("/organizations")
    await person.card("Fabrikam").get_by_role("link", name=words("Leave")).click()
    await person.see(words("Confirm that it is you"))
    await person.prove(next_code(app))
    for lost in LOST:
        await person.see(words(lost))
    devices = (
        "%(shown)s device is disconnected from your account:",
        "%(shown)s devices are disconnected from your account:",
    )
    await person.see(counted(words, *devices, 1))
    await person.see("FAB-1234")
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.press(words("Leave"))
    await person.see(words("You left the organization. Its devices are being disconnected."))
    await person.see(words("For 30 days it can restore your membership, should it have been a mistake."))
    await expect(person.card("Fabrikam")).to_have_count(0)
    await person.find_no_english_in(words.locale, *NAMES)
    await person.see_in_time(words("You left “%(organization_name)s”") % {"organization_name": "Fabrikam"}, "/activity")
    await person.see_in_time(words("No devices yet"), "/devices")

    status, answer = await directory("POST", f"/system/accounts/{member}/organizations/fabrikam/restore")
    assert status == 204, answer
    await person.open("/organizations")
    await expect(person.card("Fabrikam").get_by_role("link", name=words("Leave"))).to_be_visible()
    await person.see_in_time("FAB-1234", "/devices")
    restored = words("Your membership of “%(organization_name)s” goes on as it was")
    await person.see_in_time(restored % {"organization_name": "Fabrikam"}, "/activity")
    await person.find_no_english_in(words.locale, *NAMES)
