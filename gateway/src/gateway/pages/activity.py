"""The history of the account, a page at a time and as a file."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from http import HTTPStatus
from itertools import groupby

import aiohttp
import structlog
from aiohttp import web

from gateway.branding import Brand
from gateway.keys import BRAND
from gateway.language import calendar_of, zone_of
from gateway.narrowing import FIRST, LAST, narrowed
from gateway.pages.forms import Form, see_other
from gateway.rendering import render
from gateway.tabulating import MOST_ROWS, Table
from gateway.visiting import Visit
from gateway.words.activity import ACTORS, RESULTS, part_said
from shared.contracts.privacy import GET_ACTIVITY, Activity, ActivityEntry
from shared.contracts.privacy.history import PARTS
from shared.contracts.problem import Problem
from shared.facts import now
from shared.passing import break_off, write

HERE = "/activity"
FILE = "/activity.csv"
_PAGE = 100
_MOST_PAGES = 2 * MOST_ROWS // _PAGE
"""Pages that are asked for, for one file; a search may come back with less than a page each time."""
_BROKEN = (Problem, ConnectionError, TimeoutError, aiohttp.ClientError)
_OURS = Brand()
_log = structlog.get_logger(__name__)


async def show(visit: Visit) -> web.Response:
    """Show what happened, newest first, as far back and as narrowed down as asked."""
    wish, zone = narrowed(visit.request.query), _zone(visit)
    activity = Activity(entries=(), next=None) if wish.faults else await _asked(visit, wish.query(zone))
    faults = {name: fault.said(visit.language) for name, fault in wish.faults.items()}
    return render(
        visit.request,
        "activity.html",
        visit.language,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        session=visit.session,
        activity=activity,
        days=by_day(activity.entries, zone),
        wish=wish,
        first=wish.first and _noon(wish.first, zone),
        last=wish.last and _noon(wish.last, zone),
        form=Form(wish.values, faults),
        parts={part: part_said(part, visit.language) for part in PARTS},
        actors={by: words.said(visit.language) for by, words in ACTORS.items()},
        results={result: words.said(visit.language) for result, words in RESULTS.items()},
        calendar_ends=(FIRST, LAST),
        places=any(
            entry.part == "sign_ins" and (entry.client.city or entry.client.country) for entry in activity.entries
        ),
        most_rows=MOST_ROWS,
    )


async def download(visit: Visit) -> web.StreamResponse:
    """Give the history, narrowed down as its page was, as a file; no more than one page of it is held at a time.

    It starts with the newest entry, whichever page was shown. What goes wrong before the first line is told as ever;
    later the download breaks off, so that it never seems whole.
    """
    wish = narrowed(visit.request.query)
    if wish.faults:
        return see_other(wish.link(HERE))
    query = wish.query(_zone(visit), newest=True) | {"limit": str(_PAGE)}
    activity = await _asked(visit, query)
    response = web.StreamResponse(headers=_headers(visit))
    await response.prepare(visit.request)
    try:
        await _write_all(visit, response, query, activity)
        await response.write_eof()
    except _BROKEN as error:
        _log.warning("a file of activity broke off", error=type(error).__name__)
        break_off(visit.request)
    return response


async def _write_all(visit: Visit, response: web.StreamResponse, query: Mapping[str, str], activity: Activity) -> None:
    calendar = calendar_of(visit.request, visit.language)
    table = Table(visit.language, _zone(visit), calendar, product=visit.request.app.get(BRAND, _OURS).name)
    await write(response, table.head())
    rows = 0
    for _ in range(_MOST_PAGES):
        entries = activity.entries[: MOST_ROWS - rows]
        rows += len(entries)
        await write(response, table.lines(entries))
        if activity.next is None or rows == MOST_ROWS:
            break
        activity = await _asked(visit, {**query, "before": activity.next})
    if activity.next is not None:
        await write(response, table.cut_off())


async def _asked(visit: Visit, query: Mapping[str, str]) -> Activity:
    answer = await visit.ask(visit.services.privacy, GET_ACTIVITY, query=query)
    return answer.read(Activity)


def _headers(visit: Visit) -> dict[str, str]:
    return {
        "Content-Type": "text/csv; charset=utf-8; header=present",
        "Content-Disposition": f'attachment; filename="activity-{now().astimezone(_zone(visit)):%Y-%m-%d}.csv"',
        "Content-Language": visit.language,
        "Cache-Control": "no-store",
        "Vary": "Accept-Language, Cookie",
    }


def _noon(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(12), zone)


def _zone(visit: Visit) -> tzinfo:
    return zone_of(visit.request) or UTC


def by_day(entries: Sequence[ActivityEntry], zone: tzinfo) -> list[tuple[datetime, list[ActivityEntry]]]:
    """Group entries by the day on which they happened in *zone*; each group has the moment of its first entry."""
    groups = (list(group) for _, group in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date()))
    return [(group[0].at, group) for group in groups]
