"""The history of what happened to an account: one document per event or sign-in, with an id of its own."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from privacy.entries import entry_of
from shared.connecting import Collection, expire
from shared.contracts.envelope import Envelope
from shared.contracts.privacy import USUAL_HISTORY, ActivityQuery, PlaceUnknown
from shared.contracts.problem import Unavailable
from shared.facts import now
from shared.storing import StoreUnavailable
from shared.storing.mongo import answered

MOST_SCANNED = 10_000
"""Entries that one search looks through; whoever wants more of them goes on where it ended."""
MOST_MILLISECONDS = 2000
"""What one question may cost the database; longer, and it is `Unavailable`."""

Entry = Mapping[str, Any]
_ORDER = [("at", DESCENDING), ("_id", DESCENDING)]
_BY_ACCOUNT = [("account", DESCENDING), *_ORDER]
_BY_PART = [("account", DESCENDING), ("part", DESCENDING), *_ORDER]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the history, newest first; *searched_until* where a search ended before it had looked at all."""

    entries: Sequence[Entry] = ()
    next: str | None = None
    searched_until: datetime | None = None


async def _usual(_account: str) -> int:
    return USUAL_HISTORY


class Activity:
    """Keep and page the history; it grows for as long as it is kept, so it is a collection of its own."""

    def __init__(
        self, collection: Collection, days_of: Callable[[str], Awaitable[int]] = _usual, *, most: int = MOST_SCANNED
    ) -> None:
        """Keep entries in *collection*, each for as many days as *days_of* tells of its account.

        A search looks through *most* entries.
        """
        self._entries = collection
        self._days_of = days_of
        self._most = most

    async def prepare(self) -> None:
        """Make the indexes of the one question: an account's entries, or those of one part, newest first."""
        await self._entries.create_index(_BY_ACCOUNT)
        await self._entries.create_index(_BY_PART)
        await expire(self._entries, "expires_at", 0)

    async def remember(self, envelope: Envelope) -> None:
        """Keep an event."""
        await self.enter(entry_of(envelope))

    async def enter(self, entry: Entry) -> None:
        """Keep an entry; the second time there is nothing left to do, since its id is taken.

        How long is asked again afterwards: a rule that changed meanwhile may have been applied before the entry came.
        """
        days = await self._days_of(entry["account"])
        if _expiry(entry, days) <= now():
            return
        await self._insert({**entry, "expires_at": _expiry(entry, days)})
        after = await self._days_of(entry["account"])
        if after != days:
            change = {"$set": {"expires_at": _expiry(entry, after)}}
            await answered(self._entries.update_one({"_id": entry["_id"], "account": entry["account"]}, change))

    async def page(self, account: str, query: ActivityQuery) -> Found:
        """Give the entries that *query* asks for; one more is read than given, to know whether there is a next page."""
        wanted = _wanted(account, query)
        try:
            floor = await self._floor(wanted, query) if query.q or query.by else None
            narrowed = [*wanted, *_matching(query), *([] if floor is None else [_from(floor)])]
            found = await self._read(self._entries.find({"$and": narrowed}).limit(query.limit + 1), query)
        except StoreUnavailable as error:
            raise Unavailable from error
        entries = found[: query.limit]
        if len(found) > query.limit:
            return Found(entries, place_of(entries[-1]))
        if floor is not None:
            return Found(entries, place_of(floor), floor["at"])
        return Found(entries)

    async def _floor(self, wanted: list[dict[str, Any]], query: ActivityQuery) -> Entry | None:
        """Give the last entry that a search may look at, None where it may look at all; only keys are read."""
        cursor = self._entries.find({"$and": wanted}, {"at": 1})
        found = await self._read(cursor.skip(self._most - 1).limit(2), query)
        return found[0] if len(found) > 1 else None

    @staticmethod
    async def _read(cursor: Any, query: ActivityQuery) -> list[Entry]:
        index = _BY_PART if query.part else _BY_ACCOUNT
        found: list[Entry] = await answered(cursor.sort(_ORDER).hint(index).max_time_ms(MOST_MILLISECONDS).to_list())
        return found

    async def _insert(self, entry: Entry) -> None:
        try:
            await answered(self._entries.insert_one(entry))
        except DuplicateKeyError as error:
            # The first time may have ended before a majority had it; what is not safe yet is not done yet.
            if await answered(self._entries.find_one({"_id": entry["_id"]}, {"_id": 1})) is None:
                raise StoreUnavailable from error


def place_of(entry: Entry) -> str:
    """Name the place of an entry in the history."""
    return f"{int(entry['at'].timestamp() * 1000)}.{entry['_id']}"


def _expiry(entry: Entry, days: int) -> datetime:
    at: datetime = entry["at"]
    return at + timedelta(days=days)


def _wanted(account: str, query: ActivityQuery) -> list[dict[str, Any]]:
    """Say which entries come into question, as far as an index tells."""
    conditions: list[dict[str, Any]] = [{"account": account}, *([{"part": query.part}] if query.part else [])]
    if query.before is not None:
        at, id_ = _place(query.before)
        conditions += [{"at": {"$lte": at}}, {"$or": [{"at": {"$lt": at}}, {"_id": {"$lt": id_}}]}]
    if query.since is not None:
        conditions.append({"at": {"$gte": query.since}})
    if query.until is not None:
        conditions.append({"at": {"$lt": query.until}})
    return conditions


def _matching(query: ActivityQuery) -> list[dict[str, Any]]:
    """Say what only the entries themselves tell."""
    words = query.q.casefold().split() if query.q else ()
    return [*([{"by": query.by}] if query.by else []), *({"words": {"$regex": re.escape(word)}} for word in words)]


def _from(floor: Entry) -> dict[str, Any]:
    at, id_ = floor["at"], floor["_id"]
    return {"at": {"$gte": at}, "$or": [{"at": {"$gt": at}}, {"_id": {"$gte": id_}}]}


def _place(before: str) -> tuple[datetime, str]:
    stamp, _, id_ = before.partition(".")
    try:
        return datetime.fromtimestamp(int(stamp) / 1000).astimezone(), id_
    except (ValueError, OverflowError, OSError) as error:
        raise PlaceUnknown from error
