"""The journeys through a recent proof: what a thief would want to do is done by the owner only, and without a loss."""

import time
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import expect

from tests.component.putting_in import put_device
from tests.component.setting_up import add, add_recovery_codes, next_code, wrong
from tests.conftest import Caller
from tests.waiting import until

NAMES = ("FAB-1234", "Fabrikam", "Work phone", "Member Person", "Contoso")


@dataclass
class Owner:
    """Somebody with a device, an app and recovery codes."""

    account: str
    api: Caller
    app: dict[str, Any]
    codes: list[str]

    directory: Caller

    async def access_code(self) -> str:
        """Ask the directory for a temporary access code, as soon as security-info knows whose account it is."""

        async def issued() -> str | None:
            status, answer = await self.directory("POST", f"/system/accounts/{self.account}/access-code", {})
            assert status in {201, 403}, answer
            return answer["code"] if status == 201 else None

        return await until(issued)

    @property
    def code(self) -> str:
        """Give a code of the app's that was not used yet: registering it used the one before."""
        return next_code(self.app)


@pytest.fixture
async def owner(member, directory, portal, http):
    await put_device(directory, member, "laptop")
    api = Caller(http, portal.url, await portal.token(member))
    app = await add(api, "Work phone")
    _, codes = await add_recovery_codes(api)
    return Owner(member, api, app, codes, directory)


@pytest.fixture
def age_sign_in(sessions):
    """Let an account's sign-ins be an hour old."""

    async def age(account):
        changed = {"$set": {"auth_time": int(time.time()) - 3600, "proof": None}}
        assert (await sessions.update_many({"account": account, "ended_at": None}, changed)).modified_count == 1

    return age


@pytest.mark.usefixtures("scripts")
async def test_a_device_is_disabled_after_a_proof_and_nothing_is_lost_where_it_ends(arrive, owner, words, end_proof):
    person = await arrive(owner.account, locale=words.locale)
    await person.sign_in("/devices")
    await person.card("FAB-1234").get_by_role("link", name=words("Disable")).click()
    await person.see(words("Confirm that it is you"))
    await person.find_no_barrier()
    await person.prove(wrong(owner.app))
    await expect(person.page.locator("input[name=proof_code]")).to_have_attribute("aria-invalid", "true")
    await expect(person.page.locator("input[name=proof_code]")).to_be_focused()
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.prove(owner.code)
    await expect(person.page).to_have_url("/devices/laptop/disable")
    await person.page.get_by_role("radio").nth(1).check()
    chosen = await person.page.get_by_role("radio").nth(1).input_value()

    await end_proof(owner.account)
    await person.press(words("Disable"))
    await person.see(words("Confirm that it is you"))
    await person.press(words("Recovery codes"))
    await person.find_no_barrier()
    await person.prove("wrong-code-here")
    await person.prove(owner.codes[0].lower())
    await person.see(words("The device was disabled."))
    _, listed = await owner.api("GET", "/devices")
    assert [device["disabled_reason"] for device in listed["devices"]] == [chosen]
    person.console.clear()  # a browser notes the refused answers' status there


@pytest.mark.usefixtures("scripts")
async def test_an_organization_is_left_after_a_proof_that_ended_in_between(arrive, owner, words, end_proof):
    person = await arrive(owner.account, locale=words.locale)
    await person.sign_in("/organizations/fabrikam/leave")
    await person.prove(owner.code)
    await expect(person.page).to_have_url("/organizations/fabrikam/leave")
    await end_proof(owner.account)
    await person.press(words("Leave"))
    await person.press(words("Recovery codes"))
    await person.prove(owner.codes[0])
    await person.see(words("You left the organization. Its devices are being disconnected."))
    await expect(person.card("Fabrikam")).to_have_count(0)


async def test_with_a_proof_a_question_is_asked_in_a_dialog(arrive, owner):
    person = await arrive(owner.account)
    await person.sign_in("/prove?return_to=/devices")
    await person.prove(owner.code)
    await expect(person.page).to_have_url("/devices")
    await person.card("FAB-1234").get_by_role("link", name="Disable").click()
    await expect(person.page.get_by_role("dialog")).to_contain_text("only an administrator")
    await expect(person.page).to_have_url("/devices")


async def test_two_tabs_and_going_back_do_no_harm(arrive, owner):
    person = await arrive(owner.account)
    await person.sign_in("/devices")
    await person.open("/devices/laptop/disable")
    other = await person.page.context.new_page()
    await other.goto("/organizations/fabrikam/leave")
    code = owner.code
    await person.prove(code)
    await expect(person.page).to_have_url("/devices/laptop/disable")
    await other.fill("input[name=proof_code]", code)
    await other.press("input[name=proof_code]", "Enter")
    await expect(other).to_have_url("/organizations/fabrikam/leave")
    await person.page.go_back()
    await expect(person.page).to_have_url("/devices/laptop/disable")
    await person.see("What happened?")


