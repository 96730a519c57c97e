"""The history of what happened to an account: one document per event or sign-in, with an id of its own."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from privacy.history.entries import SIGN_INS, entry_of
from privacy.history.expiring import expiry
from privacy.history.searching import searched
from shared.connecting import Collection, expire
from shared.contracts.envelope import Envelope
from shared.contracts.privacy import SIGN_IN, USUAL_HISTORY, ActivityQuery, PlaceUnknown
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
_SECOND_STEP = {"type": SIGN_IN, "facts.reason": "second_factor"}
"""Sign-ins that did not succeed although the password was right."""
_RESULTS: Mapping[str, dict[str, Any]] = {
    "succeeded": {"$or": [{"facts.status": "success"}, {"type": {"$in": sorted(SIGN_INS - {SIGN_IN})}}]},
    "not_succeeded": {"type": SIGN_IN, "facts.status": {"$ne": "success"}},
}
_BY_SECOND_STEP = [("account", DESCENDING), ("at", DESCENDING)]


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
        await self._entries.create_index(_BY_SECOND_STEP, partialFilterExpression=_SECOND_STEP)
        await expire(self._entries, "expires_at", 0)

    async def remember(self, envelope: Envelope) -> None:
        """Keep an event."""
        await self.enter(entry_of(envelope))

    async def enter(self, entry: Entry) -> bool:
        """Keep an entry, once; the second time only its end is set anew, where it is the account's.

        Gives False where it is taken by another account's entry, which stays as it is.
        How long is asked again afterwards: a rule that changed meanwhile may have been applied before the entry came.
        """
        days = await self._days_of(entry["account"])
        if _expiry(entry, days) <= now():
            await self._keep(entry, days)
            return True
        if not await self._insert(entry, days):
            return False
        while (after := await self._days_of(entry["account"])) != days:
            days = after
            await self._keep(entry, days)
        return True

    async def second_step_failed_at(self, account: str) -> datetime | None:
        """Give the moment of the newest sign-in that failed at the second step, after the right password."""
        cursor = self._entries.find({"account": account, **_SECOND_STEP}, {"at": 1}).sort("at", DESCENDING).limit(1)
        try:
            found: list[Entry] = await answered(
                cursor.hint(_BY_SECOND_STEP).max_time_ms(MOST_MILLISECONDS).to_list(None)
            )
        except StoreUnavailable as error:
            raise Unavailable from error
        return found[0]["at"] if found else None

    async def page(self, account: str, query: ActivityQuery) -> Found:
        """Give the entries that *query* asks for; one more is read than given, to know whether there is a next page."""
        wanted = _wanted(account, query)
        try:
            matching = _matching(query)
            floor = await self._floor(wanted, query) if matching else None
            narrowed = [*wanted, *matching, *([] if floor is None else [_from(floor)])]
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
        index = _BY_PART if _part(query) else _BY_ACCOUNT
        found: list[Entry] = await answered(cursor.sort(_ORDER).hint(index).max_time_ms(MOST_MILLISECONDS).to_list())
        return found

    async def _keep(self, entry: Entry, days: int) -> None:
        """Let an entry that is there go when it must: who entered it may have ended before they asked again."""
        same = {"_id": entry["_id"], "account": entry["account"], "expires_at": {"$ne": None}}
        await answered(self._entries.update_one(same, [{"$set": {"expires_at": expiry(days)}}]))

    async def _insert(self, entry: Entry, days: int) -> bool:
        try:
            await answered(self._entries.insert_one({**entry, "expires_at": _expiry(entry, days)}))
        except DuplicateKeyError as error:
            # The first time may have ended before a majority had it; what is not safe yet is not done yet.
            known = await answered(self._entries.find_one({"_id": entry["_id"]}, {"account": 1}))
            if known is None:
                raise StoreUnavailable from error
            await self._keep(entry, days)
            return bool(known["account"] == entry["account"])
        return True


def place_of(entry: Entry) -> str:
    """Name the place of an entry in the history."""
    return f"{int(entry['at'].timestamp() * 1000)}.{entry['_id']}"


def _expiry(entry: Entry, days: int) -> datetime:
    at: datetime = entry["at"]
    return at + timedelta(days=days)


def _wanted(account: str, query: ActivityQuery) -> list[dict[str, Any]]:
    """Say which entries come into question, as far as an index tells."""
    part = _part(query)
    conditions: list[dict[str, Any]] = [{"account": account}, *([{"part": part}] if part else [])]
    if query.before is not None:
        at, id_ = _place(query.before)
        conditions += [{"at": {"$lte": at}}, {"$or": [{"at": {"$lt": at}}, {"_id": {"$lt": id_}}]}]
    if query.since is not None:
        conditions.append({"at": {"$gte": query.since}})
    if query.until is not None:
        conditions.append({"at": {"$lt": query.until}})
    return conditions


def _part(query: ActivityQuery) -> str | None:
    """Name the part that comes into question: only sign-ins have a result."""
    return query.part or ("sign_ins" if query.result else None)


def _matching(query: ActivityQuery) -> list[dict[str, Any]]:
    """Say what only the entries themselves tell."""
    told = [{"by": query.by}] if query.by else []
    result = [_RESULTS[query.result]] if query.result else []
    return [*told, *result, *({"words": {"$regex": re.escape(word)}} for word in searched(query.q))]


def _from(floor: Entry) -> dict[str, Any]:
    at, id_ = floor["at"], floor["_id"]
    return {"at": {"$gte": at}, "$or": [{"at": {"$gt": at}}, {"_id": {"$gte": id_}}]}


def _place(before: str) -> tuple[datetime, str]:
    stamp, _, id_ = before.partition(".")
    try:
        return datetime.fromtimestamp(int(stamp) / 1000).astimezone(), id_
    except (ValueError, OverflowError, OSError) as error:
        raise PlaceUnknown from error
