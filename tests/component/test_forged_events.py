"""Nobody tells news in another's name: the broker refuses it, and a consumer does not believe it."""

import json

import pytest
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed
from prometheus_client import CollectorRegistry

from devices import app as devices
from gateway import app as gateway
from gateway.documents import EVENTS, asyncapi_document
from onebox.documents import CONSUMERS
from organizations import app as organizations
from privacy import app as privacy
from security_info import app as security_info
from shared.brokering import Verdict
from shared.consuming import Consumer
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.gateway import SessionsRevoked
from shared.contracts.organizations import AccountDisabledByOrganization, MembershipEnded, MembershipStarted
from tests.component.listening import publish
from tests.component.looking import kept_of
from tests.conftest import Caller
from tests.waiting import until

DOCUMENT = asyncapi_document()
USERS = ("security-info", "devices", "organizations", "privacy", "gateway", "subscriber")
EXAMPLES = {
    message["name"]: message["examples"][0]["payload"] for message in DOCUMENT["components"]["messages"].values()
}
FOREIGN = [(user, event.wire) for user in USERS for event in EVENTS if event.owner() != user]


@pytest.mark.parametrize(("user", "wire"), FOREIGN)
async def test_the_broker_refuses_to_take_from(plan, user, wire):
    with pytest.raises(ChannelAccessRefused):
        await publish(plan.broker_url(user), wire, EXAMPLES[wire], content_type=CONTENT_TYPE)


async def test_the_broker_refuses_a_message_with_anothers_name_on_it(plan):
    wire = "profile.gateway.session.ended.v1"
    with pytest.raises(ChannelPreconditionFailed):
        await publish(plan.broker_url("gateway"), wire, EXAMPLES[wire], user_id="security-info")


REACTING = {app.NAME: app for app in (security_info, devices, organizations, privacy, gateway)}
TAKEN = [(name, event.wire) for name, app in REACTING.items() for event in app.EVENTS]


@pytest.fixture
def consumer_of():
    """Make the consumer of a process's events, with a list of what it reacted to."""

    def making(name):
        reacted = []

        async def react(_event, envelope):
            reacted.append(envelope.id)

        async def answers():
            return True

        reactions = dict.fromkeys(REACTING[name].EVENTS, react)
        return Consumer(name, reactions, None, store_answers=answers, registry=CollectorRegistry()), reacted

    return making


@pytest.fixture
def consumer(consumer_of):
    """Give a consumer of privacy's events, and what it reacted to."""
    return consumer_of("privacy")


def encoded(wire, **changed):
    return json.dumps(EXAMPLES[wire] | changed).encode()


def test_every_process_that_reacts_is_tested_here():
    assert {name for name, names in CONSUMERS.items() if names} == set(REACTING)


@pytest.mark.parametrize(("name", "wire"), TAKEN)
async def test_an_event_counts_from_its_owner_alone(consumer_of, name, wire):
    made, reacted = consumer_of(name)
    owner = wire.split(".")[1]
    for user in {*USERS, "operator", "guest", "", None, name} - {owner}:
        assert await made.take(encoded(wire), user, 0) is Verdict.NEVER
    assert reacted == []
    assert await made.take(encoded(wire), owner, 0) is Verdict.DONE
    assert reacted == [EXAMPLES[wire]["id"]]


@pytest.mark.parametrize("name", REACTING)
async def test_an_event_that_is_for_others_is_never_taken(consumer_of, name):
    made, reacted = consumer_of(name)
    for event in set(EVENTS) - set(REACTING[name].EVENTS):
        assert await made.take(encoded(event.wire), event.owner(), 0) is Verdict.NEVER
    assert reacted == []


FORGERIES = [
    (MembershipStarted, "devices", "organizations"),
    (MembershipEnded, "privacy", "organizations"),
    (AccountDisabledByOrganization, "gateway", "organizations"),
    (AccountDisabledByOrganization, "operator", "organizations"),
    (SessionsRevoked, "operator", "gateway"),
]


@pytest.mark.parametrize(("event", "user", "owner"), FORGERIES, ids=lambda part: getattr(part, "wire", part))
async def test_what_the_broker_would_let_pass_changes_nothing(plan, portal, mongo, member, http, *, event, user, owner):
    """The operator may write everything; whom it names as the writer of an event is itself all the same."""
    devices_of = mongo["devices"]["accounts"]

    async def heard_of_both():
        kept = await devices_of.find_one({"_id": member})
        return kept and len(kept["memberships"]) == 2

    await until(heard_of_both)
    before = await kept_of(mongo, member)
    forged = EXAMPLES[event.wire] | {"account": member, "subject": member, "sequence": "9999999999"}
    if "organization_id" in forged["data"]:
        forged["data"] = forged["data"] | {"organization_id": "fabrikam"}
    told = {"content_type": CONTENT_TYPE, "message_id": forged["id"]}
    if user == "operator":
        refused = await refusals(http, portal, event)
        await publish(plan.broker_url(user), event.wire, forged, **told, user_id=user)
        with pytest.raises(ChannelPreconditionFailed):
            await publish(plan.broker_url(user), event.wire, forged, **told, user_id=owner)

        async def refused_by_all():
            return await refusals(http, portal, event) >= refused + sum(
                event in app.EVENTS for app in REACTING.values()
            )

        await until(refused_by_all)
    else:
        with pytest.raises(ChannelAccessRefused):
            await publish(plan.broker_url(user), event.wire, forged, **told, user_id=user)
    assert await kept_of(mongo, member) == before
    status, _ = await (await program_of(portal, http, member))("GET", "/devices")
    assert status == 200


async def program_of(portal, http, account):
    return Caller(http, portal.url, await portal.token(account))


async def refusals(http, portal, event):
    """Count how often the consumers of an event took one for none of theirs."""
    counted = 0.0
    for name, app in REACTING.items():
        if event in app.EVENTS:
            async with http.get(f"http://127.0.0.1:{portal.ports[name]}/metrics") as response:
                lines = (await response.text()).splitlines()
            line = f'events_taken_total{{event="{event.wire}",verdict="{Verdict.NEVER.value}"}} '
            counted += sum(float(one.removeprefix(line)) for one in lines if one.startswith(line))
    return counted


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        encoded("profile.gateway.session.ended.v1", specversion="0.3"),
        encoded("profile.gateway.session.ended.v1", data={}),
        encoded("profile.gateway.session.ended.v1", type="profile.gateway.session.begun.v1"),
        encoded("profile.gateway.session.ended.v1", time="yesterday"),
    ],
)
async def test_what_is_no_event_of_ours_is_never_taken(consumer, body):
    made, reacted = consumer
    assert await made.take(body, "gateway", 0) is Verdict.NEVER
    assert reacted == []


async def test_what_a_newer_process_adds_does_no_harm(consumer):
    made, reacted = consumer
    wire = "profile.security-info.method.added.v1"
    newer = encoded(wire, extension="x", data={**EXAMPLES[wire]["data"], "colour": "red"})
    assert await made.take(newer, "security-info", 0) is Verdict.DONE
    assert len(reacted) == 1
