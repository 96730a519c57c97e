"""Every reaction of every service may run twice and in any order."""

import itertools
from datetime import timedelta

import bson
import pytest

import gateway.app
import privacy.app
import security_info.app
from gateway.documents import asyncapi_document
from privacy.activity import Activity
from privacy.reactions import Reactions
from shared.brokering.rabbit import RabbitBroker
from shared.connecting import safe
from shared.contracts.envelope import Envelope
from shared.facts import Facts
from shared.serving import bound
from tests.waiting import until

APPS = {app.NAME: app for app in (security_info.app, privacy.app, gateway.app)}
REACTING = [(name, event) for name, app in APPS.items() for event in app.EVENTS]
EXAMPLES = {
    message["name"]: message["examples"][0]["payload"]
    for message in asyncapi_document()["components"]["messages"].values()
}


async def of_privacy(database):
    activity = Activity(safe(database, "activity"))
    await activity.prepare()
    return bound(privacy.app.EVENTS, Reactions(activity))


COMPOSED = {"privacy": of_privacy}
"""How the reactions of a service are put on a real database; a service that begins to react needs a line here."""


def envelope_of(event, number=1, account="alice"):
    facts = Facts()
    return Envelope.model_validate(
        EXAMPLES[event.wire]
        | {
            "id": facts.id(f"event:{number}"),
            "time": facts.now + timedelta(seconds=number),
            "sequence": f"{number:010}",
            "account": account,
            "subject": account,
        }
    )


async def react(reactions, *envelopes):
    for envelope in envelopes:
        kind = next(event for event in reactions if event.wire == envelope.type)
        await reactions[kind](kind.model_validate(envelope.data), envelope)


async def state(database):
    """Give everything that is in the database, whatever order it came in; and leave it empty."""
    found = {}
    for name in await database.list_collection_names():
        found[name] = sorted([bson.encode(document) async for document in database[name].find()])
        await database[name].delete_many({})
    return found


def test_every_service_that_reacts_is_tested_here():
    assert {name for name, _ in REACTING} == set(COMPOSED)


@pytest.mark.parametrize(("service", "event"), REACTING, ids=lambda part: getattr(part, "wire", part))
async def test_reacting_twice_leaves_what_once_leaves(own_database, service, event):
    reactions = await COMPOSED[service](own_database)
    envelope = envelope_of(event)
    await react(reactions, envelope)
    once = await state(own_database)
    assert any(once.values())
    await react(reactions, envelope, envelope)
    assert await state(own_database) == once


PAIRS = [
    (service, *pair)
    for service in COMPOSED
    for pair in itertools.combinations_with_replacement(APPS[service].EVENTS, 2)
]


@pytest.mark.parametrize(("service", "one", "other"), PAIRS, ids=lambda part: getattr(part, "wire", part))
async def test_the_order_of_two_events_does_not_matter(own_database, service, one, other):
    reactions = await COMPOSED[service](own_database)
    first, second = envelope_of(one, 1), envelope_of(other, 2)
    await react(reactions, first, second)
    in_order = await state(own_database)
    assert sum(map(len, in_order.values())) == 2
    await react(reactions, second, first, second)
    assert await state(own_database) == in_order


async def test_a_message_that_is_delivered_twice_is_in_the_history_once(portal, plan, http, service):
    event = security_info.app.contract.MethodAdded
    account = "delivered-twice"
    envelope = envelope_of(event, account=account)
    taken = f'events_taken_total{{event="{event.wire}",verdict="done"}} '

    async def count():
        async with http.get(f"http://127.0.0.1:{portal.ports['privacy']}/metrics") as response:
            lines = (await response.text()).splitlines()
        return sum(float(line.removeprefix(taken)) for line in lines if line.startswith(taken))

    before = await count()
    broker = RabbitBroker(plan.broker_url("security-info"))
    for _ in range(3):
        await broker.publish(envelope.model_dump(mode="json", exclude_none=True))
    await broker.close()

    async def all_taken():
        return await count() >= before + 3

    await until(all_taken)
    status, history = await service("privacy", account)("GET", "/activity")
    assert status == 200
    assert [entry["id"] for entry in history["entries"]] == [envelope.id]
