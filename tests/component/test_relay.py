"""How saved news gets out, over a real broker and from a real database."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest

from onebox.ports import free_port
from shared.brokering import NotTaken, Unreachable
from shared.brokering.rabbit import RabbitBroker
from tests.component.listening import event, listening
from tests.component.news import FOREIGN, Belfry, ring_for_another
from tests.waiting import until


@pytest.fixture
async def broker(own_plan):
    opened = RabbitBroker(own_plan.broker_url("security-info"))
    yield opened
    await opened.close()


@pytest.fixture
async def belfry(own_database, broker):
    made = Belfry(own_database, broker)
    await made.shelf.prepare()
    return made


@pytest.fixture
async def heard(own_plan, database):
    async with listening(own_plan.broker_url("subscriber"), database) as found:
        yield found


@asynccontextmanager
async def running(relay):
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def rings(heard, key):
    return [event(message)["data"].get("method_type") for message in heard.about(key)]


def in_seconds(seconds):
    return asyncio.get_running_loop().time() + seconds


async def test_a_nudge_publishes_at_once_and_empties_the_outbox(belfry, heard):
    belfry.store.on_saved = belfry.relay.nudge
    async with running(belfry.relay):
        await belfry.ring("nudged")
        async with asyncio.timeout(3):  # the sweep would leave it for five seconds
            await until(lambda: rings(heard, "nudged"))
            await until(belfry.silent)
    assert rings(heard, "nudged") == ["ring 1"]
    assert belfry.metric("events_published_total") == 1


async def test_a_sweep_finds_what_no_nudge_took_and_leaves_what_is_new(belfry, heard, monkeypatch):
    await belfry.ring("swept")
    await belfry.relay.sweep()
    assert not await belfry.silent()
    monkeypatch.setattr("shared.publishing._WAITING_SINCE", timedelta(0))
    await belfry.ring("swept")
    await belfry.relay.sweep()
    await until(belfry.silent)
    await until(lambda: len(rings(heard, "swept")) == 2)
    assert rings(heard, "swept") == ["ring 1", "ring 2"]


async def test_a_start_finds_what_the_run_before_left(belfry, heard, own_database, broker, monkeypatch):
    await belfry.ring("left")
    monkeypatch.setattr("shared.publishing._WAITING_SINCE", timedelta(0))
    after = Belfry(own_database, broker)
    async with running(after.relay):
        await until(after.silent)
    await until(lambda: rings(heard, "left"))


async def test_much_news_at_once_stays_in_order_within_its_document(belfry, heard):
    belfry.store.on_saved = belfry.relay.nudge
    keys = [f"many{number}" for number in range(20)]
    async with running(belfry.relay):

        async def often(key):
            for _ in range(10):
                await belfry.ring(key)

        await asyncio.gather(*map(often, keys))
        await until(belfry.silent)
    await until(lambda: all(len(set(rings(heard, key))) == 10 for key in keys))
    for key in keys:
        assert list(dict.fromkeys(rings(heard, key))) == [f"ring {number}" for number in range(1, 11)]


async def test_what_the_broker_refuses_for_good_is_parked_with_an_alarm(belfry, heard):
    await belfry.ring("parked")
    await belfry.ring("parked", ring_for_another)
    await belfry.ring("parked")
    belfry.relay.nudge("parked")
    async with running(belfry.relay):
        await until(belfry.silent)
    await until(lambda: len(heard.about("parked")) == 2)
    assert rings(heard, "parked") == ["ring 1", "ring 3"]
    assert belfry.metric("events_parked_total") == 1
    (kept,) = (await belfry.collection.find_one({"_id": "parked"}))["parked"]
    assert kept["event"]["type"] == FOREIGN
    assert kept["reason"] == "ChannelAccessRefused"
    await belfry.ring("parked")
    belfry.relay.nudge("parked")
    async with running(belfry.relay):
        await until(belfry.silent)
    await until(lambda: rings(heard, "parked")[-1] == "ring 4")


async def test_a_document_that_cannot_be_announced_does_not_keep_the_others_back(belfry, heard, monkeypatch):
    monkeypatch.setattr("shared.publishing._WAITING_SINCE", timedelta(0))
    await belfry.ring("broken")
    await belfry.collection.update_one({"_id": "broken"}, {"$unset": {"outbox.0.event.id": ""}})
    await belfry.ring("whole")
    async with running(belfry.relay):
        await until(lambda: rings(heard, "whole"))
    assert not await belfry.silent()


async def test_while_the_broker_is_away_the_news_waits_in_order(own_database, heard, own_plan, monkeypatch):
    monkeypatch.setattr("shared.publishing._WAITING_SINCE", timedelta(0))
    away = RabbitBroker(f"amqp://security-info:x@127.0.0.1:{free_port()}/")
    belfry = Belfry(own_database, away)
    await belfry.ring("waiting")
    await belfry.ring("waiting")
    with pytest.raises(Unreachable):
        await belfry.relay.sweep()
    assert not await belfry.silent()
    assert not await away.answers()
    back = RabbitBroker(own_plan.broker_url("security-info"))
    belfry = Belfry(own_database, back)
    await belfry.relay.sweep()
    await until(lambda: len(rings(heard, "waiting")) == 2)
    assert rings(heard, "waiting") == ["ring 1", "ring 2"]
    await back.close()


async def test_draining_waits_for_what_was_nudged_and_no_longer_than_it_may(belfry, heard):
    belfry.store.on_saved = belfry.relay.nudge
    async with running(belfry.relay):
        for number in range(30):
            await belfry.ring(f"drained{number}")
        await belfry.relay.drain(in_seconds(5))
    await until(belfry.silent)
    belfry.relay.nudge("nobody-works-any-more")
    async with asyncio.timeout(2):
        await belfry.relay.drain(in_seconds(0.05))


async def test_a_message_that_no_queue_takes_waits_and_keeps_no_others_back(own_database, own_plan, heard, monkeypatch):
    monkeypatch.setattr("shared.publishing._WAITING_SINCE", timedelta(0))
    broker = RabbitBroker(own_plan.broker_url("security-info"))
    belfry = Belfry(own_database, broker)
    await belfry.ring("full")
    await belfry.ring("free")
    publish = broker.publish

    async def but_one(told):
        if told["account"] == "full":
            raise NotTaken("nack")
        await publish(told)

    monkeypatch.setattr(broker, "publish", but_one)
    await belfry.relay.sweep()
    await until(lambda: rings(heard, "free"))
    assert rings(heard, "full") == []
    monkeypatch.setattr(broker, "publish", publish)
    await belfry.relay.sweep()
    await until(lambda: rings(heard, "full"))
    await broker.close()


async def test_news_that_travels_beside_a_refused_event_is_not_parked_with_it(belfry, heard):
    belfry.store.on_saved = belfry.relay.nudge
    await belfry.ring("refused", ring_for_another)
    innocent = [f"beside{number}" for number in range(12)]
    for key in innocent:
        await belfry.ring(key)
    async with running(belfry.relay):
        await until(belfry.silent)
    await until(lambda: all(rings(heard, key) == ["ring 1"] for key in innocent))
    assert belfry.metric("events_parked_total") == 1


async def test_a_right_that_is_missing_for_a_while_parks_nothing(belfry, monkeypatch):
    await belfry.ring("ours", ring_for_another)
    monkeypatch.setattr(belfry.relay._broker, "_own_names", "profile.gateway.")
    with suppress(NotTaken):
        await belfry.relay._announce("ours")
    assert belfry.metric("events_parked_total") == 0
    assert not await belfry.silent()


async def test_many_documents_that_cannot_go_out_do_not_hide_one_that_can(belfry, broker, heard, monkeypatch):
    monkeypatch.setattr("shared.publishing._WAITING_SINCE", timedelta(0))
    monkeypatch.setattr("shared.publishing._PAGE", 2)
    for number in range(5):
        await belfry.ring(f"stuck{number}")
    await belfry.ring("behind")
    publish = broker.publish

    async def but_the_stuck(told):
        if told["account"].startswith("stuck"):
            raise NotTaken("nack")
        await publish(told)

    monkeypatch.setattr(broker, "publish", but_the_stuck)
    await belfry.relay.sweep()
    await until(lambda: rings(heard, "behind") == ["ring 1"])
    assert belfry.metric("outbox_late", source="bells") == 6
