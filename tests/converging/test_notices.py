"""The notices that a person is shown are those of their organizations, whatever way the news comes."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from privacy import views
from privacy.account import Account
from privacy.app import EVENTS
from privacy.history.activity import Activity
from privacy.history.homes import Homes
from privacy.history.retention import Retention
from privacy.known import Knowledge
from privacy.notices import Declarations
from privacy.preferences.spreading import Spreading
from privacy.reactions import Reactions
from privacy.register import Register
from privacy.settling import Settler
from shared.connecting import safe
from shared.contracts.organizations import OrganizationChanged
from shared.contracts.privacy import ActivityQuery
from shared.serving import bound
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.converging.conftest import RealDatabase
from tests.converging.delivering import REPLICAS, Job, Schedule, carry_out, consumer, deliver, in_order, schedules
from tests.converging.histories import Lived, Step, lived, steps
from tests.converging.steadily import steadily


class Boards:
    """Two replicas of privacy on one database."""

    def __init__(self, databases: list[Any]) -> None:
        self._replicas = [_Replica(database) for database in databases]
        self._consumers = [consumer(bound(EVENTS, replica.reactions)) for replica in self._replicas]

    async def prepare(self) -> None:
        first = self._replicas[0]
        for prepared in (first.activity, first.declarations, first.homes, first.retention):
            await prepared.prepare()

    async def told(self, life: Lived, schedule: Schedule) -> None:
        jobs: list[Job] = [
            partial(deliver, life.news[delivery.event], self._consumers[delivery.replica])
            for delivery in schedule.deliveries
        ]
        await carry_out(jobs, schedule.workers)

    async def seen(self, life: Lived) -> Any:
        """Give what the person sees, without what tells this life from others: the notices and the history."""
        one, other = [views.notices(await replica.knowledge.of(life.name)) for replica in self._replicas]
        assert one == other
        entries = (await self._replicas[0].activity.page(life.name, ActivityQuery(limit=100))).entries
        history = [(entry["_id"], entry["type"]) for entry in entries]
        return [(own.organization_id, own.organization_name, own.home, own.statement) for own in one.notices], history


class _Replica:
    """What one process of privacy keeps notices and histories with."""

    def __init__(self, database: Any) -> None:
        collections = safe(database, "registers"), safe(database, "accounts")
        shelves = [MongoShelf(one) for one in collections]
        registers = Store(shelves[0], Register, source="/privacy", empty=Register, account_of=lambda _key, _state: None)
        accounts = Store(shelves[1], Account, source="/privacy", empty=Account)
        self.homes = Homes(*collections)
        kept = (safe(database, name) for name in ("activity", "retention", "retention_due"))
        self.retention = Retention(*kept, self.homes)
        self.activity = Activity(safe(database, "activity"), self.homes.days_of)
        self.declarations = Declarations(safe(database, "organizations"))
        self.knowledge = Knowledge(accounts, registers, self.declarations)
        spreading = Spreading(accounts, registers, of=collections, registry=CollectorRegistry())
        settler = Settler(accounts, spreading, self.retention)
        self.reactions = Reactions(self.activity, self.declarations, settler)


@pytest.fixture(scope="module")
def boards(real: RealDatabase) -> Boards:
    async def connected() -> Boards:
        made = Boards([await real.connect() for _ in range(REPLICAS)])
        await made.prepare()
        return made

    return real.run(connected())


@steadily(examples=60)
@given(steps=steps, data=st.data())
def test_the_notices_are_those_of_ones_organizations(
    real: RealDatabase, boards: Boards, steps: list[Step], data: st.DataObject
):
    one, other = lived(steps, real.tag()), lived(steps, real.tag())
    schedule = data.draw(schedules(len(one.news)))

    async def seen(life: Lived, schedule: Schedule) -> Any:
        await boards.told(life, schedule)
        return await boards.seen(life)

    for life, way in ((one, in_order(len(one.news))), (other, schedule)):
        notices, history = real.run(seen(life, way))
        assert notices == sorted(
            (
                (key, known.name, key == life.account.home, known.privacy_statement)
                for key, known in life.organizations.items()
                if key in life.account.memberships
            ),
            key=lambda notice: (not notice[2], notice[1].casefold(), notice[0]),
        )
        happened = [envelope for envelope in life.news if envelope.type != OrganizationChanged.wire]
        assert sorted(history) == sorted((envelope.id, envelope.type) for envelope in happened)
