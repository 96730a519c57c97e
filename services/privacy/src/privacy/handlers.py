"""The door: one short method per endpoint."""

import asyncio

from privacy import views
from privacy.activity import Activity
from privacy.notices import NoticeBoard
from shared.asking import Call
from shared.contracts import privacy as contract

_NEWEST = 5
"""Entries of the history that a glance shows."""


class Handlers:
    """Answer for the account that calls."""

    def __init__(self, activity: Activity, notices: NoticeBoard) -> None:
        self._activity = activity
        self._notices = notices

    async def get_activity(self, call: Call) -> contract.Activity:
        """Read a page of the history; one entry more is read than shown, to know whether there is a next page."""
        query: contract.ActivityQuery = call.query
        entries = await self._activity.page(call.account, before=query.before, limit=query.limit + 1, q=query.q)
        return views.activity(entries[: query.limit], more=len(entries) > query.limit)

    async def get_glance(self, call: Call) -> contract.Glance:
        """Read the notices and the newest entries at once."""
        notices, entries = await asyncio.gather(
            self._notices.of(call.account), self._activity.page(call.account, before=None, limit=_NEWEST + 1, q=None)
        )
        activity = views.activity(entries[:_NEWEST], more=len(entries) > _NEWEST)
        return contract.Glance(notices=notices, activity=activity)

    async def get_notices(self, call: Call) -> contract.Notices:
        """List what the person's organizations declare."""
        return await self._notices.of(call.account)
