"""Clients that let people come and go at random, who insist on an answer and keep what was accepted."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple

from shared.contracts import devices, organizations
from shared.contracts.problem import Unavailable
from tests.faults.members import HOME, Member
from tests.faults.people import Wish

AWAYS = ("fabrikam", "litware")
PATIENCE = 90.0
"""Seconds in which an answer must come, whatever is away meanwhile."""
LOST = 0.35
"""How many of the answers do not reach who asked, who asks again."""
OVER = datetime(2000, 1, 1, tzinfo=UTC)
COMMANDS = (
    *("join", "join", "leave", "leave", "remove", "restore", "restore", "restore", "purge"),
    *("put", "put", "put", "disable", "enable", "account"),
)
_DEVICES_OF_ONE = 2


class Place(NamedTuple):
    """Where a service answers, whichever process is there."""

    name: str
    url: str


class Taken(NamedTuple):
    """A command that was accepted."""

    do: str
    about: str


@dataclass
class Belief:
    """What the accepted commands about one organization come to, as long as they come one after the other.

    *news* is what organizations must tell, each with the number of the membership, counted from 1; *devices* are
    those of the newest membership, each with whether it is disabled, None where the answer does not tell.
    """

    status: str = "never"
    number: int = 0
    heard: bool = False
    news: list[tuple[str, str, int]] = field(default_factory=list)
    devices: dict[str, bool | None] = field(default_factory=dict)

    def tell(self, what: str, how: str, status: str) -> None:
        self.news.append((what, how, self.number))
        self.status = status


class Person(Member):
    """Someone who comes and goes: by *one* client at a time, whose beliefs are exact, or by all at once."""

    def __init__(self, account: str, *, one: bool, **kept: Any) -> None:
        super().__init__(**kept)
        self.account, self.one = account, one
        self.turn = asyncio.Lock()
        self.taken: dict[str, Taken] = {}
        self.beliefs = {name: Belief() for name in AWAYS}
        self.disabled = False
        self.tablets: dict[str, str] = {}
        """Devices that were put in by all at once, each with its organization."""
        self.refused: set[str] = set()
        """Devices that were never taken."""

    def restore(self, name: str) -> Wish:
        return Wish(self, organizations.RESTORE_MEMBERSHIP, account=self.account, organization_id=name)

    def disable(self, device: str) -> Wish:
        return Wish(self, devices.DISABLE_DEVICE, {"reason": "lost"}, device_id=device)

    def enable(self, device: str) -> Wish:
        return Wish(self, devices.ENABLE_DEVICE, account=self.account, device_id=device)

    async def come(self, place: Place) -> None:
        """Let the directory put the account in."""
        wish = self.belonging()
        assert (await wish.insisted(place)).ok
        self.taken[wish.id] = Taken("home", HOME)


class Client:
    """Give one command after the other to whoever has no other client just now."""

    def __init__(self, chance: Random, people: Sequence[Person], places: Mapping[str, Place], mongo: Any) -> None:
        """*mongo* gives the collection of accounts of a service by its name."""
        self._chance, self._people, self._places, self._mongo = chance, people, places, mongo
        self.given = 0

    async def live(self, over: asyncio.Event) -> None:
        """Go on until it is over; what is begun by then is ended."""
        while not over.is_set():
            await asyncio.sleep(self._chance.uniform(0, 0.08))  # as many as a log can be read of afterwards
            who, name, do = (self._chance.choice(some) for some in (self._people, AWAYS, COMMANDS))
            if who.one and who.turn.locked():
                continue
            async with who.turn if who.one else asyncio.Lock():
                await getattr(self, f"_{do}")(who, name)

    async def _asked(self, who: Person, do: str, about: str, wish: Wish) -> int:
        """Give a command until there is an answer, and give its status; the first one may get lost."""
        process = "devices" if wish.endpoint in devices.ENDPOINTS else "organizations"
        place = self._places[process]
        if self._chance.random() < LOST:
            with suppress(Unavailable):
                await wish(place)
            await asyncio.sleep(self._chance.uniform(0, 0.05))  # meanwhile others change the same account
        answer = await wish.insisted(place, seconds=PATIENCE)
        if answer.ok:
            who.taken[wish.id] = Taken(do, about)
        self.given += 1
        return answer.status

    async def _join(self, who: Person, name: str) -> None:
        status, belief = await self._asked(who, "join", name, who.join(name)), who.beliefs[name]
        if not who.one:
            return
        assert status == 204
        if belief.status == "ended":
            belief.tell("started", "restored", "member")
        elif belief.status != "member":
            belief.number, belief.heard, belief.devices = belief.number + 1, False, {}
            belief.tell("started", "anew", "member")

    async def _leave(self, who: Person, name: str) -> None:
        status, belief = await self._asked(who, "leave", name, who.leave(name)), who.beliefs[name]
        if not who.one:
            return
        assert status == (204 if belief.status == "member" else 404)
        if belief.status == "member":
            belief.tell("ended", "left", "ended")

    async def _remove(self, who: Person, name: str) -> None:
        status, belief = await self._asked(who, "remove", name, who.removed(name)), who.beliefs[name]
        if not who.one:
            return
        assert status == 204
        if belief.status == "member":
            belief.tell("ended", "removed", "ended")

    async def _restore(self, who: Person, name: str) -> None:
        status, belief = await self._asked(who, "restore", name, who.restore(name)), who.beliefs[name]
        if not who.one:
            return
        assert status == (204 if belief.status in {"member", "ended"} else 409)
        if belief.status == "ended":
            belief.tell("started", "restored", "member")

    async def _purge(self, who: Person, name: str) -> None:
        """Let the time of what ended be over; who looks next purges it."""
        place = f"ended.{name}.purge_at"
        result = await self._mongo("organizations").update_one(
            {"_id": who.account, place: {"$exists": True}},
            {"$set": {place: OVER, "purge_at": OVER}, "$inc": {"version": 1}},
        )
        belief = who.beliefs[name]
        if who.one and belief.status == "ended":
            assert result.matched_count
            belief.tell("purged", "", "purged")

    async def _put(self, who: Person, name: str) -> None:
        """Put a device in; a person's of *one* client only under a membership of which devices has heard."""
        if not who.one:
            device = f"tablet-{name}-{len(who.tablets) + len(who.refused)}"
            status = await self._taken_in(who, device, name)
            who.tablets |= {device: name} if status != 409 else {}
            who.refused |= {device} if status == 409 else set()
            return
        belief = who.beliefs[name]
        belief.heard = belief.heard or (belief.status == "member" and await self._has_heard(who, name))
        if belief.heard and belief.status in {"member", "ended"}:
            device = f"laptop-{name}-{belief.number}-{self._chance.randrange(_DEVICES_OF_ONE)}"
            status = await self._taken_in(who, device, name)
            if status == 404 or (status == 200 and device not in belief.devices):
                belief.devices.setdefault(device, False)

    async def _taken_in(self, who: Person, device: str, name: str) -> int:
        """Put a device in: 200, 409 where there is no membership, 404 where it was taken and is gone since."""
        wish = who.put(device, name)
        status = await self._asked(who, "put", device, wish)
        assert status in {200, 404, 409}
        if status == 404:
            who.taken[wish.id] = Taken("put", device)
        return status

    async def _disable(self, who: Person, name: str) -> None:
        await self._switch(who, name, "disable", disabled=True)

    async def _enable(self, who: Person, name: str) -> None:
        await self._switch(who, name, "enable", disabled=False)

    async def _switch(self, who: Person, name: str, do: str, *, disabled: bool) -> None:
        known = who.beliefs[name].devices
        if not known:
            return
        device = self._chance.choice(sorted(known))
        status = await self._asked(who, do, device, (who.disable if disabled else who.enable)(device))
        assert status in {200, 404}
        # Not found the second time, it may have been done the first time.
        known[device] = disabled if status == 200 or known[device] is disabled else None

    async def _account(self, who: Person, _name: str) -> None:
        disabled = self._chance.random() < 0.5
        status = await self._asked(who, "account", "", who.belonging(disabled=disabled))
        assert status == 200
        who.disabled = disabled

    async def _has_heard(self, who: Person, name: str) -> bool:
        """Tell whether devices knows of the very membership that organizations keeps."""
        kept, copied = [
            await self._mongo(place).find_one({"_id": who.account}) for place in ("organizations", "devices")
        ]
        copy = (copied or {}).get("memberships", {}).get(name)
        return bool(copy and copy["member"] and copy["id"] == kept["memberships"][name]["id"])
