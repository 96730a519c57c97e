import re

import jsonschema
import pytest

from gateway.documents import ENDPOINTS, EVENTS
from shared.contracts.event import Event
from shared.documenting.asyncapi import asyncapi, payload_schema
from tests.contracts.growing import LATER

PROCESSES = set(ENDPOINTS)
KEY = re.compile(r"[a-zA-Z0-9._-]+")
LOG = "account.events.log"


@pytest.fixture(scope="module")
def document():
    return asyncapi(EVENTS, title="Under test", version="1")


def resolved(document, reference):
    found = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def message(document, event):
    return next(one for one in document["components"]["messages"].values() if one["name"] == event.wire)


def example(document, event):
    return message(document, event)["examples"][0]["payload"]


def test_the_root_says_what_asyncapi_3_asks_for(document):
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    for server in document["servers"].values():
        assert {"host", "protocol"} <= server.keys()
        assert "url" not in server
        assert set(re.findall(r"\{(\w+)\}", server["host"])) == server["variables"].keys()
    for group in document["components"].values():
        assert all(KEY.fullmatch(name) for name in group)


def test_each_event_has_a_channel_of_its_own_on_the_exchange(document):
    assert document["channels"].keys() == {*(event.wire for event in EVENTS), LOG}
    for event in EVENTS:
        channel = document["channels"][event.wire]
        amqp = channel["bindings"]["amqp"]
        assert channel["address"] == event.wire
        assert (amqp["is"], amqp["exchange"]["name"]) == ("routingKey", "account.events")
        (reference,) = channel["messages"].values()
        assert resolved(document, reference["$ref"])["name"] == event.wire


def test_the_log_has_them_all(document):
    channel = document["channels"][LOG]
    names = {resolved(document, one["$ref"])["name"] for one in channel["messages"].values()}
    assert names == {event.wire for event in EVENTS}
    assert channel["bindings"]["amqp"]["queue"]["name"] == LOG


def test_operations_send_and_refer_to_messages_of_their_channel(document):
    sent = []
    for operation in document["operations"].values():
        assert operation["action"] == "send"
        channel = operation["channel"]["$ref"]
        (reference,) = operation["messages"]
        assert reference["$ref"].startswith(f"{channel}/messages/")
        entry = resolved(document, reference["$ref"])
        sent.append(resolved(document, entry["$ref"])["name"])
    assert sorted(sent) == sorted(event.wire for event in EVENTS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.wire)
def test_its_example_is_what_consumers_are_promised(document, event):
    schema = payload_schema(document, event.wire)
    jsonschema.Draft7Validator.check_schema(schema)
    payload = example(document, event)
    jsonschema.validate(payload, schema, jsonschema.Draft7Validator)
    event.model_validate(payload["data"])
    assert message(document, event)["x-tells-person"] == event.tells_person
    assert message(document, event)["title"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.wire)
def test_new_fields_are_welcome_and_lost_ones_are_not(document, event):
    schema = payload_schema(document, event.wire)
    payload = example(document, event)
    needed = {name for name, field in event.model_fields.items() if field.is_required()}
    newer = {**payload, "newattribute": "x", "data": {**payload["data"], "new_field": [1]}}
    jsonschema.validate(newer, schema, jsonschema.Draft7Validator)
    for broken in (
        {**payload, "type": "profile.else.v1"},
        {**payload, "specversion": "0.3"},
        {name: value for name, value in payload.items() if name != "specversion"},
        {**payload, "data": "text"},
        *({**payload, "data": _without(payload["data"], name)} for name in needed),
    ):
        assert not jsonschema.Draft7Validator(schema).is_valid(broken)
    assert payload["data"].keys() - needed == LATER.get(event.wire, set())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.wire)
def test_it_names_the_account_that_it_happened_to(document, event):
    schema = payload_schema(document, event.wire)
    payload = example(document, event)
    assert ("account" in payload) == event.of_account
    unnamed = jsonschema.Draft7Validator(schema).is_valid(_without(payload, "account"))
    assert unnamed != event.of_account


def test_only_what_happens_to_organizations_happens_to_no_account():
    assert [event.wire for event in EVENTS if not event.of_account] == [
        "profile.organizations.organization.changed.v1",
        "profile.privacy.terms.published.v1",
        "profile.privacy.terms.withdrawn.v1",
    ]


def _without(data, name):
    return {key: value for key, value in data.items() if key != name}


def test_the_document_is_the_same_every_time(document):
    assert asyncapi(EVENTS, title="Under test", version="1") == document


def test_an_event_that_nobody_declared_has_no_schema(document):
    with pytest.raises(KeyError):
        payload_schema(document, "profile.gateway.nothing.happened.v1")


def test_two_events_cannot_share_a_class_name(monkeypatch):
    monkeypatch.setattr("shared.contracts.event.REGISTER", {})  # or these two would stay in it
    one = type("Done", (Event,), {"__module__": __name__, "wire": "profile.gateway.test.done.v1"})
    two = type("Done", (Event,), {"__module__": __name__, "wire": "profile.gateway.test.undone.v1"})
    with pytest.raises(ValueError, match="same class name"):
        asyncapi([one, two], title="Under test", version="1")


def test_owners_are_processes():
    assert {event.owner() for event in EVENTS} <= PROCESSES
