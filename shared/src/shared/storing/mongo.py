"""Documents in a MongoDB collection: one server, a replica set or a cluster sharded by `_id` alike."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pymongo import ASCENDING, WriteConcern
from pymongo.errors import ConnectionFailure, DuplicateKeyError, ExecutionTimeout, PyMongoError, WTimeoutError

from shared.connecting import Collection, StoreUnavailable
from shared.letters import Channel, Waiting
from shared.storing.letters import waiting
from shared.storing.shelf import MOST_LETTERS, MOST_WAITING, Filed, LettersFull, OutboxFull

Answer = TypeVar("Answer")

_READ = {"outbox": 0, "parked": 0, "letters": 0, "commands": 0}
_CHANGE = {"outbox": 0, "parked": 0, "letters": 0}


async def answered(call: Awaitable[Answer]) -> Answer:
    """Await a call to the database; no answer in time, for whatever reason, is `StoreUnavailable`."""
    try:
        return await call
    except DuplicateKeyError:
        raise
    except (ConnectionFailure, WTimeoutError, ExecutionTimeout) as error:
        raise StoreUnavailable(type(error).__name__) from error
    except PyMongoError as error:
        if error.timeout or error.has_error_label("RetryableWriteError"):
            raise StoreUnavailable(type(error).__name__) from error
        raise


class MongoShelf:
    """Keep documents in *collection*, which waits for a majority and the journal (`connecting.safe`)."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._quick = collection.with_options(write_concern=WriteConcern(w=1))

    async def prepare(self) -> None:
        """Make the indexes of the relay's and the sender's questions; documents with nothing waiting are in neither."""
        await self._collection.create_index(
            [("outbox.at", ASCENDING)],
            name="waiting",
            partialFilterExpression={"outbox.at": {"$exists": True}},
        )

        await self._collection.create_index(
            [("letters.due_at", ASCENDING)],
            name="letters",
            partialFilterExpression={"letters.due_at": {"$exists": True}},
        )

    async def load(self, key: str, *, commands: bool, without: Sequence[str] = ()) -> Mapping[str, Any] | None:
        """Give the document without its outbox and the fields *without*."""
        hidden = (_CHANGE if commands else _READ) | dict.fromkeys(without, 0)
        found: Mapping[str, Any] | None = await answered(self._collection.find_one({"_id": key}, hidden))
        return found

    async def load_many(self, keys: Sequence[str], *, without: Sequence[str] = ()) -> Mapping[str, Mapping[str, Any]]:
        """Give those of the documents that there are, by their keys, without outboxes, commands and those fields."""
        cursor = self._collection.find({"_id": {"$in": list(keys)}}, _READ | dict.fromkeys(without, 0))
        return {found["_id"]: found for found in await answered(cursor.to_list(len(keys)))}

    async def save(self, key: str, version: int, filed: Filed) -> bool:
        """File the change in one update, guarded by the version.

        Fields are set one by one, never the whole document: that would bring back news already sent, and an
        older process would wipe fields that a newer one added.
        """
        update: dict[str, Any] = {
            "$set": {**filed.fields, f"commands.{filed.command_id}": filed.command},
            "$inc": {"version": 1},
        }
        if filed.forget:
            update["$unset"] = {f"commands.{name}": "" for name in filed.forget}
        pushed = {"outbox": filed.news, "letters": filed.letters}
        if any(pushed.values()):
            update["$push"] = {name: {"$each": list(entries)} for name, entries in pushed.items() if entries}
        if filed.settled:
            update["$pull"] = {"letters": {"id": {"$in": list(filed.settled)}}}
        same: dict[str, Any] = {"_id": key, "version": version or {"$exists": False}}
        room = {f"outbox.{MOST_WAITING - 1}": {"$exists": False}} if filed.news else {}
        space = {f"letters.{MOST_LETTERS - 1}": {"$exists": False}} if filed.letters else {}
        try:
            result = await answered(self._collection.update_one(same | room | space, update, upsert=version == 0))
        except DuplicateKeyError:
            return False
        if result.matched_count or result.upserted_id is not None:
            return True
        if room and await answered(self._collection.find_one(same | space, {"_id": 1})):
            raise OutboxFull
        if space and await answered(self._collection.find_one(same, {"_id": 1})):
            raise LettersFull
        return False

    async def outbox(self, key: str) -> list[Mapping[str, Any]]:
        """Give what the document has to announce, in order."""
        found = await answered(self._collection.find_one({"_id": key}, {"outbox": 1}))
        return list(found.get("outbox", ())) if found else []

    async def sent(self, key: str, event_ids: Sequence[str]) -> None:
        """Take announced entries out of the outbox; if this write is lost they are announced twice, no worse."""
        await answered(self._quick.update_one({"_id": key}, {"$pull": {"outbox": {"id": {"$in": list(event_ids)}}}}))

    async def park(self, key: str, event_id: str, reason: str) -> None:
        """Move an entry that the broker will never take from the outbox to `parked`."""
        entry = next((entry for entry in await self.outbox(key) if entry["id"] == event_id), None)
        if entry:
            await answered(
                self._collection.update_one(
                    {"_id": key, "outbox.id": event_id},
                    {
                        "$pull": {"outbox": {"id": event_id}},
                        "$push": {"parked": {**entry, "reason": reason, "parked_at": datetime.now(UTC)}},
                    },
                )
            )

    async def waiting(self, before: datetime, limit: int, *, skip: int = 0) -> list[str]:
        """Name documents that have had something to announce since *before*, the longest waiting first."""
        found = self._collection.find({"outbox.at": {"$lt": before}}, {"_id": 1})
        cursor = found.sort("outbox.at").skip(skip).limit(limit)
        return [found["_id"] for found in await answered(cursor.to_list(limit))]

    async def letters(self, key: str) -> list[Waiting]:
        """Give the letters that a document has to send, the first due first."""
        return waiting(key, await answered(self._collection.find_one({"_id": key}, {"letters": 1})))

    async def claim(self, letter: Waiting, until: datetime) -> Waiting | None:
        """Take a letter to be sent; the moment that it was due at tells whether someone else has."""
        change = {"$set": {"letters.$.due_at": until}, "$inc": {"letters.$.attempts": 1}}
        result = await answered(self._collection.update_one(_unchanged(letter), change))
        return letter.claimed(until) if result.matched_count else None

    async def postpone(self, letter: Waiting, until: datetime) -> None:
        """Let a letter wait until then."""
        await answered(self._collection.update_one(_unchanged(letter), {"$set": {"letters.$.due_at": until}}))

    async def with_letters_due(
        self,
        before: datetime,
        limit: int,
        *,
        skip: int = 0,
        channel: Channel | None = None,
        expiring: datetime | None = None,
    ) -> list[str]:
        """Name documents that have a letter due, the longest due first (of each shard); see `Shelf`.

        The index gives them in this order. Were it asked for, the server would rather read all letters that wait,
        also those that are put off, than sort the few that are due: an array's least value is found by no range.
        """
        due = {"$lt": before}
        among: dict[str, Any] = {"channel": channel} if channel else {}
        among |= {"expires_at": {"$lt": expiring}} if expiring else {}
        # The first condition is the index's; the second holds all of them to one and the same letter.
        wanted: dict[str, Any] = {"letters.due_at": due}
        if among:
            wanted["letters"] = {"$elemMatch": {"due_at": due, **among}}
        found = self._collection.find(wanted, {"_id": 1})
        cursor = found.skip(skip).limit(limit)
        return [found["_id"] for found in await answered(cursor.to_list(limit))]


def _unchanged(letter: Waiting) -> dict[str, Any]:
    return {"_id": letter.key, "letters": {"$elemMatch": {"id": letter.id, "due_at": letter.due_at}}}
