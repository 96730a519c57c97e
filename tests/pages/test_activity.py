"""The history's page: narrowed down without scripts, and what is told of sign-ins."""

from datetime import UTC, datetime

import pytest

from shared.contracts.envelope import Client
from shared.contracts.gateway import SessionStarted
from shared.contracts.privacy import Activity
from tests.pages.sign_ins import WAYS, every_way, sign_in

SWEDISH = {"Cookie": "language=sv; time_zone=Europe/Stockholm"}
ALL = "q=fire&part=sign_ins&by=unknown&result=succeeded&from=2026-03-01&to=2026-03-28"


async def test_a_form_narrows_the_history_down_to_days_of_the_persons_zone(visitor, portal):
    await visitor.page(f"/activity?{ALL}&before=9.x", **SWEDISH)
    assert portal.privacy.last("getActivity")["query"] == {
        "q": "fire",
        "part": "sign_ins",
        "by": "unknown",
        "result": "succeeded",
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
    assert [option["value"] for option in page.all("option") if "selected" in option] == [
        "sign_ins",
        "unknown",
        "succeeded",
    ]
    assert [page.one("input", id=name)["value"] for name in ("q", "from", "to")] == ["fire", "2026-03-01", "2026-03-28"]
    assert page.one("details", class_="item-details narrow").keys() >= {"open"}


async def test_without_anything_asked_for_the_fields_are_folded_and_the_links_are_short(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(),), next="1.e")
    page = await visitor.page("/activity?q=&part=&by=&result=&from=&to=")
    assert "open" not in page.one("details", class_="item-details narrow")
    assert page.one("a", href="/activity?before=1.e")
    assert portal.privacy.last("getActivity")["query"] == {}


async def test_choices_that_there_are_not_count_as_none(visitor, portal):
    page = await visitor.page("/activity?part=weather&by=nobody&result=luck")
    assert (page.status, portal.privacy.last("getActivity")["query"]) == (200, {})


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ("from=yesterday", "from", "“yesterday” is not a day. Choose the first day again, or leave it empty."),
        ("to=2026-02-30", "to", "“2026-02-30” is not a day. Choose the last day again, or leave it empty."),
        ("to=0001-01-01", "to", "Choose a day between the years 1971 and 9997"),
        ("from=9999-12-31", "from", "Choose a day between the years 1971 and 9997"),
        ("from=2026-03-02&to=2026-03-01", "to", "The last day is before the first one."),
    ],
)
async def test_days_that_make_no_sense_are_told_at_their_field_and_nothing_is_asked(
    visitor, portal, asked, field, says
):
    portal.privacy.asked.clear()
    page = await visitor.page(f"/activity?q=fire&part=devices&{asked}")
    assert page.status == 422
    assert says in page.text
    assert page.one("input", id=field)["aria-invalid"] == "true"
    assert page.one("a", href=f"#{field}")
    assert not portal.privacy.asked
    file = await visitor.get(f"/activity.csv?{asked}")
    assert (file.status, file.headers["Location"]) == (303, f"/activity?{asked}")
    # What was typed stays, and so do the place of the list and the way back to all of it.
    assert page.one("input", id="q")["value"] == "fire"
    assert page.one("input", id=field)["value"] == dict(pair.split("=") for pair in asked.split("&"))[field]
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["devices"]
    assert page.one("section", class_="empty")
    assert "Nothing is shown while a day is wrong" in page.text
    assert "Show all" in page.text


async def test_a_day_that_is_written_otherwise_is_shown_as_a_field_for_days_takes_it(visitor):
    page = await visitor.page("/activity?from=20260324")
    assert (page.status, page.one("input", id="from")["value"]) == (200, "2026-03-24")


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
    assert page.text.count("Via Contoso AB" if language == "sv" else "Through Contoso AB") == len(WAYS)
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


ALARMING = [
    ("failure", "second_factor"),
    ("failure", "blocked"),
    ("interrupted", None),
    ("interrupted", "second_factor"),
    ("interrupted", "blocked"),
    ("interrupted", "other"),
]


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_sign_in_that_alarms_is_seen_at_once_and_its_advice_is_open(visitor, portal, way):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(*way),), next=None)
    page = await visitor.page("/activity")
    assert ("open" in page.one("details", class_="item-details not-me")) is (way in ALARMING)
    assert bool(page.all("span", class_="badge badge-warning")) is (way in ALARMING)
    assert ('#warning"' in page.html.partition('class="card history"')[2].partition("</section>")[0]) is (
        way in ALARMING
    )


async def test_a_sign_in_to_the_portal_has_advice_too(visitor, portal):
    started = {"id": "e", "type": SessionStarted.wire, "part": "sign_ins", "by": "unknown", "client": Client()}
    entry = sign_in().model_copy(update=started | {"facts": {"session_id": "s"}})
    portal.privacy.answers["getActivity"] = Activity(entries=(entry,), next=None)
    page = await visitor.page("/activity")
    assert "Your account was signed in to My Profile" in page.text
    assert "Was it not you? Then someone else knows your password" in page.text
    assert 'href="/sessions"' in page.html.partition("not-me")[2].partition("</details>")[0]


async def test_a_later_page_says_that_the_file_begins_with_the_newest_entry(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(),), next="1.e")
    assert "It starts with the newest entry, not with this page." in (await visitor.page("/activity?before=9.x")).text
    assert "It starts with" not in (await visitor.page("/activity")).text


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("administrator", ("By an administrator of your organization", "Av en administratör i din organisation")),
        ("system", ("By your organization: an administrator or one of", "Av din organisation: en administratör")),
    ],
)
async def test_what_was_not_the_person_says_who_it_was(visitor, portal, by, said):
    disabled = {"type": "profile.organizations.account.disabled.v1", "part": "organizations", "by": by}
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in().model_copy(update=disabled),), next=None)
    assert said[0] in (await visitor.page("/activity")).text
    assert said[1] in (await visitor.page("/activity", **SWEDISH)).text


@pytest.mark.parametrize("type_", ["profile.security-info.method.locked.v1", "profile.security-info.code.sent.v1"])
async def test_what_came_about_by_itself_is_nobodys_doing(visitor, portal, type_):
    entry = sign_in().model_copy(update={"type": type_, "part": "security_info", "by": "system"})
    portal.privacy.answers["getActivity"] = Activity(entries=(entry,), next=None)
    assert "By your organization" not in (await visitor.page("/activity")).text
