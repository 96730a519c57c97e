"""RabbitMQ definitions (its import format since 3.10): everything that stands in the broker, and who may use it."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from shared.brokering.topology import (
    DEAD_LETTER_ARGUMENTS,
    EXCHANGE,
    LOG,
    LOG_ARGUMENTS,
    dead_letters_of,
    queue_arguments,
)

VHOST = "/"
SUBSCRIBER = "subscriber"
"""The user of systems that listen: it reads the log, and queues of its own whose names begin with it."""
OPERATOR = "operator"
NOTHING = "^$"
_NOBODY: Mapping[str, str] = MappingProxyType({})


def definitions(
    consumers: Mapping[str, Sequence[str]], publishers: Sequence[str], users: Mapping[str, str] = _NOBODY
) -> dict[str, Any]:
    """Declare exchange, queues, bindings and the log; and *users* (name → password) with exactly their rights.

    *consumers* are the wire names that each service reacts to. Without users there are no rights either: RabbitMQ
    refuses to import rights of a user whom it does not know. A user that is no process, `subscriber` or `operator`
    raises `ValueError`.
    """
    consuming = {service: names for service, names in consumers.items() if names}
    rights = {user: _rights(user, consuming, publishers) for user in users}
    queues: dict[str, Mapping[str, Any]] = {LOG: LOG_ARGUMENTS}
    for service in consuming:
        queues |= {service: queue_arguments(service), dead_letters_of(service): DEAD_LETTER_ARGUMENTS}
    bound = [(LOG, "#"), *((service, name) for service, names in consuming.items() for name in names)]
    return {
        "vhosts": [{"name": VHOST}],
        **({"users": [_user(name, password) for name, password in users.items()]} if users else {}),
        **({"permissions": [_permission(user, *rights[user][:3]) for user in users]} if users else {}),
        **({"topic_permissions": [_on_topics(user, *rights[user][3:]) for user in users]} if users else {}),
        "exchanges": [
            {
                "name": EXCHANGE,
                "vhost": VHOST,
                "type": "topic",
                "durable": True,
                "auto_delete": False,
                "internal": False,
                "arguments": {},
            }
        ],
        "queues": [
            {"name": name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": dict(arguments)}
            for name, arguments in queues.items()
        ],
        "bindings": [_binding(queue, name) for queue, name in bound],
    }


def password_hash(password: str) -> str:
    """Hash as `rabbit_password_hashing_sha256` does: Base64 of a salt of four bytes and SHA-256 of both."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


_Rights = tuple[str, str, str, str, str]
"""Regular expressions: what one may configure, write, read; and the routing keys that one may write, read."""


def _rights(user: str, consuming: Mapping[str, Sequence[str]], publishers: Sequence[str]) -> _Rights:
    if user == OPERATOR:
        return ".*", ".*", ".*", ".*", ".*"
    if user == SUBSCRIBER:
        own = rf"{re.escape(user)}\..*"
        return f"^{own}$", f"^{own}$", _any(EXCHANGE, LOG, also=own), NOTHING, r"^(#|profile\..*)$"
    if user not in consuming and user not in publishers:
        raise ValueError(f"{user!r} is no process, nor {SUBSCRIBER!r}, nor {OPERATOR!r}")
    publishes, consumes = user in publishers, user in consuming
    # To bind its queue, which is how a consumer checks that it is bound, takes writing it and reading the exchange.
    writes = _any(*[EXCHANGE] * publishes, *[user] * consumes)
    reads = _any(EXCHANGE, user, dead_letters_of(user)) if consumes else NOTHING
    own_names = rf"^profile\.{re.escape(user)}\..*$" if publishes else NOTHING
    return NOTHING, writes, reads, own_names, r"^profile\..*$" if consumes else NOTHING


def _any(*names: str, also: str = "") -> str:
    """Match each of these names and nothing else, what they hold taken literally."""
    choices = [re.escape(name) for name in names] + ([also] if also else [])
    return f"^({'|'.join(choices)})$"


def _user(name: str, password: str) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": password_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "administrator" if name == OPERATOR else "",
    }


def _permission(user: str, configure: str, write: str, read: str) -> dict[str, Any]:
    return {"user": user, "vhost": VHOST, "configure": configure, "write": write, "read": read}


def _on_topics(user: str, write: str, read: str) -> dict[str, Any]:
    return {"user": user, "vhost": VHOST, "exchange": EXCHANGE, "write": write, "read": read}


def _binding(queue: str, name: str) -> dict[str, Any]:
    return {
        "source": EXCHANGE,
        "vhost": VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": name,
        "arguments": {},
    }
