"""The history of the account, a page at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby

from aiohttp import web

from gateway.language import zone_of
from gateway.rendering import render
from gateway.visiting import Visit
from shared.contracts.privacy import GET_ACTIVITY, Activity, ActivityEntry

_LONGEST_SEARCH = 100
_LONGEST_PLACE = 64


async def show(visit: Visit) -> web.Response:
    """Show what happened, newest first, as far back and as narrowed down as asked."""
    search = visit.request.query.get("q", "").strip()[:_LONGEST_SEARCH]
    before = visit.request.query.get("before", "")[:_LONGEST_PLACE]
    query = {name: value for name, value in (("q", search), ("before", before)) if value}
    answer = await visit.ask(visit.services.privacy, GET_ACTIVITY, query=query)
    activity = answer.read(Activity)
    return render(
        visit.request,
        "activity.html",
        visit.language,
        session=visit.session,
        activity=activity,
        days=by_day(activity.entries, zone_of(visit.request) or UTC),
        search=search,
        before=before,
    )


def by_day(entries: Sequence[ActivityEntry], zone: tzinfo) -> list[tuple[datetime, list[ActivityEntry]]]:
    """Group entries by the day on which they happened in *zone*; each group has the moment of its first entry."""
    groups = (list(group) for _, group in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date()))
    return [(group[0].at, group) for group in groups]
