"""The history's page: narrowed down without scripts, and what is told of sign-ins."""

import csv
import io
from datetime import UTC, datetime

import pytest
from aiohttp import ClientPayloadError

from gateway import tabulating
from gateway.pages import activity as page_of_activity
from shared.contracts.privacy import Activity
from shared.contracts.problem import Unavailable
from tests.pages.sign_ins import WAYS, every_way, sign_in

SWEDISH = {"Cookie": "language=sv; time_zone=Europe/Stockholm"}
ALL = "q=fire&part=sign_ins&by=unknown&from=2026-03-01&to=2026-03-28"


async def test_a_form_narrows_the_history_down_to_days_of_the_persons_zone(visitor, portal):
    await visitor.page(f"/activity?{ALL}&before=9.x", **SWEDISH)
    assert portal.privacy.last("getActivity")["query"] == {
        "q": "fire",
        "part": "sign_ins",
        "by": "unknown",
        "since": "2026-02-28T23:00:00Z",
        "until": "2026-03-28T23:00:00Z",
        "before": "9.x",
    }


async def test_a_day_on_which_the_clocks_change_is_whole(visitor, portal):
    await visitor.page("/activity?from=2026-03-29&to=2026-03-29", **SWEDISH)
    asked = portal.privacy.last("getActivity")["query"]
    assert asked == {"since": "2026-03-28T23:00:00Z", "until": "2026-03-29T22:00:00Z"}


async def test_what_narrows_it_down_is_kept_in_links_and_in_the_form(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(),), next="1.e")
    page = await visitor.page(f"/activity?{ALL}&before=9.x")
    assert page.one("a", href=f"/activity?{ALL}&before=1.e")
    assert page.one("a", href=f"/activity?{ALL}")
    assert page.one("a", href=f"/activity.csv?{ALL}")
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["sign_ins", "unknown"]
    assert [page.one("input", id=name)["value"] for name in ("q", "from", "to")] == ["fire", "2026-03-01", "2026-03-28"]
    assert page.one("details", class_="item-details narrow").keys() >= {"open"}


async def test_without_anything_asked_for_the_fields_are_folded_and_the_links_are_short(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(),), next="1.e")
    page = await visitor.page("/activity?q=&part=&by=&from=&to=")
    assert "open" not in page.one("details", class_="item-details narrow")
    assert page.one("a", href="/activity?before=1.e")
    assert portal.privacy.last("getActivity")["query"] == {}


async def test_choices_that_there_are_not_count_as_none(visitor, portal):
    page = await visitor.page("/activity?part=weather&by=nobody")
    assert (page.status, portal.privacy.last("getActivity")["query"]) == (200, {})


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ("from=yesterday", "from", "Give the first day as year, month and day"),
        ("to=2026-02-30", "to", "Give the last day as year, month and day"),
        ("to=0001-01-01", "to", "Give the last day as year, month and day"),
        ("from=2026-03-02&to=2026-03-01", "to", "The last day is before the first one."),
    ],
)
async def test_days_that_make_no_sense_are_told_at_their_field_and_nothing_is_asked(
    visitor, portal, asked, field, says
):
    portal.privacy.asked.clear()
    page = await visitor.page(f"/activity?{asked}")
    assert page.status == 422
    assert says in page.text
    assert page.one("input", id=field)["aria-invalid"] == "true"
    assert page.one("a", href=f"#{field}")
    assert not portal.privacy.asked
    file = await visitor.get(f"/activity.csv?{asked}")
    assert (file.status, file.headers["Location"]) == (303, f"/activity?{asked}")


