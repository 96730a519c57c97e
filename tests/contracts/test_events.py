import pkgutil
import re
from importlib import import_module

import pytest

from gateway.documents import ENDPOINTS, EVENTS
from shared import contracts
from shared.contracts import security_policy
from shared.contracts.envelope import Client, Envelope
from shared.contracts.event import REGISTER, Event

FORBIDDEN = {
    "address",
    "answer",
    "code",
    "digits",
    "email",
    "hash",
    "ip",
    "key",
    "link",
    "mail",
    "mobile",
    "number",
    "otp",
    "password",
    "phone",
    "pin",
    "proof",
    "question",
    "secret",
    "seed",
    "telephone",
    "token",
    "uri",
    "url",
}
"""Words that no field of news may be made of: what they name is not for news."""
ONLY_NAMES = {"key_id"}
"""Fields that have such a word and tell nothing: by its id a recovery key is told from others."""

HAPPENED = re.compile(r"([a-z]+-)*[a-z]+(ed|en)|withdrawn|set|sent|put|left|lost|found|done|made|begun|told")
WIRE = re.compile(r"profile(\.[a-z]+(-[a-z]+)*){3,}\.v[1-9][0-9]*")


def promised():
    """Give each event class that a contract declares, whether or not its module lists it."""
    for module in pkgutil.iter_modules(contracts.__path__):
        found = import_module(f"shared.contracts.{module.name}")
        for kind in vars(found).values():
            if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
                yield kind


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.wire)
def test_its_fields_are_nothing_that_news_may_not_hold(event):
    told = models_of(event)
    # What an organization asks for names kinds of methods, and never what anyone has.
    rules = {model for model in told if model.__module__ == security_policy.__name__}
    assert not rules or not event.of_account
    for model in told - rules:
        words = {word for name in model.model_fields.keys() - ONLY_NAMES for word in name.split("_")}
        assert not words & FORBIDDEN


def models_of(event):
    found, waiting = set(), [event]
    while waiting:
        model = waiting.pop()
        found.add(model)
        for field in model.model_fields.values():
            parts = [field.annotation, *getattr(field.annotation, "__args__", ())]
            waiting += [part for part in parts if hasattr(part, "model_fields") and part not in found]
    return found


def test_the_envelope_holds_coarse_facts_only():
    for model in (Envelope, Client):
        assert not set(model.model_fields) & FORBIDDEN
    assert all(re.fullmatch(r"[a-z]{1,20}", name) for name in Envelope.model_fields)  # CloudEvents 1.0, 3.1


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.wire)
def test_its_name_says_what_happened_and_to_whom_it_belongs(event):
    assert WIRE.fullmatch(event.wire)
    assert HAPPENED.fullmatch(event.wire.split(".")[-2])
    assert event.owner() in ENDPOINTS


def test_wire_names_are_unique_and_every_event_is_listed():
    wires = [event.wire for event in EVENTS]
    assert len(set(wires)) == len(wires)
    assert set(promised()) == set(EVENTS)
    assert all(REGISTER[event.wire] is event for event in EVENTS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.wire)
def test_what_a_newer_process_adds_is_ignored(event):
    assert event.model_config["extra"] == "ignore"
    assert event.model_config["frozen"]