async def test_a_stolen_session_looks_and_changes_nothing(arrive, owner, portal):
    person, thief = await arrive(owner.account), await arrive(owner.account)
    await person.sign_in("/security-info")
    await thief.page.context.add_cookies(await person.page.context.cookies())
    await thief.open("/security-info")
    await expect(thief.card("Work phone")).to_be_visible()
    for path in ("/security-info/add", "/devices/laptop/disable", "/organizations/fabrikam/leave"):
        await thief.open(path)
        await thief.see("Confirm that it is you")
    await thief.open("/security-info")
    told = await thief.page.evaluate(
        """async () => {
          const { methods } = await (await fetch("/api/security-info")).json();
          const ask = (method, path, body) => fetch(path, {
            method, body: body && JSON.stringify(body), headers: body ? { "Content-Type": "application/json" } : {},
          });
          const answers = [
            await ask("DELETE", `/api/security-info/methods/${methods[0].id}`),
            await ask("POST", "/api/security-info/methods", { type: "recovery-codes" }),
            await ask("POST", "/api/devices/laptop/disable", { reason: "lost" }),
            await ask("POST", "/api/organizations/fabrikam/leave"),
            await ask("POST", "/api/security-info/proofs", {}),
          ];
          return Promise.all(answers.map(async (one) => [one.status, (await one.json()).key]));
        }"""
    )
    assert told == [[401, "proof_needed"]] * 4 + [[409, "method_cannot_prove"]]
    for path, fields in (("/devices/laptop/disable", {"reason": "lost"}), ("/organizations/fabrikam/leave", {})):
        answer = await thief.page.request.post(path, form=fields, headers={"Origin": portal.url})
        assert "Confirm that it is you" in await answer.text()
    await person.open("/devices")
    await expect(person.card("FAB-1234").get_by_role("link", name="Disable")).to_be_visible()
    await person.open("/organizations")
    await expect(person.card("Fabrikam")).to_be_visible()
    thief.console.clear()  # a browser notes the refusals' status there


@pytest.mark.usefixtures("scripts")
async def test_wrong_answers_lock_a_method_until_then_and_leave_the_others(arrive, owner, words):
    person = await arrive(owner.account, locale=words.locale)
    await person.sign_in("/prove?return_to=/devices")
    for _ in range(5):
        await person.prove(wrong(owner.app))
    await person.see(words("Locked for now"))
    await expect(person.page.locator("input[name=proof_code]")).to_have_count(0)
    (wait,) = await person.page.locator("main time").nth(1).all_inner_texts()
    assert wait in {"15 minutes", "15 minuter"}
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.open("/prove?return_to=/devices")
    await expect(person.page.locator("main").get_by_role("button", name="Work phone")).to_contain_text(words("Locked"))
    await person.prove(owner.codes[0])
    await expect(person.page).to_have_url("/devices")
    person.console.clear()  # a browser notes the refused answers' status there


@pytest.mark.usefixtures("scripts")
async def test_a_temporary_access_code_proves_once(arrive, owner, words, end_proof):
    person = await arrive(owner.account, locale=words.locale)
    await person.sign_in("/prove?return_to=/devices")
    await expect(person.page.get_by_role("button", name=words("A temporary access code"))).to_have_count(0)
    code = await owner.access_code()
    await person.open("/prove?return_to=/devices")
    await person.press(words("A temporary access code"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.prove(code)
    await expect(person.page).to_have_url("/devices")
    await end_proof(owner.account)
    await person.open("/prove?return_to=/devices")
    await expect(person.page.get_by_role("button", name=words("A temporary access code"))).to_have_count(0)


@pytest.mark.usefixtures("scripts")
async def test_without_a_method_a_sign_in_long_ago_is_made_anew(arrive, member, directory, words, age_sign_in):
    await put_device(directory, member, "laptop")
    person = await arrive(member, locale=words.locale)
    await person.sign_in("/devices/laptop/disable")
    await expect(person.page).to_have_url("/devices/laptop/disable")
    await person.page.get_by_role("radio").first.check()
    await age_sign_in(member)
    await person.press(words("Disable"))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    async with person.page.context.expect_page() as opened:
        await person.press(words("Sign in again, in a new tab"))
    tab = await opened.value
    await person.type_password(tab)
    await expect(tab.get_by_role("main")).to_contain_text(words("You are signed in"))
    await person.press(words("I have signed in: continue"))
    await person.see(words("The device was disabled."))

    await age_sign_in(member)
    await person.open("/organizations/fabrikam/leave")
    await person.see(words("Confirm that it is you"))
    await person.find_no_barrier()
    await person.press(words("Sign in again"))
    await person.type_password(person.page)
    await expect(person.page).to_have_url("/organizations/fabrikam/leave")
