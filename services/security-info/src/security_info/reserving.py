"""Sends of codes, reserved before they are made: of one account, to one target, and at all."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from security_info.quotas import WINDOW, Allowance, refuse_until
from shared.connecting import Collection
from shared.contracts.problem import Unavailable
from shared.contracts.security_info import TooManySends
from shared.facts import now
from shared.letters import Channel
from shared.storing import StoreUnavailable
from shared.storing.mongo import answered

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reservation:
    """A send that was reserved: where, unless the same command had it there already."""

    id: str
    places: tuple[str, ...] = ()
    ceiling: str | None = None


class Quotas:
    """Reserve sends before they are made: of many at once, in however many processes, only as many as there may be.

    The document of an account or a target holds the sends of the last hour, and goes when they have passed; what is
    sent at all is counted by the clock's hour. Each is one atomic update.
    """

    def __init__(
        self,
        collection: Collection,
        *,
        key: bytes,
        allowance: Allowance,
        ceilings: Mapping[Channel, int],
        registry: CollectorRegistry,
    ) -> None:
        self._sends = collection
        self._key = key
        self._allowance = allowance
        self._ceilings = ceilings
        self._alarmed: dict[Channel, datetime] = {}
        self._refused = Counter(
            "codes_refused", "Codes that a quota kept from being sent", ["quota"], registry=registry
        )

    async def prepare(self) -> None:
        """Make the index that forgets."""
        await self._sends.create_index("forget_at", expireAfterSeconds=0)

    def digest(self, target: str) -> str:
        """Give the keyed hash by which a number or an address is counted, and known again."""
        return hmac.digest(self._key, target.encode(), hashlib.sha256).hex()

    async def reserve(self, command: str, account: str, counted: str, way: Channel) -> Reservation:
        """Reserve a send for a command, or raise `TooManySends`; asked again, the command has what it has.

        The account comes first: whatever it asks for at once, it holds no more than it may send. *counted* is what the
        target goes by. When a target is free again is told roughly, since that is about whoever else was sent codes.
        """
        moment = now()
        places = [f"account:{self.digest(account)}", f"target:{counted}"]
        taken: list[str] = []
        try:
            for place, again in zip(places, (None, moment + WINDOW), strict=True):
                before = await self._take(place, command, moment)
                if any(send["command"] == command for send in before):
                    continue
                if len(before) >= self._allowance.sends:
                    self._refused.labels(place.partition(":")[0]).inc()
                    refuse_until(again or before[0]["at"] + WINDOW, moment)
                taken.append(place)
            ceiling = None
            if places[1] in taken:  # who takes the target counts for all
                hour = moment.replace(minute=0, second=0, microsecond=0)
                ceiling = f"all:{way}:{hour:%Y-%m-%dT%H}"
                if not await self._count(ceiling, self._ceilings[way], moment):
                    self._alarm(way, hour)
                    refuse_until(hour + WINDOW, moment)
        except StoreUnavailable as error:
            raise Unavailable from error
        except TooManySends:
            await self.release(Reservation(command, tuple(taken)))
            raise
        return Reservation(command, tuple(taken), ceiling)

    async def release(self, reservation: Reservation) -> None:
        """Give back what was reserved for a send that was refused."""
        gone = {"$pull": {"sends": {"command": reservation.id}}}
        try:
            for place in reservation.places:
                await answered(self._sends.update_one({"_id": place}, gone))
            if reservation.ceiling:
                await answered(self._sends.update_one({"_id": reservation.ceiling, "count": {"$gt": 0}}, _LESS))
        except StoreUnavailable:
            _log.warning("a reservation of a code stays until its hour is over")

    async def _take(self, place: str, command: str, moment: datetime) -> list[dict[str, Any]]:
        """Note the command with the target's sends where there is room; give those of before that still count."""
        counting = {"$filter": {"input": {"$ifNull": ["$sends", []]}, "cond": {"$gt": ["$$this.at", moment - WINDOW]}}}
        full = {"$or": [{"$in": [command, "$sends.command"]}, {"$gte": [{"$size": "$sends"}, self._allowance.sends]}]}
        more = {"$concatArrays": ["$sends", [{"command": command, "at": moment}]]}
        steps: list[dict[str, Any]] = [
            {"$set": {"sends": counting}},
            {"$set": {"sends": {"$cond": [full, "$sends", more]}, "forget_at": moment + WINDOW}},
        ]
        found = await self._updated(place, steps)
        sends = found["sends"] if found else []
        return [send for send in sends if send["at"] > moment - WINDOW]

    async def _count(self, place: str, ceiling: int, moment: datetime) -> bool:
        """Count one more send in an hour, unless it has as many as there may be."""
        counted = {"$ifNull": ["$count", 0]}
        steps = [{"$set": {"count": {"$min": [{"$add": [counted, 1]}, ceiling]}, "forget_at": moment + 2 * WINDOW}}]
        found = await self._updated(place, steps)
        return (found["count"] if found else 0) < ceiling

    async def _updated(self, place: str, steps: list[dict[str, Any]]) -> Mapping[str, Any] | None:
        """Update a place, which may be new, and give it as it was before."""
        while True:
            try:
                found: Mapping[str, Any] | None = await answered(
                    self._sends.find_one_and_update(
                        {"_id": place}, steps, upsert=True, return_document=ReturnDocument.BEFORE
                    )
                )
            except DuplicateKeyError:  # two made it at once; one of them finds it now
                continue
            return found

    def _alarm(self, way: Channel, hour: datetime) -> None:
        self._refused.labels("all").inc()
        if self._alarmed.get(way) != hour:
            self._alarmed[way] = hour
            _log.error("no more codes are sent in this hour: the ceiling is reached", way=way)


_LESS = {"$inc": {"count": -1}}
