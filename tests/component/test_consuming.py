"""How news is taken in: from a real broker, with a reaction that fails as a test tells it to."""

import asyncio
from contextlib import asynccontextmanager

import aio_pika
import pytest
from prometheus_client import CollectorRegistry

from shared.brokering import Verdict
from shared.brokering.dialing import dial
from shared.brokering.rabbit import RabbitBroker
from shared.brokering.topology import DELIVERY_LIMIT, EXCHANGE
from shared.consuming import Consumer
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.gateway import SessionEnded, SessionStarted
from shared.contracts.security_info import MethodAdded
from shared.storing import StoreUnavailable
from tests.component.listening import publish, waiting_in
from tests.component.test_reactions import envelope_of
from tests.waiting import until

QUEUE = "privacy"
DEAD = "privacy.dead"


class Reacting:
    """React to news; *fail* and *down* are what goes wrong meanwhile."""

    def __init__(self, plan):
        self.plan, self.taken, self.tries = plan, [], []
        self.fail, self.down, self.asked = set(), False, 0
        self.registry = CollectorRegistry()
        broker = RabbitBroker(plan.broker_url(QUEUE))
        self.consumer = Consumer(
            QUEUE,
            {MethodAdded: self._react, SessionStarted: self._react},
            broker,
            store_answers=self._answers,
            registry=self.registry,
        )

    async def _react(self, _event, envelope):
        self.tries.append(envelope.account)
        if self.down:
            raise StoreUnavailable
        if envelope.account in self.fail:
            raise ValueError(envelope.account)
        self.taken.append(envelope.account)

    async def _answers(self):
        self.asked += 1
        return not self.down

    async def tell(self, account, event=MethodAdded, user=None):
        """Publish an event as the process that owns it, or as *user*."""
        url = self.plan.broker_url(user or event.owner())
        envelope = envelope_of(event, account=account)
        content = envelope.model_dump_json(exclude_none=True).encode()
        await publish(url, event.wire, content, user_id=user or event.owner(), content_type=CONTENT_TYPE)

    async def dead(self):
        return await waiting_in(self.plan.broker_url("operator"), DEAD)

    @asynccontextmanager
    async def running(self):
        task = asyncio.create_task(self.consumer.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def reacting(own_plan, monkeypatch):
    monkeypatch.setattr("shared.brokering.rabbit.LONGEST_PAUSE", 0.01)
    made = Reacting(own_plan)
    yield made
    async with await dial(own_plan.broker_url("operator")) as connection:
        channel = await connection.channel()
        for name in (QUEUE, DEAD):
            await (await channel.get_queue(name)).purge()


async def test_what_was_published_before_the_start_is_taken(reacting):
    await reacting.tell("early")
    assert not reacting.consumer.was_ready
    async with reacting.running():
        await until(lambda: reacting.taken == ["early"])
        assert reacting.consumer.was_ready
        await reacting.tell("late", SessionStarted)
        await until(lambda: reacting.taken == ["early", "late"])


async def test_an_event_that_always_fails_ends_with_the_dead_and_the_others_pass(reacting):
    reacting.fail = {"poison"}
    async with reacting.running():
        await reacting.tell("poison")
        await reacting.tell("healthy")

        async def buried():
            return await reacting.dead() == 1

        await until(buried)
        await until(lambda: reacting.taken == ["healthy"])
    assert reacting.tries.count("poison") == DELIVERY_LIMIT + 1
    failed = reacting.registry.get_sample_value("events_taken_total", {"event": MethodAdded.wire, "verdict": "again"})
    assert failed == DELIVERY_LIMIT + 1


async def test_an_event_that_fails_for_a_while_is_taken_in_the_end(reacting):
    reacting.fail = {"limping"}
    async with reacting.running():
        await reacting.tell("limping")
        await until(lambda: len(reacting.tries) >= 3)
        reacting.fail = set()
        await until(lambda: reacting.taken == ["limping"])
    assert await reacting.dead() == 0


async def test_a_forged_event_ends_with_the_dead_at_once(reacting):
    async with reacting.running():
        await reacting.tell("forged", user="operator")

        async def buried():
            return await reacting.dead() == 1

        await until(buried)
    assert reacting.tries == []


async def test_while_its_store_is_down_nothing_is_taken_and_nothing_is_lost(reacting):
    accounts = {f"account{number}" for number in range(40)}
    async with reacting.running():
        await until(lambda: reacting.consumer.was_ready)
        reacting.down = True
        for account in sorted(accounts):
            await reacting.tell(account)
        asked = reacting.asked
        await until(lambda: reacting.asked > asked + 1)
        assert len(reacting.tries) <= 16, "what the broker had handed out already"
        assert reacting.taken == []
        reacting.down = False
        await until(lambda: set(reacting.taken) == accounts)
        assert await reacting.dead() == 0


async def test_a_store_that_is_down_at_the_start_is_waited_for(reacting):
    reacting.down = True
    await reacting.tell("patient")
    async with reacting.running():
        await until(lambda: reacting.asked)
        assert not reacting.consumer.was_ready
        assert reacting.tries == []
        reacting.down = False
        await until(lambda: reacting.taken == ["patient"])


async def test_a_lost_connection_is_made_anew_and_the_rest_is_taken(reacting, monkeypatch):
    connections, connect = [], dial

    async def noting(url, **more):
        connections.append(await connect(url, **more))
        return connections[-1]

    monkeypatch.setattr("shared.brokering.rabbit.dial", noting)
    async with reacting.running():
        await until(lambda: reacting.consumer.was_ready)
        await connections[0].close()
        await reacting.tell("after")
        await until(lambda: reacting.taken == ["after"])


async def test_an_event_that_nobody_here_asked_for_ends_with_the_dead(reacting):
    # The definitions bind the queue to all that privacy reacts to; this consumer knows two of them.
    await reacting.tell("stray", SessionEnded)
    async with reacting.running():

        async def buried():
            return await reacting.dead() == 1

        await until(buried)
    assert reacting.tries == []


async def test_a_consumer_that_the_broker_takes_away_comes_back(own_plan, monkeypatch):
    monkeypatch.setattr("shared.brokering.rabbit.LONGEST_PAUSE", 0.2)
    url = own_plan.broker_url("operator")
    broker, readiness, taken = RabbitBroker(url), [], []

    async def take(body, _user, _count):
        taken.append(body)
        return Verdict.DONE

    async with await dial(url) as connection:
        channel = await connection.channel()
        await channel.declare_queue("passing", durable=True)
        consuming = asyncio.create_task(broker.consume("passing", [MethodAdded.wire], take, ready=readiness.append))
        await until(lambda: readiness == [True])
        await channel.queue_delete("passing")
        await until(lambda: False in readiness)
        await channel.declare_queue("passing", durable=True)
        await until(lambda: readiness[-1])
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        await exchange.publish(aio_pika.Message(b"again"), MethodAdded.wire)
        await until(lambda: taken == [b"again"])
        consuming.cancel()
        await asyncio.gather(consuming, return_exceptions=True)
        await channel.queue_delete("passing")
