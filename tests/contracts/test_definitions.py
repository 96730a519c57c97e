import base64
import hashlib
import re

import pytest

from onebox.documents import CONSUMERS, PUBLISHERS
from privacy import app as privacy
from shared.documenting.definitions import definitions, password_hash

USERS = dict.fromkeys((*CONSUMERS, "subscriber", "operator"), "x")
READING = {"reader": ["profile.writer.thing.changed.v1"], "security-info": [], "both.of": ["profile.writer.x.done.v1"]}
WRITING = ("writer", "security-info", "both.of")


def may(declared, user, kind, name):
    """Tell as the broker does: a regular expression that matches somewhere."""
    (entry,) = (one for one in declared["permissions"] if one["user"] == user)
    return re.search(entry[kind], name) is not None


def may_topic(declared, user, kind, name):
    (entry,) = (one for one in declared["topic_permissions"] if one["user"] == user)
    assert entry["exchange"] == "account.events"
    return re.search(entry[kind], name) is not None


@pytest.fixture(scope="module")
def declared():
    users = dict.fromkeys(("writer", "reader", "both.of", "security-info", "subscriber", "operator"), "x")
    return definitions(READING, WRITING, users)


def bindings(declared, queue):
    return [one["routing_key"] for one in declared["bindings"] if one["destination"] == queue]


def test_bindings_are_exactly_what_is_reacted_to():
    declared = definitions(CONSUMERS, PUBLISHERS)
    assert sorted(bindings(declared, "privacy")) == sorted(event.wire for event in privacy.EVENTS)
    assert bindings(declared, "account.events.log") == ["#"]
    expected = sum(len(names) for names in CONSUMERS.values()) + 1
    assert len(declared["bindings"]) == expected
    assert all(one["source"] == "account.events" for one in declared["bindings"])


def test_who_reacts_has_a_queue_and_one_for_dead_letters_and_nobody_else():
    declared = definitions(CONSUMERS, PUBLISHERS)
    queues = {one["name"]: one for one in declared["queues"]}
    reacting = {name for name, events in CONSUMERS.items() if events}
    assert queues.keys() == {"account.events.log", *reacting, *(f"{name}.dead" for name in reacting)}
    assert all(one["durable"] and not one["auto_delete"] for one in queues.values())
    assert queues["account.events.log"]["arguments"]["x-queue-type"] == "stream"
    for name in reacting:
        arguments = queues[name]["arguments"]
        assert arguments["x-dead-letter-routing-key"] == f"{name}.dead"
        assert arguments["x-dead-letter-strategy"] == "at-least-once"
        assert arguments["x-overflow"] == "reject-publish"


def test_without_users_there_are_no_rights_and_no_secrets():
    assert definitions(CONSUMERS, PUBLISHERS).keys() == {"vhosts", "exchanges", "queues", "bindings"}


def test_every_event_can_be_published_by_its_owner_and_by_nobody_else():
    declared = definitions(CONSUMERS, PUBLISHERS, USERS)
    for wire in {name for names in CONSUMERS.values() for name in names}:
        writers = {user for user in USERS if may_topic(declared, user, "write", wire)}
        assert writers == {wire.split(".")[1], "operator"}


def test_a_publisher_writes_its_own_names_to_the_exchange_and_reads_nothing(declared):
    assert may(declared, "writer", "write", "account.events")
    assert may_topic(declared, "writer", "write", "profile.writer.thing.changed.v1")
    for name in ("profile.writers.thing.changed.v1", "x.profile.writer.a.b.v1", "profile.reader.thing.changed.v1", "#"):
        assert not may_topic(declared, "writer", "write", name)
    for name in ("accountxevents", "account.events.log", "reader", "writer", "amq.default", ""):
        assert not may(declared, "writer", "write", name)
    for name in ("account.events", "account.events.log", "reader", "reader.dead", "writer"):
        assert not may(declared, "writer", "read", name)


def test_a_reader_reads_its_own_queues_and_publishes_nothing(declared):
    assert all(may(declared, "reader", "read", name) for name in ("account.events", "reader", "reader.dead"))
    assert may(declared, "reader", "write", "reader")
    assert may_topic(declared, "reader", "read", "profile.writer.thing.changed.v1")
    for name in ("account.events.log", "both.of", "both.of.dead", "readers", "xreader"):
        assert not may(declared, "reader", "read", name)
    assert not may(declared, "reader", "write", "account.events")
    assert not may_topic(declared, "reader", "write", "profile.reader.thing.changed.v1")


def test_names_are_taken_literally(declared):
    assert may(declared, "both.of", "read", "both.of")
    assert not may(declared, "both.of", "read", "bothxof")
    assert may_topic(declared, "both.of", "write", "profile.both.of.thing.changed.v1")
    assert not may_topic(declared, "both.of", "write", "profile.bothxof.thing.changed.v1")
    assert may_topic(declared, "security-info", "write", "profile.security-info.method.added.v1")


def test_no_process_declares_anything(declared):
    for user in ("writer", "reader", "both.of", "security-info"):
        for name in ("account.events", user, "anything", "account.events.log"):
            assert not may(declared, user, "configure", name)


def test_a_subscriber_reads_the_log_and_queues_of_its_own(declared):
    for name in ("account.events", "account.events.log", "subscriber.audit"):
        assert may(declared, "subscriber", "read", name)
    for name in ("reader", "reader.dead", "subscriber", "subscriberx", "other.subscriber.audit"):
        assert not may(declared, "subscriber", "read", name)
        assert not may(declared, "subscriber", "configure", name)
    assert may(declared, "subscriber", "configure", "subscriber.audit")
    assert not may(declared, "subscriber", "write", "account.events")
    assert not may_topic(declared, "subscriber", "write", "profile.writer.thing.changed.v1")
    assert all(may_topic(declared, "subscriber", "read", name) for name in ("#", "profile.writer.#"))


def test_only_the_operator_is_an_administrator_and_may_everything(declared):
    tags = {one["name"]: one["tags"] for one in declared["users"]}
    assert [name for name, tag in tags.items() if tag] == ["operator"]
    assert tags["operator"] == "administrator"
    assert all(may(declared, "operator", kind, "anything") for kind in ("configure", "write", "read"))


def test_a_password_hash_is_one_that_the_broker_verifies():
    stored = base64.b64decode(password_hash("correct horse"))
    salt, digest = stored[:4], stored[4:]
    assert hashlib.sha256(salt + b"correct horse").digest() == digest
    assert password_hash("correct horse") != password_hash("correct horse")
    (user,) = definitions({}, ["writer"], {"writer": "correct horse"})["users"]
    assert user["hashing_algorithm"] == "rabbit_password_hashing_sha256"
    assert "correct horse" not in str(user)


def test_a_user_that_is_nobody_is_refused():
    with pytest.raises(ValueError, match="stranger"):
        definitions(CONSUMERS, PUBLISHERS, {"stranger": "x"})
