"""The history of what happened to an account: one document per event, with the event's id."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from shared.connecting import Collection
from shared.consuming import owner_of
from shared.contracts.envelope import Envelope
from shared.contracts.privacy import PlaceUnknown
from shared.contracts.problem import Unavailable
from shared.storing import StoreUnavailable
from shared.storing.mongo import answered

Entry = Mapping[str, Any]


class Activity:
    """Keep and page the history; it grows without bound, so it is a collection of its own."""

    def __init__(self, collection: Collection) -> None:
        self._entries = collection

    async def prepare(self) -> None:
        """Make the index of the one question: an account's entries, newest first."""
        await self._entries.create_index([("account", DESCENDING), ("at", DESCENDING), ("_id", DESCENDING)])

    async def remember(self, envelope: Envelope) -> None:
        """Keep an event; the second time there is nothing left to do, since its id is taken."""
        entry = {
            "_id": envelope.id,
            "account": owner_of(envelope),
            "at": envelope.time,
            "type": envelope.type,
            "authtype": envelope.authtype,
            "client": envelope.client().model_dump(exclude_none=True),
            "facts": envelope.data,
            "words": _words(envelope),
        }
        try:
            await answered(self._entries.insert_one(entry))
        except DuplicateKeyError as error:
            # The first time may have ended before a majority had it; what is not safe yet is not done yet.
            if await answered(self._entries.find_one({"_id": envelope.id}, {"_id": 1})) is None:
                raise StoreUnavailable from error

    async def page(self, account: str, *, before: str | None, limit: int, q: str | None) -> Sequence[Entry]:
        """Give at most *limit* entries older than the place *before*, newest first."""
        wanted: dict[str, Any] = {"account": account}
        if before is not None:
            at, id_ = _place(before)
            wanted["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id_}}]
            wanted["at"] = {"$lte": at}
        if q and (words := q.casefold().split()):
            wanted["$and"] = [{"words": {"$regex": re.escape(word)}} for word in words]
        cursor = self._entries.find(wanted).sort([("at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        try:
            found: list[Entry] = await answered(cursor.max_time_ms(2000).to_list(limit))
        except StoreUnavailable as error:
            raise Unavailable from error
        return found


def place_of(entry: Entry) -> str:
    """Name the place of an entry in the history."""
    return f"{int(entry['at'].timestamp() * 1000)}.{entry['_id']}"


def _place(before: str) -> tuple[datetime, str]:
    stamp, _, id_ = before.partition(".")
    try:
        return datetime.fromtimestamp(int(stamp) / 1000).astimezone(), id_
    except (ValueError, OverflowError, OSError) as error:
        raise PlaceUnknown from error


def _words(envelope: Envelope) -> str:
    """Gather what a search may find: the kind of event, labels, browser, system and place."""
    labels = [value for name, value in envelope.data.items() if isinstance(value, str) and not name.endswith("_id")]
    client = [value for value in envelope.client().model_dump().values() if value]
    return " ".join([envelope.type, *labels, *client]).casefold()
