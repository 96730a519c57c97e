"""What happened, as it is entered in a history: what it is about, who did it, and what a search may find."""

from collections.abc import Mapping
from typing import Any

from shared.consuming import owner_of
from shared.contracts.envelope import Client, Envelope
from shared.contracts.privacy import SIGN_IN, SignInLine

_PARTS = {"gateway": "sessions"}
"""What the events of a process are about, where its name does not tell."""
_ACTORS = {"user": "you", "administrator": "administrator"}
_SUCCESS = "success"


def part_of(type_: str) -> str:
    """Tell what an entry of this type is about."""
    if type_ == SIGN_IN:
        return "sign_ins"
    owner = type_.split(".")[1]
    return _PARTS.get(owner, owner.replace("-", "_"))


def by_of(authtype: str | None) -> str:
    """Tell who did it, as persons are told."""
    return _ACTORS.get(authtype or "", "system")


def entry_of(envelope: Envelope) -> dict[str, Any]:
    """Enter an event."""
    labels = [value for name, value in envelope.data.items() if isinstance(value, str) and not name.endswith("_id")]
    return {
        "_id": envelope.id,
        "account": owner_of(envelope),
        "at": envelope.time,
        "type": envelope.type,
        "part": part_of(envelope.type),
        "by": by_of(envelope.authtype),
        "authtype": envelope.authtype,
        "client": _known(envelope.client()),
        "facts": envelope.data,
        "words": _words(envelope.type, *labels, *_known(envelope.client()).values()),
    }


def entry_of_sign_in(line: SignInLine) -> dict[str, Any]:
    """Enter a sign-in; of one that did not succeed nobody knows who tried."""
    succeeded = line.status == _SUCCESS
    client = _known(Client(browser=line.browser, os=line.os, country=line.country, city=line.city))
    facts = {
        "organization_id": line.organization_id,
        "status": line.status,
        "reason": None if succeeded else line.reason,
        "application": line.application,
        "ip": str(line.ip) if line.ip else None,
    }
    return {
        "_id": f"{line.organization_id}~{line.id}",
        "account": line.account,
        "at": line.at,
        "type": SIGN_IN,
        "part": part_of(SIGN_IN),
        "by": "you" if succeeded else "unknown",
        "authtype": "user" if succeeded else "unknown",
        "client": client,
        "facts": {name: value for name, value in facts.items() if value is not None},
        "words": _words(SIGN_IN, line.status, line.application, *client.values()),
    }


def _known(client: Client) -> Mapping[str, str]:
    known: dict[str, str] = client.model_dump(exclude_none=True)
    return known


def _words(*told: str | None) -> str:
    """Gather what a search may find: the kind of event, labels, browser, system and place."""
    return " ".join(word for word in told if word).casefold()
