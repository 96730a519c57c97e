"""Every reaction of every service may run twice and in any order."""

import itertools
from datetime import timedelta

import pytest

import devices.app
import gateway.app
import organizations.app
import privacy.app
import security_info.app
from privacy.reactions import Reactions
from shared.brokering.rabbit import RabbitBroker
from shared.contracts.envelope import Envelope
from shared.contracts.gateway import SessionEnded
from shared.contracts.organizations import MembershipEnded, MembershipStarted, OrganizationChanged
from shared.facts import Facts
from tests.component.composing import (
    ACCOUNT,
    COMPOSED,
    EXAMPLES,
    FABRIKAM,
    connect_service,
    of_devices,
    of_gateway,
    of_privacy,
    put_device,
    store_of_devices,
    store_of_privacy,
    store_of_security_info,
)
from tests.waiting import until

APPS = {app.NAME: app for app in (security_info.app, devices.app, organizations.app, privacy.app, gateway.app)}
REACTING = [(name, event) for name, app in APPS.items() for event in app.EVENTS]


def envelope_of(event, number=1, account=ACCOUNT):
    facts = Facts()
    moment = facts.now + timedelta(seconds=number)
    data = EXAMPLES[event.wire]["data"]
    return Envelope.model_validate(
        EXAMPLES[event.wire]
        | {
            "data": data | ({"until": moment.isoformat()} if "until" in data else {}),
            "id": facts.id(f"event:{number}"),
            "time": moment,
            "sequence": f"{number:010}",
            "account": account,
            "subject": account,
        }
    )


def lived(*events):
    """Give one thing after another; who becomes a member does so anew, and what ends is the membership of then."""
    membership, news = "m0", []
    for number, event in enumerate(events, 1):
        envelope = envelope_of(event, number)
        membership = f"m{number}" if event is MembershipStarted else membership
        about = {"membership_id": membership, "restored": False}
        data = envelope.data | {name: about[name] for name in about.keys() & envelope.data.keys()}
        news.append(envelope.model_copy(update={"data": data}))
    return news


async def react(reactions, *envelopes):
    for envelope in envelopes:
        kind = next(event for event in reactions if event.wire == envelope.type)
        await reactions[kind](kind.model_validate(envelope.data), envelope)


async def state(database):
    """Give everything that is in the database, whatever order it came in; and leave it empty.

    How often an aggregate was saved, under which commands and at which moment depends on the order and does not
    count; what it is and what is told of it does.
    """
    found = {}
    for name in await database.list_collection_names():
        documents = [document async for document in database[name].find().sort("_id")]
        found[name] = sorted((told(document) for document in documents), key=str)
        await database[name].delete_many({})
    return {name: documents for name, documents in found.items() if documents}


def told(document):
    news = [entry["event"] for entry in document.get("outbox", ())]
    for one in news:
        if one["type"] == SessionEnded.wire:  # the reason is the one that was heard of first
            one["data"].pop("reason")
    kept_apart = {"outbox", "commands", "version", "sequence", "letters", "notices", "token"}
    what = {name: value for name, value in document.items() if name not in kept_apart}
    if "notices" in document:
        what["told"] = sorted(one["type"] for notice in document["notices"].values() for one in notice["told"])
        what["letters"] = sorted((one["kind"], one["channel"]) for one in document.get("letters", ()))
    if "thing" in document:  # a copy, whose sequence is what it is about
        what["sequence"] = document["sequence"]
    return without_moments(what), sorted((one["type"], str(one["data"])) for one in news)


def without_moments(value):
    """Give what was decided without the moment at which it was, and without what is as it is by default."""
    if isinstance(value, dict):
        return {
            name: True if name in {"ended_at", "disconnected_at"} else without_moments(part)
            for name, part in value.items()
            if name not in {"started_at", "seen_at", "expires_at", "connected_at"} and part not in (None, False)
        }
    return value


def test_every_service_that_reacts_is_tested_here():
    assert {name for name, _ in REACTING} == set(COMPOSED)


@pytest.mark.parametrize(("service", "event"), REACTING, ids=lambda part: getattr(part, "wire", part))
async def test_reacting_twice_leaves_what_once_leaves(own_database, service, event):
    reactions = await COMPOSED[service](own_database)
    before = await state(own_database)
    reactions = await COMPOSED[service](own_database)
    envelope = envelope_of(event)
    await react(reactions, envelope)
    once = await state(own_database)
    assert once != before
    reactions = await COMPOSED[service](own_database)
    await react(reactions, envelope, envelope, envelope)
    assert await state(own_database) == once


