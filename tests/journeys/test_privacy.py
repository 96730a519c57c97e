"""The journeys of privacy: terms are read and accepted, services disconnected, and the use of data understood."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.component.putting_in import connect, publish, put_service
from tests.journeys.test_belonging import counted

pytestmark = pytest.mark.usefixtures("scripts")

NAMES = ("Member Person", "Privacy office", "Vilja", "Expenses", "Mail", "privacy@", "desk@vilja.example", "Tester")
NAMES += ("Privacy office", "English", "Contoso", "Fabrikam", "contoso.example", "fabrikam.example")
TEXTS = {
    "en": "# Rules\n\n- Be *kind*.\n\n| What | How long |\n|---|---|\n| Logs | A year |",
    "sv": "# Regler\n\n- Var *snäll*.\n\n| Vad | Hur länge |\n|---|---|\n| Loggar | Ett år |",
}
DESK = {"contacts": [{"role": "help", "email": "desk@vilja.example"}]}


@pytest.fixture(autouse=True)
async def nothing_of_other_tests(mongo, directory):
    """The organizations that all tests share ask for nothing: other tests may have published terms of theirs."""
    for id_ in ("contoso", "fabrikam"):
        register = await mongo["privacy"]["registers"].find_one({"_id": id_}, {"terms": 1})
        for terms in (register or {}).get("terms", {}):
            assert (await directory("DELETE", f"/system/organizations/{id_}/terms/{terms}"))[0] == 204


@pytest.fixture
async def vilja(directory, member) -> str:
    """An organization of the test's own, to which the member belongs; its id."""
    id_ = f"vilja-{member}"
    status, answer = await directory("PUT", f"/system/organizations/{id_}", {"name": "Vilja"} | DESK)
    assert status == 200, answer
    assert (await directory("PUT", f"/system/accounts/{member}/organizations/{id_}"))[0] == 204
    return id_


@pytest.fixture
def publishing(directory) -> Callable[..., Awaitable[str]]:
    """Publish a version of the terms of an organization, in both languages."""

    async def publish_version(organization_id: str, version: str, **told: bool) -> str:
        return await publish(directory, organization_id, "rules", version, **told, **TEXTS)

    return publish_version


async def test_terms_are_accepted_as_shown_and_asked_for_again_where_they_change(
    arrive, vilja, member, words, publishing
):
    await publishing(vilja, "1")
    person = await arrive(member, locale=words.locale)
    await person.sign_in("/privacy")
    await person.see_in_time(words("Waiting for you"), "/privacy")
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.page.get_by_role("main").get_by_role("link", name=f"{words('Read')} Terms 1").first.click()
    await expect(person.page.get_by_role("article")).to_have_attribute("lang", words.locale[:2])
    await expect(person.page.get_by_role("article").get_by_role("heading", level=2)).to_be_visible()
    await expect(person.page.get_by_role("article").get_by_role("table")).to_be_visible()
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.press(words("Accept these terms"))
    named = words("You accepted “%(title)s”, version\u00a0%(version)s.")
    await person.see(named % {"title": "Terms 1", "version": "1"})
    await person.see(words("You find them below whenever you want to read them again."))
    accepted = words("You accepted version\u00a0%(version)s on %(when)s, in %(language)s.").partition("%(when)s")[0]
    await expect(person.card("Vilja")).to_contain_text(accepted % {"version": "1"})
    await person.find_no_barrier()

    await publishing(vilja, "1.1", material=False)
    holds = "Version\u00a0%(version)s holds now. It changes nothing that matters, so you need not accept it again."
    await person.see_in_time(words(holds) % {"version": "1.1"}, "/privacy")
    await publishing(vilja, "2")
    await person.see_in_time(words("It says something else than what you agreed to."), "/privacy")
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.page.get_by_role("main").get_by_role("link", name=f"{words('Read')} Terms 2").first.click()
    await expect(person.page.get_by_role("button", name=words("Accept these terms"))).to_be_visible()
    await publishing(vilja, "3")
    await person.press(words("Accept these terms"))
    await person.see(words("Nothing was accepted: the terms changed while you were reading."))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.press(words("Accept these terms"))
    await person.see(named % {"title": "Terms 3", "version": "3"})
    told = words("You accepted “%(title)s”, version %(version)s")
    await person.see_in_time(told % {"title": "Terms 3", "version": "3"}, "/activity")
    await person.see(told % {"title": "Terms 1", "version": "1"})
    await expect(person.page.get_by_role("main")).not_to_contain_text(told % {"title": "Terms 2", "version": "2"})
    person.console.clear()  # a browser notes the status of the page that changed meanwhile


async def test_what_was_done_is_told_once_where_scripts_run(arrive, member, words, scripts):
    person = await arrive(member, locale=words.locale)
    await person.sign_in("/privacy")
    await person.open("/privacy?done=accepted&terms=contoso~none")
    await person.see(words("You accepted the terms."))
    assert person.page.url.endswith("/privacy") is scripts
    await person.page.reload()
    await expect(person.page.get_by_role("status")).to_have_count(0 if scripts else 1)


async def test_one_sees_what_is_done_with_ones_data_and_disconnects_a_service(arrive, vilja, member, words, directory):
    for name, may in (("expenses", True), ("mail", False)):
        await put_service(directory, vilja, name, may_disconnect=may, sees=["pd:Name", "pd:EmailAddress"])
        await connect(directory, member, vilja, name)
    use = {
        "category": "pd:Professional",
        "purpose": "dpv:HumanResourceManagement",
        "legal_basis": "eu-gdpr:A6-1-f",
        "source": "organization",
        "retention": {"en": "Two years", "sv": "Två år"},
        "held": "profile",
    }
    path = f"/system/organizations/{vilja}/data-uses/work"
    assert (await directory("PUT", path, use))[0] == 204
    person = await arrive(member, locale=words.locale)
    await person.sign_in("/privacy")
    card = person.card("Vilja")
    await card.locator("summary").click()
    row = card.get_by_role("row").filter(has=person.page.get_by_role("rowheader"))
    await expect(row.get_by_role("rowheader")).to_contain_text(words("Your work"))
    await expect(row.get_by_role("rowheader")).to_contain_text("Tester")
    for told in (
        words("To manage staff"),
        words("The organization says that there is a legitimate interest in it"),
        words("You can object to it."),
        {"en": "Two years", "sv": "Två år"}[words.locale[:2]],
        words("Not told here"),
    ):
        await expect(row).to_contain_text(told)
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    await person.page.set_viewport_size({"width": 390, "height": 844})
    await expect(row.get_by_role("cell")).to_have_count(5)
    await person.find_no_barrier()

    only = words("Only %(name)s can disconnect it.") % {"name": "Vilja"}
    await expect(person.card("Mail")).to_contain_text(only)
    await expect(person.card("Mail").get_by_role("link", name="desk@vilja.example")).to_be_visible()
    await person.card("Expenses").get_by_role("link", name=words("Disconnect")).click()
    await person.see(words("You may no longer get in there with this account."))
    await person.find_no_barrier()
    await person.press(words("Disconnect"))
    gone = words("%(service)s was disconnected; %(organization)s was told.")
    await person.see(gone % {"service": "Expenses", "organization": "Vilja"})
    await expect(person.card("Expenses")).to_have_count(0)
    await expect(person.card("Mail")).to_have_count(1)
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)
    gone = words("You disconnected the service “%(name)s” from your account") % {"name": "Expenses"}
    await person.see_in_time(gone, "/activity")
    await person.open("/")
    services = ("%(shown)s service in use", "%(shown)s services in use")
    await person.see(counted(words, *services, 1))
