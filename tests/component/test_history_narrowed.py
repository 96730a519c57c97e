"""The history narrowed down: each condition by itself and together, page by page, and where a search has to end."""

from datetime import timedelta

import pytest

from privacy.history.activity import Activity
from privacy.history.completing import complete
from privacy.history.entries import entry_of, entry_of_sign_in
from shared.connecting import safe
from shared.contracts.envelope import Envelope
from shared.contracts.privacy import ActivityQuery, SignInLine
from shared.facts import now
from tests.component.composing import EXAMPLES

ACCOUNT, OTHER = "narrowed", "someone else"
BEGUN = now() - timedelta(days=100)
RENAMED = "profile.devices.device.renamed.v1"
DISABLED = "profile.organizations.account.disabled.v1"
STARTED = "profile.gateway.session.started.v1"


def event(number, wire, authtype="user", account=ACCOUNT):
    told = {"id": f"e{number:03}", "time": BEGUN + timedelta(hours=number), "account": account, "authtype": authtype}
    return Envelope.model_validate(EXAMPLES[wire] | told)


def sign_in(number, **told):
    at = BEGUN + timedelta(hours=number)
    facts = {"account": ACCOUNT, "organization_id": "contoso", "id": f"s{number:03}", "at": at, "status": "success"}
    return entry_of_sign_in(SignInLine(**facts | told))


@pytest.fixture
async def entries(own_database):
    collection = safe(own_database, "activity")
    await Activity(collection).prepare()
    return collection


@pytest.fixture
async def activity(entries):
    """Forty entries of one account, and some of another; a search looks through ten."""
    made = Activity(entries, most=10)
    for number in range(0, 40, 4):
        await made.remember(event(number, RENAMED))
        await made.remember(event(number + 1, DISABLED, "administrator"))
        await made.remember(event(number + 2, STARTED, "system" if number > 20 else "user"))
        await made.enter(sign_in(number + 3, status="failure" if number == 36 else "success", city="Umeå"))
        await made.remember(event(100 + number, RENAMED, account=OTHER))
    return made


async def all_pages(activity, **asked):
    """Follow the pages to the end; gives the ids that were found, and how many pages it took."""
    found, before, pages = [], None, 0
    while pages < 100:
        page = await activity.page(ACCOUNT, ActivityQuery(before=before, limit=7, **asked))
        found += [entry["_id"] for entry in page.entries]
        before, pages = page.next, pages + 1
        if before is None:
            return found, pages
    raise AssertionError("the pages have no end")


def ids(kind, numbers):
    return [f"{kind}{number:03}" for number in sorted(numbers, reverse=True)]


async def test_each_condition_finds_what_is_so_and_nothing_of_others(activity):
    renamed, disabled, started = (ids("e", range(first, 40, 4)) for first in range(3))
    signed_in = ids("contoso~s", range(3, 40, 4))
    assert (await all_pages(activity, part="devices"))[0] == renamed
    both = sorted([*started, *signed_in], key=lambda one: one[-3:], reverse=True)
    assert (await all_pages(activity, part="sign_ins"))[0] == both
    assert (await all_pages(activity, part="security_info"))[0] == []
    assert (await all_pages(activity, by="administrator"))[0] == disabled
    assert (await all_pages(activity, by="unknown"))[0] == both
    assert (await all_pages(activity, by="you"))[0] == renamed
    assert (await all_pages(activity, q="renamed"))[0] == renamed
    assert (await all_pages(activity, q="UMEA loggades"))[0] == [one for one in signed_in if one != "contoso~s039"]
    assert (await all_pages(activity, q="umeå failed"))[0] == ["contoso~s039"]


async def test_the_result_of_sign_ins_is_asked_for(activity):
    succeeded = (await all_pages(activity, result="succeeded"))[0]
    assert len(succeeded) == 19
    assert {one[0] for one in succeeded} == {"c", "e"}
    assert (await all_pages(activity, result="not_succeeded"))[0] == ["contoso~s039"]
    assert (await all_pages(activity, result="not_succeeded", part="sign_ins"))[0] == ["contoso~s039"]
    assert (await all_pages(activity, result="succeeded", part="devices"))[0] == []


async def test_a_search_for_a_result_ends_as_others_do_and_by_the_index_of_sign_ins(activity, own_database):
    await own_database.command("profile", 2, filter={"op": "query", "ns": f"{own_database.name}.activity"})
    page = await activity.page(ACCOUNT, ActivityQuery(result="not_succeeded", limit=7))
    await own_database.command("profile", 0)
    assert page.searched_until is not None
    floor, search = await own_database["system.profile"].find().sort("ts").to_list()
    assert floor["docsExamined"] == 0
    assert search["docsExamined"] <= 10


