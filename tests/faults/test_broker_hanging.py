"""RabbitMQ that is there and does not answer, and one that is only just coming up."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from onebox.house import Plan, write_definitions
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import SUBSCRIBER, Secrets
from shared.brokering import NotTaken, Unreachable
from shared.brokering.rabbit import RabbitBroker
from tests.faults.checking import Behind
from tests.faults.listening import logged
from tests.spawning import until


def event() -> dict[str, str]:
    return {
        "id": uuid.uuid4().hex,
        "type": "profile.security-info.nothing.happened.v1",  # which no service asks for, and the log keeps
        "time": "2026-03-01T09:00:00Z",
        "account": "nobody",
    }


class GivenUp:
    """An exchange on a connection that the library gives up, when it cancels whoever waits there."""

    async def publish(self, *_given, **_more):
        raise asyncio.CancelledError


async def test_a_connection_that_is_given_up_does_not_end_the_one_who_publishes(monkeypatch):
    broker = RabbitBroker("amqp://nobody")

    async def given_up() -> GivenUp:
        return GivenUp()

    monkeypatch.setattr(broker, "_publishing", given_up)
    with pytest.raises(Unreachable):
        await broker.publish(event())


async def test_one_who_publishes_can_be_stopped(monkeypatch):
    broker = RabbitBroker("amqp://nobody")
    begun = asyncio.Event()

    async def never() -> None:
        begun.set()
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(broker, "_publishing", never)
    publishing = asyncio.create_task(broker.publish(event()))
    await begun.wait()
    publishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publishing


@pytest.fixture
async def own_broker(folder: Path, secrets: Secrets) -> AsyncIterator[RabbitMQ]:
    """A broker that no other test depends on."""
    place = folder / "rabbitmq-that-is-killed"
    server = await RabbitMQ.start(place, definitions=write_definitions(place, secrets))
    yield server
    await server.stop()


async def test_who_starts_with_the_broker_loses_nothing(own_broker: RabbitMQ, secrets: Secrets):
    """RabbitMQ 3.10 confirms for a while what its log does not keep."""

    def url(user: str) -> str:
        return own_broker.url(user, secrets.broker_passwords[user])

    await own_broker.kill()
    coming = asyncio.create_task(own_broker.resume())
    fresh = RabbitBroker(url("security-info"))
    told = [event() for _ in range(50)]

    async def taken() -> bool:
        """Publish what is left, as a relay does: what is refused for now is told again."""
        with suppress(NotTaken, Unreachable):
            while waiting:
                await fresh.publish(waiting[0])
                del waiting[0]
        return not waiting

    try:
        await until(fresh.answers, seconds=30, what="the broker")
        waiting = list(told)
        await until(taken, seconds=60, what="a broker that takes news")
    finally:
        await fresh.close()
        await coming
    kept = await logged(url(SUBSCRIBER), "nobody", len(told))
    assert {each["id"] for each in told} <= {each["id"] for each in kept}


@pytest.mark.long
async def test_a_broker_that_hangs_for_a_while_holds_nothing_up_for_good(
    spawn, holder, behind: Behind, broker: RabbitMQ, fault_plan: Plan
):
    impatient = f"{fault_plan.broker_url('security-info')}?heartbeat=2"
    process = spawn("security-info", amqp_url=impatient)
    await process.start()
    people = [holder() for _ in range(20)]  # more than the relay has workers
    methods = [await who.registered(process) for who in people]
    for who in people:
        await behind.outbox_empty(who)
    assert broker.pid
    os.killpg(broker.pid, signal.SIGSTOP)
    try:
        begun, number = time.monotonic(), 0
        while time.monotonic() - begun < 12:  # it is given up after nine seconds without a heartbeat
            number += 1
            wishes = [who.rename(method, f"Name {number}") for who, method in zip(people, methods, strict=True)]
            assert all(answer.ok for answer in await asyncio.gather(*(wish(process) for wish in wishes)))
            await asyncio.sleep(0.4)
    finally:
        os.killpg(broker.pid, signal.SIGCONT)
    for who in people:
        assert len(await behind.news(who, seconds=30)) == 2 + number
