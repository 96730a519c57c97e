"""Nobody tells news in another's name: the broker refuses it, and a consumer does not believe it."""

import json

import pytest
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed
from prometheus_client import CollectorRegistry

from gateway.documents import EVENTS, asyncapi_document
from privacy import app as privacy
from shared.brokering import Verdict
from shared.consuming import Consumer
from shared.contracts.envelope import CONTENT_TYPE
from tests.component.listening import publish

DOCUMENT = asyncapi_document()
USERS = ("security-info", "privacy", "gateway", "subscriber")
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


@pytest.fixture
def consumer():
    """Give a consumer of privacy's events, and what it reacted to."""
    reacted = []

    async def react(_event, envelope):
        reacted.append(envelope.id)

    async def answers():
        return True

    made = Consumer(
        "privacy", dict.fromkeys(privacy.EVENTS, react), None, store_answers=answers, registry=CollectorRegistry()
    )
    return made, reacted


def encoded(wire, **changed):
    return json.dumps(EXAMPLES[wire] | changed).encode()


@pytest.mark.parametrize("wire", [event.wire for event in privacy.EVENTS])
async def test_an_event_counts_from_its_owner_alone(consumer, wire):
    made, reacted = consumer
    owner = wire.split(".")[1]
    for user in {*USERS, "operator", "guest", "", None} - {owner}:
        assert await made.take(encoded(wire), user, 0) is Verdict.NEVER
    assert reacted == []
    assert await made.take(encoded(wire), owner, 0) is Verdict.DONE
    assert reacted == [EXAMPLES[wire]["id"]]


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
