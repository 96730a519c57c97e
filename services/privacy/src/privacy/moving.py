"""Copies of memberships that an earlier version kept by themselves move into the accounts."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from privacy import belonging
from privacy.account import Account
from shared.connecting import Collection, StoreUnavailable
from shared.contracts.problem import Problem
from shared.deciding import Actor, Command, Rule
from shared.facts import Facts
from shared.storing import Store
from shared.storing.mongo import answered

_PAGE = 100
_PAUSE = 5.0
_PORTAL = Actor("system", "privacy")

_log = structlog.get_logger(__name__)


class Mover:
    """Move what is there, as if it were news: whatever newer news told stays."""

    def __init__(self, memberships: Collection, accounts: Store[Account]) -> None:
        self._memberships = memberships
        self._accounts = accounts

    async def run(self) -> None:
        """Move until nothing is left."""
        while True:
            try:
                return await self.move()
            except (StoreUnavailable, Problem):
                _log.warning("moving memberships has to wait")
            await asyncio.sleep(_PAUSE)

    async def move(self) -> None:
        """Move every copy; one that was moved twice changes nothing the second time."""
        while found := await answered(self._memberships.find({}).limit(_PAGE).to_list(_PAGE)):
            for copy in found:
                command = Command(id=Facts().id("move"), digest="move", actor=_PORTAL, brief=True)
                await self._accounts.change(copy["owner"], _as_news(copy), command=command)
                await answered(self._memberships.delete_one({"_id": copy["_id"], "sequence": copy["sequence"]}))


def _as_news(copy: Mapping[str, Any]) -> Rule[Account]:
    organization_id, sequence, facts = copy["thing"], copy["sequence"], copy["facts"]
    if facts is None:
        return partial(belonging.part, organization_id=organization_id, sequence=sequence)
    return partial(belonging.join, organization_id=organization_id, sequence=sequence, home=facts["home"])
