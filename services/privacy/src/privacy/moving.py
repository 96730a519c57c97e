"""Copies of memberships that an earlier version kept by themselves move into the accounts."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from pymongo import ASCENDING

from privacy import belonging
from privacy.account import Account
from privacy.settling import Settler
from shared.connecting import Collection, expire
from shared.deciding import Rule
from shared.facts import now
from shared.storing.mongo import answered
from shared.sweeping import Sweeper

_PAGE = 100
_KEPT = 30 * 24 * 60 * 60
_WAITING = {"owner": {"$gt": ""}}
_ORDER = [("owner", ASCENDING), ("thing", ASCENDING)]


class Mover(Sweeper):
    """Move what is there, as if it were news: whatever newer news told stays.

    A copy that was moved has no owner any more, until a process of the earlier version that still runs writes what is
    newer; so there is something to look for as long as it may. A month later the copy is gone.
    """

    name, service = "move", "privacy"

    def __init__(self, memberships: Collection, settler: Settler) -> None:
        super().__init__()
        self._memberships = memberships
        self._settler = settler

    async def prepare(self) -> None:
        """Make the index of the one question, as that version did: what has an owner."""
        await self._memberships.create_index(_ORDER)
        await expire(self._memberships, "moved_at", _KEPT)

    async def sweep(self) -> None:
        """Move every copy; one that was moved twice changes nothing the second time."""
        left = 0
        while True:
            copies = self._memberships.find(_WAITING).sort(_ORDER).skip(left).limit(_PAGE)
            found = await answered(copies.to_list(_PAGE))
            for copy in found:
                left += not await self.isolated(self._move(copy))
            if len(found) < _PAGE:
                return

    async def _move(self, copy: Mapping[str, Any]) -> None:
        home = copy["thing"] if copy["facts"] and copy["facts"]["home"] else None
        await self._settler.settle(copy["owner"], _as_news(copy), command=self.command(), home=home)
        moved = {"$set": {"moved_at": now()}, "$unset": dict.fromkeys(("owner", "thing", "facts"), "")}
        same = {"_id": copy["_id"], "sequence": copy["sequence"]}
        await answered(self._memberships.update_one(same, moved))


def _as_news(copy: Mapping[str, Any]) -> Rule[Account]:
    organization_id, sequence, facts = copy["thing"], copy["sequence"], copy["facts"]
    if facts is None:
        return partial(belonging.part, organization_id=organization_id, sequence=sequence)
    return partial(belonging.join, organization_id=organization_id, sequence=sequence, home=facts["home"])