@pytest.mark.parametrize(("service", "event"), REACTING, ids=lambda part: getattr(part, "wire", part))
async def test_an_event_that_names_no_account_is_not_reacted_to_unless_it_needs_none(own_database, service, event):
    reactions = await COMPOSED[service](own_database)
    before = await state(own_database)
    reactions = await COMPOSED[service](own_database)
    envelope = envelope_of(event).model_copy(update={"account": None})
    if event is OrganizationChanged:
        await react(reactions, envelope)
        after, kept = await state(own_database), "policies" if service == "security-info" else "organizations"
        assert after.pop(kept)
        assert after == before
    else:
        with pytest.raises(ValueError, match="no account"):
            await react(reactions, envelope)
        assert await state(own_database) == before


REMEMBERED = {event for event, reaction in privacy.app.EVENTS.items() if reaction is Reactions.remember}


@pytest.mark.parametrize(("service", "one"), REACTING, ids=lambda part: getattr(part, "wire", part))
async def test_the_order_of_two_events_does_not_matter(own_database, service, one):
    for other in APPS[service].EVENTS:
        if {one, other} <= REMEMBERED and service == "privacy" and one is not other:
            continue  # each is an entry of its own
        first, second = lived(one, other)
        reactions = await COMPOSED[service](own_database)
        await react(reactions, first, second)
        in_order = await state(own_database)
        if service == "privacy":
            entered = sum(kind is not OrganizationChanged for kind in (one, other))
            assert len(in_order.get("activity", ())) == entered, other.wire
        reactions = await COMPOSED[service](own_database)
        await react(reactions, second, second, first, first)
        assert await state(own_database) == in_order, other.wire


async def organizations_shown(database):
    kept = await store_of_privacy(database).read(ACCOUNT)
    assert kept.services == {}, "what was connected before an end stays away"
    return set(kept.organizations())


async def organizations_joined(database):
    kept = await store_of_devices(database).read(ACCOUNT)
    assert kept.connected() == {}, "what was connected before an end stays away"
    return {id_ for id_, membership in kept.memberships.items() if membership.member}


async def organizations_asking(database):
    return set((await store_of_security_info(database).read(ACCOUNT)).organizations())


BELONGING = {"security-info": organizations_asking, "devices": organizations_joined, "privacy": organizations_shown}


@pytest.mark.parametrize("service", BELONGING)
async def test_who_joins_and_leaves_belongs_or_not_whatever_order_it_is_heard_in(own_database, service):
    news = lived(MembershipStarted, MembershipEnded, MembershipStarted, MembershipEnded)
    for heard, belongs in ((news[:3], {FABRIKAM}), (news, set())):
        ends = []
        for order in itertools.permutations(heard):
            reactions = await COMPOSED[service](own_database)
            await react(reactions, *order)
            assert await BELONGING[service](own_database) == belongs
            await react(reactions, order[0])
            ends.append(await state(own_database))
        assert all(end == ends[0] for end in ends)


async def test_a_late_end_leaves_what_was_connected_after_it(own_database):
    reactions = await of_devices(own_database)
    store = store_of_devices(own_database)
    _, late, anew, last = lived(MembershipStarted, MembershipEnded, MembershipStarted, MembershipEnded)
    await react(reactions, anew)
    await put_device(store, "after")
    await react(reactions, late)
    assert set((await store.read(ACCOUNT)).connected()) == {"after"}
    await react(reactions, last)
    assert (await store.read(ACCOUNT)).connected() == {}


async def test_a_late_end_leaves_the_services_that_were_connected_after_it(own_database):
    reactions = await of_privacy(own_database)
    store = store_of_privacy(own_database)
    _, late, anew, last = lived(MembershipStarted, MembershipEnded, MembershipStarted, MembershipEnded)
    await react(reactions, anew)
    await connect_service(store, "after")
    await react(reactions, late)
    assert set((await store.read(ACCOUNT)).connections(FABRIKAM)) == {"after"}
    await react(reactions, last)
    assert (await store.read(ACCOUNT)).services == {}


async def test_what_ends_sessions_leaves_those_that_began_after_it(own_database):
    reactions = await of_gateway(own_database)
    revoked = next(event for event in gateway.app.EVENTS if "revoked" in event.wire)
    disabled = next(event for event in gateway.app.EVENTS if "disabled" in event.wire)
    started = [document["started_at"] async for document in own_database["sessions"].find()]
    before = min(started) - timedelta(seconds=1)
    late = envelope_of(revoked)
    await react(reactions, late.model_copy(update={"data": {"until": before.isoformat()}}))
    await react(reactions, envelope_of(disabled, 2).model_copy(update={"time": before}))
    assert await own_database["sessions"].count_documents({"ended_at": None}) == 2
    await react(reactions, envelope_of(revoked, 3))
    assert await own_database["sessions"].count_documents({"ended_at": None}) == 0


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