async def test_a_search_that_had_to_end_says_how_far_it_looked_and_goes_on(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(
        entries=(), next="5.x", searched_until=datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    )
    page = await visitor.page("/activity?q=nowhere")
    assert "Nothing found yet" in page.text
    assert "This search has looked back to 4 March 2026 , 09:30 UTC" in page.text
    assert page.one("a", href="/activity?q=nowhere&before=5.x")
    assert "Search further back" in page.text


@pytest.fixture
def change_password(portal):
    portal.change_password = "https://provider.example/password"


@pytest.mark.usefixtures("change_password")
@pytest.mark.parametrize("language", ["en", "sv"])
async def test_every_sign_in_has_advice_of_its_own_and_its_facts(visitor, portal, language):
    portal.privacy.answers["getActivity"] = every_way()
    page = await visitor.page("/activity", Cookie=f"language={language}")
    assert len(page.all("details", class_="item-details not-me")) == len(WAYS)
    assert page.text.count("192.0.2.7") == page.text.count("Firefox") == len(WAYS)
    assert page.text.count("Malmö") == len(WAYS)
    assert ("Mobilnät" if language == "sv" else "Mobile networks") in page.text


@pytest.mark.usefixtures("change_password")
@pytest.mark.parametrize(
    ("way", "change", "says"),
    [
        (("success",), True, "someone else knows your password"),
        (("failure", "first_factor"), False, "so it need not change"),
        (("interrupted", "first_factor"), False, "so it need not change"),
        (("failure", "second_factor"), True, "had the right password. Change it"),
        (("interrupted", "second_factor"), True, "had the right password. Change it"),
        (("failure", "blocked"), True, "a rule of your organization stopped it"),
        (("interrupted", "blocked"), True, "a rule of your organization stopped it"),
        (("failure", "other"), True, "may have been right"),
        (("interrupted",), True, "a further step was not taken"),
        (("newer",), True, "Change the password"),
    ],
)
async def test_the_password_is_to_be_changed_only_where_somebody_may_know_it(visitor, portal, way, change, says):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(*way),), next=None)
    page = await visitor.page("/activity")
    assert says in page.text
    advised = page.html.partition("not-me")[2].partition("</details>")[0]
    assert ('href="/.well-known/change-password"' in advised) is change
    assert 'href="/security-info"' in advised


async def test_where_nobody_knows_the_place_none_is_warned_of(visitor, portal):
    nowhere = sign_in().client.model_copy(update={"country": None, "city": None})
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(client=nowhere),), next=None)
    assert "Mobile networks" not in (await visitor.page("/activity")).text


async def test_what_an_administrator_did_says_so(visitor, portal):
    entry = sign_in().model_copy(update={"type": "profile.organizations.account.disabled.v1", "by": "administrator"})
    portal.privacy.answers["getActivity"] = Activity(entries=(entry,), next=None)
    assert "By an administrator" in (await visitor.page("/activity")).text
    assert "Av en administratör" in (await visitor.page("/activity", **SWEDISH)).text


async def test_the_file_has_what_the_page_was_narrowed_down_to(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(application="=1+1"),), next=None)
    answer = await visitor.get(f"/activity.csv?{ALL}", **SWEDISH)
    assert answer.status == 200
    assert answer.content_type == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="activity-20')
    content = await answer.read()
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    assert head[:4] == ["Tid", "Del", "Vem", "Vad som hände"]
    assert row[1:] == [
        *("Inloggningar", "Du", "Ditt konto loggades in i ”=1+1”", "Firefox", "Linux", "Malmö", "Sverige"),
        *("192.0.2.7", "sign-in", "contoso~success-None"),
    ]
    assert datetime.fromisoformat(row[0]).utcoffset() is not None
    asked = portal.privacy.last("getActivity")["query"]
    assert (asked["limit"], asked["by"], asked["since"]) == ("100", "unknown", "2026-02-28T23:00:00Z")


async def test_a_file_that_has_not_all_says_so_in_its_last_line(visitor, portal, monkeypatch):
    monkeypatch.setattr(page_of_activity, "MOST_ROWS", 3)
    monkeypatch.setattr(tabulating, "MOST_ROWS", 3)
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(), sign_in("failure")), next="1.e")
    rows = (await (await visitor.get("/activity.csv")).text()).splitlines()
    assert len(rows) == 1 + 3 + 1
    assert "A file has at most 3 entries" in rows[-1]
    assert portal.privacy.last("getActivity")["query"]["before"] == "1.e"


async def test_a_file_breaks_off_where_the_service_goes_away_and_never_seems_whole(visitor, portal):
    answers = iter([Activity(entries=(sign_in(),), next="1.e"), Unavailable()])

    class Leaving(dict):
        def get(self, name, otherwise=None):
            return next(answers) if name == "getActivity" else super().get(name, otherwise)

    portal.privacy.answers = Leaving(portal.privacy.answers)
    answer = await visitor.get("/activity.csv")
    with pytest.raises(ClientPayloadError):
        await answer.read()


async def test_a_file_that_cannot_begin_is_a_page_that_says_why(visitor, portal):
    portal.privacy.answers["getActivity"] = Unavailable()
    page = await visitor.page("/activity.csv")
    assert page.status == 503
