"""The notices that a person is shown are those of their organizations, whatever way the news comes."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.activity import Activity
from privacy.app import EVENTS
from privacy.notices import NoticeBoard
from privacy.reactions import Reactions
from shared.connecting import safe
from shared.contracts.organizations import OrganizationChanged
from shared.serving import bound
from tests.converging.conftest import RealDatabase
from tests.converging.delivering import REPLICAS, Job, Schedule, carry_out, consumer, deliver, in_order, schedules
from tests.converging.histories import Lived, Step, lived, steps
from tests.converging.steadily import steadily


class Boards:
    """Two replicas of privacy on one database."""

    def __init__(self, databases: list[Any]) -> None:
        self._activities = [Activity(safe(database, "activity")) for database in databases]
        self._boards = [
            NoticeBoard(safe(database, "memberships"), safe(database, "organizations")) for database in databases
        ]
        self._consumers = [
            consumer(bound(EVENTS, Reactions(*own))) for own in zip(self._activities, self._boards, strict=True)
        ]

    async def prepare(self) -> None:
        await self._activities[0].prepare()
        await self._boards[0].prepare()

    async def told(self, life: Lived, schedule: Schedule) -> None:
        jobs: list[Job] = [
            partial(deliver, life.news[delivery.event], self._consumers[delivery.replica])
            for delivery in schedule.deliveries
        ]
        await carry_out(jobs, schedule.workers)

    async def seen(self, life: Lived) -> Any:
        """Give what the person sees, without what tells this life from others: the notices and the history."""
        one, other = [await board.of(life.name) for board in self._boards]
        assert one == other
        entries = await self._activities[0].page(life.name, before=None, limit=100, q=None)
        history = [(entry["_id"], entry["type"]) for entry in entries]
        return [(own.organization_id, own.organization_name, own.home, own.statement) for own in one.notices], history


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
