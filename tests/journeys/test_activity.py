"""The journeys around one's history, as a person makes them, with scripts and without."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from playwright.async_api import expect

from shared.contracts.lines import MEDIA_TYPE
from shared.facts import now
from shared.telling import sign_in_words
from tests.waiting import until

WARNING = (
    "Places are guessed from network addresses. Mobile networks and VPNs often make them wrong, so a place that you do "
    "not know is no proof that it was somebody else."
)
NAMES = ("Member Person", "Contoso", "Payroll", "Old Payroll", "Mail", "=Formula", "Firefox", "Linux", "My Profile")


@pytest.fixture
async def watched(member, portal, http, system):
    """Somebody whose identity provider tells of sign-ins: one succeeded, others did not, one is of long ago."""
    headers = {"Content-Type": MEDIA_TYPE, **(await system("contoso"))._headers}
    ways = {
        "known": ("success", None, "Mail", 1),
        "guessed": ("failure", "first_factor", "Payroll", 2),
        "stopped": ("failure", "second_factor", "Payroll", 3),
        "blocked": ("failure", "blocked", "=Formula", 4),
        "closed": ("interrupted", None, "Mail", 5),
        "old": ("success", None, "Old Payroll", 24 * 100),
    }
    told = {"account": member, "organization_id": "contoso", "browser": "Firefox", "os": "Linux"}
    lines = [
        told
        | {"id": f"{member}-{id_}", "at": (now() - timedelta(hours=hours)).isoformat(), "status": status}
        | {"reason": reason, "application": application, "country": "SE", "city": "Umeå", "ip": "192.0.2.7"}
        for id_, (status, reason, application, hours) in ways.items()
    ]

    async def taken():
        content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        async with http.post(f"{portal.url}/api/system/sign-ins", data=content, headers=headers) as response:
            return {json.loads(one)["status"] for one in (await response.read()).splitlines()} == {204}

    await until(taken)
    return member


def entry(person, text):
    return person.page.get_by_role("main").get_by_role("listitem").filter(has_text=text)


async def test_sign_ins_are_told_with_advice_and_narrowed_down(arrive, watched, scripts, words):
    person = await arrive(watched, locale=words.locale)
    await person.sign_in("/activity")
    for reason, application in (("second_factor", "Payroll"), ("first_factor", "Payroll"), ("blocked", "=Formula")):
        said = sign_in_words({"status": "failure", "reason": reason})
        told = entry(person, words(said.named.one) % {"application": application})
        await expect(told).to_contain_text("192.0.2.7")
        await expect(told).to_contain_text("Umeå")
        if not said.alarming:
            await told.get_by_text(words("Was it not you?")).click()
        await expect(told.get_by_text(words(said.advice.one))).to_be_visible()
    await person.see(words(WARNING))
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)

    await person.page.get_by_text(words("Narrow it down")).click()
    await person.page.get_by_label(words("What it is about")).select_option("sign_ins")
    await person.page.get_by_label(words("Who did it")).select_option("unknown")
    await person.page.get_by_label(words("Result of sign-ins")).select_option("succeeded")
    await person.page.get_by_label(words("From this day")).fill(f"{now() - timedelta(days=30):%Y-%m-%d}")
    await person.find_no_barrier()
    await person.press(words("Show"))
    await expect(entry(person, "“Mail”" if words.locale.startswith("en") else "”Mail”")).to_have_count(1)
    await expect(entry(person, "Payroll")).to_have_count(0)
    await expect(person.page.get_by_label(words("Who did it"))).to_have_value("unknown")
    await expect(person.page.get_by_label(words("Result of sign-ins"))).to_have_value("succeeded")
    await person.find_no_barrier()
    await person.find_no_english_in(words.locale, *NAMES)

    await person.page.get_by_label(words("To this day")).fill(f"{now() - timedelta(days=60):%Y-%m-%d}")
    await person.press(words("Show"))
    await expect(person.page.get_by_label(words("To this day"))).to_have_attribute("aria-invalid", "true")
    await person.find_no_barrier()
    await person.page.get_by_label(words("From this day")).fill("")
    await person.press(words("Show"))
    await expect(entry(person, "Old Payroll")).to_have_count(1)
    await person.press(words("Show all"))
    await expect(entry(person, "Payroll").first).to_be_visible()
    person.console.clear()  # a browser notes the refused form's status there


async def test_the_history_is_taken_along_as_a_table(arrive, watched, scripts, words):
    person = await arrive(watched, locale=words.locale, timezone_id="Europe/Stockholm")
    await person.sign_in("/activity?part=sign_ins")
    async with person.page.expect_download() as coming:
        await person.page.get_by_role("link", name=words("Download as a table (CSV)")).click()
    download = await coming.value
    assert download.suggested_filename.endswith(".csv")
    content = (await download.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    separator = ";" if words.locale.startswith("sv") else ","
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True, delimiter=separator)
    assert head[0] == words("Time (%(zone)s)") % {"zone": "Europe/Stockholm" if scripts else "UTC"}
    assert head[3] == words("What happened")
    assert len(rows) == 7
    assert {row[1] for row in rows} == {words("Sign-ins")}
    blocked = next(row for row in rows if row[-1].endswith("blocked"))
    assert blocked[3] == words("A sign-in to “%(application)s” was blocked") % {"application": "=Formula"}
    assert blocked[4:10] == [
        "Contoso",
        "Firefox",
        "Linux",
        "Umeå",
        "Sverige" if words.locale.startswith("sv") else "Sweden",
        "192.0.2.7",
    ]
    assert datetime.strptime(blocked[0], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  # the zone stands in the heading


async def test_who_may_know_the_password_is_asked_about_at_once_and_found_in_either_spelling(arrive, watched, words):
    person = await arrive(watched, locale=words.locale)
    await person.sign_in()
    await person.see(words("Somebody who knows your password may have tried to sign in"))
    await person.find_no_barrier()
    await person.press(words("See when and where"))
    said = sign_in_words({"status": "failure", "reason": "second_factor"})
    told = entry(person, words(said.named.one) % {"application": "Payroll"})
    await expect(told.get_by_text(words(said.advice.one))).to_be_visible()
    await person.page.get_by_label(words("Search the activity")).fill("umea sverige 192.0.2.7 payroll")
    await person.press(words("Show"))
    await expect(told).to_have_count(1)
    await expect(entry(person, "=Formula")).to_have_count(0)
