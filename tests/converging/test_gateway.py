"""Whether an account may be used, and which sessions are over, whatever way the news comes."""

from datetime import datetime, timedelta
from functools import partial
from itertools import count, cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import accounts, sessions
from gateway.accounts import Account
from gateway.app import EVENTS
from gateway.keeping import SessionKeeper, Standings
from gateway.reactions import Reactions
from gateway.sessions import Session
from shared.connecting import Collection, safe
from shared.contracts.gateway import SessionEnded, SessionsRevoked
from shared.contracts.organizations import AccountDisabledByOrganization, AccountEnabledByOrganization
from shared.deciding import Actor, Command
from shared.serving import bound
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from shared.testing import MemoryShelf, facts_at
from tests.converging.conftest import RealDatabase
from tests.converging.delivering import (
    REPLICAS,
    Job,
    Schedule,
    SlowShelf,
    carry_out,
    consumer,
    deliver,
    in_order,
    remembering,
    schedules,
)
from tests.converging.histories import Lived, Step, lived, moment, steps, ticking
from tests.converging.steadily import run, steadily

FOR_GOOD = timedelta(days=40_000)


class NobodyIsSignedIn(SessionKeeper):
    """A keeper that has no sessions to end."""

    def __init__(self) -> None:
        """Need nothing."""

    async def end_all(self, *_given: Any, **_more: Any) -> None:
        """End none."""


class Doors:
    """Two gateways on one shelf of accounts."""

    def __init__(self, life: Lived) -> None:
        self.shelf = SlowShelf()
        self._life = life
        draw = ticking(1000)
        self._standings = [Standings(self._store(draw)) for _ in range(REPLICAS)]
        self._consumers = [consumer(bound(EVENTS, Reactions(one, NobodyIsSignedIn()))) for one in self._standings]

    def _store(self, draw: Any) -> Store[Account]:
        return Store(self.shelf, Account, source="/gateway", empty=Account, draw=draw)

    async def sign_out(self, at: datetime) -> None:
        """Sign out everywhere at that moment, however long it takes until it is saved."""
        store = self._store(lambda: facts_at(at))
        await store.change(
            self._life.name, accounts.sign_out, command=Command(at.isoformat(), "", Actor("user", self._life.name))
        )

    async def told(self, schedule: Schedule, signing_out: list[tuple[int, datetime]]) -> None:
        """Deliver the news, with signings out at these places of the schedule."""
        jobs: list[Job] = [
            partial(deliver, self._life.news[delivery.event], self._consumers[delivery.replica])
            for delivery in schedule.deliveries
        ]
        for place, at in sorted(signing_out, reverse=True):
            jobs.insert(place, partial(self.sign_out, at))
        self.shelf.pauses = cycle(schedule.pauses)
        with remembering(schedule.remembered):
            await carry_out(jobs, schedule.workers)
        self.shelf.pauses = cycle((0,))

    async def standing(self) -> Account:
        return await self._store(ticking()).read(self._life.name)


@steadily(examples=250)
@given(steps=steps, data=st.data())
def test_an_account_stands_as_if_all_news_had_come_in_order(steps: list[Step], data: st.DataObject):
    life = lived(steps)
    schedule = data.draw(schedules(len(life.news)))
    moments = data.draw(st.permutations(life.signed_out_at))
    places = data.draw(st.lists(st.integers(0, 40), min_size=len(moments), max_size=len(moments)))

    async def once() -> Account:
        doors = Doors(life)
        await doors.told(in_order(len(life.news)), [(len(life.news), at) for at in life.signed_out_at])
        return await doors.standing()

    async def anyhow() -> Account:
        doors = Doors(life)
        await doors.told(schedule, list(zip(places, moments, strict=True)))
        return await doors.standing()

    standing = run(anyhow())
    assert standing == run(once())
    assert standing.disabled == (life.account.disabled_at is not None)
    assert standing.signed_out_until == life.standing.signed_out_until


