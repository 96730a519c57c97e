"""Where pictures lie: apart from the accounts, so that reading who a person is does not read what they look like."""

import hashlib
import uuid
from collections.abc import Set as AbstractSet
from datetime import timedelta

from organizations.account import Picture
from shared.connecting import Collection, StoreUnavailable, expire
from shared.contracts.problem import Unavailable
from shared.facts import now
from shared.storing.mongo import answered

_LEFT_BEHIND = timedelta(hours=1)
"""How old a picture is that is not shown and that no command can still be about to show."""
_DIGEST_BYTES = 16


class Pictures:
    """Keep pictures, each under an id that is used once.

    A picture is added before an account shows it and erased after, so that what an account shows is always there. A
    process that dies in between leaves one that nobody shows; the next `tidy` of that account erases it. Erasing takes
    the content away at once, and lets the database remove the rest: no process has the right to.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def prepare(self) -> None:
        """Make the indexes: one to find an account's pictures, one by which the database removes what was erased."""
        await self._collection.create_index("account")
        await expire(self._collection, "erased_at", 0)

    async def add(self, account: str, content: bytes) -> Picture:
        """Keep a picture that is not shown yet."""
        picture = Picture(id=uuid.uuid4().hex, digest=hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest())
        document = {"_id": picture.id, "account": account, "added_at": now(), "content": content}
        try:
            await answered(self._collection.insert_one(document))
        except StoreUnavailable as error:
            raise Unavailable from error
        return picture

    async def read(self, picture_id: str) -> bytes | None:
        """Give the content of a picture that has not been erased."""
        try:
            found = await answered(self._collection.find_one({"_id": picture_id}, {"content": 1}))
        except StoreUnavailable as error:
            raise Unavailable from error
        return found.get("content") if found else None

    async def tidy(self, account: str, *, shown: Picture | None, unused: AbstractSet[str | None]) -> None:
        """Erase those that are *unused*, and those that are left behind, yet never the one that is *shown*."""
        moment = now()
        theirs = {
            "account": account,
            "content": {"$exists": True},
            "_id": {"$ne": shown.id if shown else None},
            "$or": [{"_id": {"$in": list(unused - {None})}}, {"added_at": {"$lt": moment - _LEFT_BEHIND}}],
        }
        erased = {"$unset": {"content": ""}, "$set": {"erased_at": moment}}
        try:
            await answered(self._collection.update_many(theirs, erased))
        except StoreUnavailable as error:
            raise Unavailable from error
