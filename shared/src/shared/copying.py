"""Our own copy of what belongs to others: one entry per thing, with the sequence of the news that told it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from shared.connecting import Collection
from shared.contracts.envelope import Envelope
from shared.contracts.problem import Unavailable
from shared.storing import StoreUnavailable
from shared.storing.mongo import answered


class Copies:
    """Keep what news told of things, each under the *owner* whose it is; the newest news counts, however late.

    What is gone leaves a tombstone, or older news that comes afterwards would bring it back. One write does it all,
    so two replicas that hear of the same thing end with the same entry.
    """

    def __init__(self, collection: Collection) -> None:
        self._entries = collection

    async def prepare(self) -> None:
        """Make the index of the one question: what an owner has."""
        await self._entries.create_index([("owner", ASCENDING), ("thing", ASCENDING)])

    async def take(self, owner: str, thing: str, envelope: Envelope, facts: Mapping[str, Any] | None) -> None:
        """Keep *facts* of a thing, or with None that it is gone, unless newer news was here before."""
        entry = {"owner": owner, "thing": thing, "sequence": envelope.sequence, "facts": facts}
        key = f"{owner}\n{thing}"
        for _ in range(2):  # of two that meet no entry yet, one inserts it and the other finds it the second time
            with suppress(DuplicateKeyError):
                await answered(
                    self._entries.update_one(
                        {"_id": key, "sequence": {"$lt": envelope.sequence}}, {"$set": entry}, upsert=True
                    )
                )
                return
        # An entry as new is there. It may be of a write that no majority has yet, and is done only when one has.
        if await answered(self._entries.find_one({"_id": key, "sequence": {"$gte": envelope.sequence}})) is None:
            raise StoreUnavailable

    async def of(self, owner: str, limit: int) -> dict[str, Mapping[str, Any]]:
        """Give what *owner* has, at most *limit* things, by their names."""
        return await self._found({"owner": owner, "facts": {"$ne": None}}, "thing", limit)

    async def named(self, thing: str, owners: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Give the thing of this name of each of *owners* that has it."""
        keys = [f"{owner}\n{thing}" for owner in owners]
        return await self._found({"_id": {"$in": keys}, "facts": {"$ne": None}}, "owner", len(keys))

    async def _found(self, wanted: Mapping[str, Any], by: str, limit: int) -> dict[str, Mapping[str, Any]]:
        if limit == 0:
            return {}
        cursor = self._entries.find(wanted).sort("_id").limit(limit)
        try:
            return {entry[by]: entry["facts"] for entry in await answered(cursor.max_time_ms(2000).to_list(limit))}
        except StoreUnavailable as error:
            raise Unavailable from error