class SignedIn:
    """Two gateways over the sessions in a real database."""

    def __init__(self, collection: Collection, others: Collection) -> None:
        self._collection = collection
        draw = ticking(1000)
        shelf = MemoryShelf()
        self._keepers = []
        self._consumers = []
        for own in (collection, others):
            standings = Standings(Store(shelf, Account, source="/gateway", empty=Account, draw=draw))
            store = Store[Session | None](MongoShelf(own), Session, source="/gateway", empty=_no_session, draw=draw)
            keeper = SessionKeeper(store, own, standings, idle=FOR_GOOD)
            self._keepers.append(keeper)
            self._consumers.append(consumer(bound(EVENTS, Reactions(standings, keeper))))

    async def begin(self, account: str, moments: list[float]) -> None:
        """Let sessions begin at these moments."""
        numbers = count()
        for begun in moments:
            session_id = f"{account}.{next(numbers)}"
            store = Store[Session | None](
                MongoShelf(self._collection),
                Session,
                source="/gateway",
                empty=_no_session,
                draw=partial(facts_at, moment(begun)),
            )
            profile = {"secret_digest": sessions.digest_of("secret")}
            rule = partial(sessions.start, session_id=session_id, account=account, profile=profile, lifetime=FOR_GOOD)
            await store.change(session_id, rule, command=Command("start", "", Actor("user", account)))

    async def told(self, life: Lived, schedule: Schedule) -> None:
        jobs: list[Job] = [
            partial(deliver, life.news[delivery.event], self._consumers[delivery.replica])
            for delivery in schedule.deliveries
        ]
        await carry_out(jobs, schedule.workers)

    async def over(self, account: str) -> dict[str, tuple[bool, int]]:
        """Tell of each session whether it is over, and how often that was told."""
        found = {}
        async for document in self._collection.find({"account": account}):
            told = [entry for entry in document["outbox"] if entry["event"]["type"] == SessionEnded.wire]
            found[document["_id"].removeprefix(account)] = (document.get("ended_at") is not None, len(told))
        return found

    async def alive(self, account: str) -> set[str]:
        """Name the sessions that each gateway still shows, which must be the same."""
        one, other = [set(await keeper.of(account)) for keeper in self._keepers]
        assert one == other
        return {session_id.removeprefix(account) for session_id in one}


@pytest.fixture(scope="module")
def signed_in(real: RealDatabase) -> SignedIn:
    async def connected() -> SignedIn:
        own, others = [safe(await real.connect(), "sessions") for _ in range(REPLICAS)]
        made = SignedIn(own, others)
        await made._keepers[0].prepare()
        return made

    return real.run(connected())


@steadily(examples=60)
@given(steps=steps, begun=st.lists(st.integers(0, 50).map(lambda number: number / 2), max_size=5), data=st.data())
def test_the_same_sessions_are_over_as_if_all_news_had_come_in_order(
    real: RealDatabase, signed_in: SignedIn, steps: list[Step], begun: list[float], data: st.DataObject
):
    one, other = lived(steps, real.tag()), lived(steps, real.tag())
    schedule = data.draw(schedules(len(one.news)))

    async def over(life: Lived, schedule: Schedule) -> Any:
        await signed_in.begin(life.name, begun)
        await signed_in.told(life, schedule)
        return await signed_in.over(life.name), await signed_in.alive(life.name)

    assert (seen := real.run(over(other, schedule))) == real.run(over(one, in_order(len(one.news))))
    endings = (SessionsRevoked.wire, AccountDisabledByOrganization.wire, AccountEnabledByOrganization.wire)
    last = max((envelope.time for envelope in one.news if envelope.type in endings), default=None)
    ended = [last is not None and moment(number) <= last for number in begun]
    assert seen == (
        {f".{number}": (is_over, int(is_over)) for number, is_over in enumerate(ended)},
        {f".{number}" for number, is_over in enumerate(ended) if not is_over},
    )


def _no_session() -> Session | None:
    return None