async def test_the_newest_sign_in_that_failed_at_the_second_step_is_found_by_one_key(activity, own_database):
    assert await activity.second_step_failed_at(ACCOUNT) is None
    for number, status in ((2, "failure"), (9, "interrupted"), (5, "failure")):
        await activity.enter(sign_in(number, id=f"p{number}", status=status, reason="second_factor"))
    await activity.enter(sign_in(30, id="other", status="failure", reason="first_factor"))
    await activity.enter(sign_in(31, id="others", status="failure", reason="second_factor", account=OTHER))
    await own_database.command("profile", 2, filter={"op": "query", "ns": f"{own_database.name}.activity"})
    assert await activity.second_step_failed_at(ACCOUNT) == BEGUN + timedelta(hours=9)
    await own_database.command("profile", 0)
    (read,) = await own_database["system.profile"].find().to_list()
    assert (read["docsExamined"], read["keysExamined"]) == (1, 1)


async def test_days_end_where_the_next_begin(activity):
    asked = {"since": BEGUN + timedelta(hours=8), "until": BEGUN + timedelta(hours=12)}
    assert (await all_pages(activity, **asked))[0] == ["contoso~s011", "e010", "e009", "e008"]
    assert (await all_pages(activity, **asked, part="sign_ins"))[0] == ["contoso~s011", "e010"]
    assert (await all_pages(activity, **asked, by="administrator", q="disabled"))[0] == ["e009"]
    nothing = {"since": asked["until"], "until": asked["since"]}
    assert (await all_pages(activity, **nothing))[0] == []


async def test_all_conditions_together_are_all_kept(activity):
    asked = {"part": "sign_ins", "by": "unknown", "q": "failed", "since": BEGUN, "until": now()}
    assert (await all_pages(activity, **asked))[0] == ["contoso~s039"]
    assert (await all_pages(activity, **asked | {"part": "devices"}))[0] == []


async def test_a_search_that_may_not_look_further_says_where_it_ended_and_goes_on_there(activity):
    page = await activity.page(ACCOUNT, ActivityQuery(q="no such word"))
    assert (list(page.entries), page.searched_until) == ([], BEGUN + timedelta(hours=30))
    found, pages = await all_pages(activity, q="no such word")
    assert (found, pages) == ([], 4)


async def test_a_page_that_is_full_before_that_says_nothing_of_it(activity):
    page = await activity.page(ACCOUNT, ActivityQuery(q="renamed", limit=1))
    assert page.searched_until is None


async def test_what_an_index_finds_is_no_search(activity):
    page = await activity.page(ACCOUNT, ActivityQuery(part="devices", limit=100))
    assert (len(page.entries), page.next, page.searched_until) == (10, None, None)


async def test_many_of_one_moment_are_each_found_once(entries):
    activity = Activity(entries, most=3)
    for number in range(20):
        await activity.enter(sign_in(5, id=f"x{number:02}", browser="Firefox" if number % 2 else "Edge"))
    every = [f"contoso~x{number:02}" for number in reversed(range(20))]
    assert (await all_pages(activity))[0] == every
    assert (await all_pages(activity, q="firefox"))[0] == every[::2]
    assert (await all_pages(activity, by="unknown", part="sign_ins"))[0] == every


@pytest.mark.parametrize(
    "asked", [{}, {"part": "sign_ins"}, {"before": "9999999999999.x"}, {"since": BEGUN, "until": now()}], ids=str
)
async def test_a_page_reads_no_more_than_it_shows_and_one(activity, entries, own_database, asked):
    await own_database.command("profile", 2, filter={"op": "query", "ns": f"{own_database.name}.activity"})
    page = await activity.page(ACCOUNT, ActivityQuery(limit=5, **asked))
    await own_database.command("profile", 0)
    assert len(page.entries) == 5
    (read,) = await own_database["system.profile"].find().to_list()
    assert (read["docsExamined"], read["nreturned"]) == (6, 6)
    assert read["keysExamined"] <= 8
    assert "IXSCAN" in read["planSummary"]
    assert not read.get("hasSortStage")
    assert "expires_at" in {key for index in (await entries.index_information()).values() for key, _ in index["key"]}


async def test_the_end_of_a_search_is_found_by_keys_alone(activity, own_database):
    await own_database.command("profile", 2, filter={"op": "query", "ns": f"{own_database.name}.activity"})
    await activity.page(ACCOUNT, ActivityQuery(q="no such word"))
    await own_database.command("profile", 0)
    floor, search = await own_database["system.profile"].find().sort("ts").to_list()
    assert floor["docsExamined"] == 0
    assert search["docsExamined"] <= 10


async def test_what_an_earlier_version_entered_is_found_as_what_comes_now(entries):
    class Homes:
        async def days_of_all(self, accounts):
            return dict.fromkeys(accounts, 365)

    now_entered = entry_of(event(2, STARTED, account="earlier"))
    told = {name: now_entered[name] for name in ("_id", "account", "at", "type", "authtype", "facts")}
    await entries.insert_one(told | {"client": {"country": "BR", "city": "$city"}, "words": f"{STARTED} some-digest"})
    await complete(entries, Homes())
    for asked in ({"q": "brasilien loggades"}, {"q": "$city"}, {"result": "succeeded"}, {"by": "unknown"}):
        page = await Activity(entries).page("earlier", ActivityQuery(**asked))
        assert [entry["_id"] for entry in page.entries] == ["e002"], asked
    assert not (await Activity(entries).page("earlier", ActivityQuery(q="some-digest"))).entries
