"""AsyncAPI 3.0 of the news: every event a channel, and the log in which all of them are kept."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.brokering.topology import EXCHANGE, LOG, LOG_AGE
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.documenting.examples import example, example_id
from shared.documenting.schemas import schemas, self_contained, words_of

MEDIA_TYPE = "application/cloudevents+json"
DIALECT = "http://json-schema.org/draft-07/schema#"
"""The JSON Schema that AsyncAPI 3.0 builds on."""

_BINDING = "0.3.0"
_ABOUT = (
    "What happens to accounts, as CloudEvents 1.0 in structured JSON over AMQP 0-9-1 (by analogy with the CloudEvents "
    "binding, which is written for AMQP 1.0). The routing key is the event's type. Events arrive at least once: "
    "`id` tells them apart. `sequence` orders the events of one `source` and `subject`; across those there is no "
    "order. New optional fields may appear at any time and are to be ignored by who does not know them; anything "
    "else is a new version beside the old one. No event holds an address, a number, a code or a key."
)
_OF_THE_LOG = (
    f"Every event of the last {LOG_AGE.removesuffix('D')} days, in a RabbitMQ stream: consume it with the argument "
    "`x-stream-offset` (`first`, `last`, `next`, an offset or a time) and a prefetch count, as often as you like."
)


def asyncapi(events: Sequence[type[Event]], *, title: str, version: str) -> dict[str, Any]:
    """Describe events as an AsyncAPI 3.0.0 document, seen from the processes that publish them."""
    names = {event: event.__name__ for event in events}
    if len(set(names.values())) < len(names):
        raise ValueError("two events have the same class name, which a document cannot tell apart")
    described = schemas([(Envelope, "validation"), *((event, "validation") for event in events)])
    envelope = described.components[described.name(Envelope, "validation")]
    # They have a default for who writes one here; a reader can rely on them.
    envelope["required"] = [name for name in Envelope.model_fields if _always_there(name)]
    messages = {
        names[event]: _message(
            event, described.ref(Envelope, "validation"), described.ref(event, "validation"), described.components
        )
        for event in events
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": version, "description": _ABOUT},
        "defaultContentType": MEDIA_TYPE,
        "servers": {"broker": _SERVER},
        "channels": {
            **{event.wire: _channel(event, name) for event, name in names.items()},
            LOG: _log(list(names.values())),
        },
        "operations": {f"send{name}": _operation(event, name) for event, name in names.items()},
        "components": {
            "schemas": described.components,
            "messages": messages,
            "securitySchemes": {"user": {"type": "userPassword", "description": "A user of the broker."}},
        },
    }


def payload_schema(document: Mapping[str, Any], wire: str) -> dict[str, Any]:
    """Give the JSON schema (draft 7) of one event of an AsyncAPI *document*, with all that it refers to.

    Raises `KeyError` where the document knows no event of that wire name.
    """
    messages = document["components"]["messages"].values()
    payload = next((message["payload"] for message in messages if message["name"] == wire), None)
    if payload is None:
        raise KeyError(wire)
    return {"$schema": DIALECT, **self_contained(payload, document["components"]["schemas"])}


_SERVER = {
    "host": "{host}:{port}",
    "protocol": "amqp",
    "protocolVersion": "0-9-1",
    "description": "The organization's RabbitMQ.",
    "variables": {"host": {"default": "localhost"}, "port": {"default": "5672"}},
    "security": [{"$ref": "#/components/securitySchemes/user"}],
}


def _always_there(name: str) -> bool:
    field = Envelope.model_fields[name]
    return field.is_required() or field.default is not None


def _title(event: type[Event]) -> str:
    words = re.findall(r"[A-Z][a-z0-9]*", event.__name__)
    return " ".join(words).capitalize()


def _message(
    event: type[Event], envelope: Mapping[str, Any], data: Mapping[str, Any], components: Mapping[str, Any]
) -> dict[str, Any]:
    summary = words_of(event)
    own = {
        "type": "object",
        "properties": {"type": {"const": event.wire}, "data": data},
        "required": ["data", "account"] if event.of_account else ["data"],
    }
    return {
        "name": event.wire,
        "title": _title(event),
        **({"summary": summary} if summary else {}),
        "contentType": MEDIA_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"allOf": [envelope, own]},
        "examples": [{"name": event.__name__, "payload": _example(event, data, components)}],
        "x-tells-person": event.tells_person,
    }


_BY_A_BROWSER = {"clientbrowser": "Firefox", "clientos": "Linux"}


def _example(event: type[Event], data: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    account = example_id("account")
    whose = {"account": account, "authtype": "user", "authid": account} | _BY_A_BROWSER
    envelope = Envelope.model_validate(
        {
            "id": example_id(event.wire),
            "source": f"/{event.owner()}",
            "subject": account if event.of_account else example_id("organization_id"),
            "type": event.wire,
            "time": "2026-03-01T09:00:00Z",
            "sequence": f"{1:010}",
            "correlationid": example_id("correlation"),
            "causationid": example_id("cause"),
            **(whose if event.of_account else {"authtype": "system", "authid": "directory"}),
            "data": example(data, components),
        }
    )
    return envelope.model_dump(mode="json", exclude_none=True)


def _channel(event: type[Event], name: str) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {
        "address": event.wire,
        "title": _title(event),
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": _BINDING}},
    }


def _log(names: Sequence[str]) -> dict[str, Any]:
    queue = {"name": LOG, "durable": True, "exclusive": False, "autoDelete": False, "vhost": "/"}
    return {
        "address": LOG,
        "title": "The log of all events",
        "description": _OF_THE_LOG,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": _BINDING}},
    }


def _operation(event: type[Event], name: str) -> dict[str, Any]:
    amqp = {"userId": event.owner(), "deliveryMode": 2, "mandatory": True, "bindingVersion": _BINDING}
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{event.wire}"},
        "messages": [{"$ref": f"#/channels/{event.wire}/messages/{name}"}],
        "bindings": {"amqp": amqp},
    }
