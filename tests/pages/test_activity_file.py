"""The history as a file: what a spreadsheet of the person's region reads, the same as the page was narrowed down to."""

import csv
import io
from datetime import datetime

import pytest
from aiohttp import ClientPayloadError

from gateway import tabulating
from gateway.pages import activity as page_of_activity
from shared.contracts.privacy import Activity
from shared.contracts.problem import Unavailable
from tests.pages.sign_ins import sign_in

SWEDISH = {"Cookie": "language=sv; time_zone=Europe/Stockholm"}
ALL = "q=fire&part=sign_ins&by=unknown&result=succeeded&from=2026-03-01&to=2026-03-28"


async def test_the_file_has_what_the_page_was_narrowed_down_to(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(application="=1+1"),), next=None)
    answer = await visitor.get(f"/activity.csv?{ALL}", **SWEDISH)
    assert answer.status == 200
    assert answer.content_type == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="activity-20')
    content = await answer.read()
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True, delimiter=";")
    assert head[:5] == ["Tid (Europe/Stockholm)", "Del", "Vem", "Vad som hände", "Organisation"]
    assert row[1:] == [
        *("Inloggningar", "Den som loggade in som du, eller försökte", "Ditt konto loggades in i ”=1+1”"),
        *("Contoso AB", "Firefox", "Linux", "Malmö", "Sverige", "192.0.2.7", "sign-in", "contoso~success-None"),
    ]
    assert f"{datetime.fromisoformat(row[0]):%Y-%m-%d %H:%M:%S}" == row[0]
    asked = portal.privacy.last("getActivity")["query"]
    assert (asked["limit"], asked["by"], asked["since"]) == ("100", "unknown", "2026-02-28T23:00:00Z")


async def test_a_file_from_a_later_page_begins_with_the_newest_entry(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(),), next=None)
    await visitor.get(f"/activity.csv?{ALL}&before=9.x")
    asked = portal.privacy.last("getActivity")["query"]
    assert "before" not in asked
    assert (asked["q"], asked["result"]) == ("fire", "succeeded")


async def test_in_english_commas_stand_between_cells_where_the_region_is_not_another(visitor, portal):
    portal.privacy.answers["getActivity"] = Activity(entries=(sign_in(),), next=None)
    content = await (await visitor.get("/activity.csv")).read()
    (head, _) = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    assert head[0] == "Time (UTC)"


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
