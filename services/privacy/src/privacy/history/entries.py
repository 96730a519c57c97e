"""What happened, as it is entered in a history: what it is about, and who did it."""

from collections.abc import Mapping
from typing import Any

from privacy.history.searching import words_of
from shared.consuming import owner_of
from shared.contracts.envelope import Client, Envelope
from shared.contracts.gateway import SessionStarted
from shared.contracts.privacy import SIGN_IN, SignInLine

SIGN_INS = frozenset({SIGN_IN, SessionStarted.wire})
"""The types of entries that are sign-ins: elsewhere, and to the portal itself."""
_PARTS = {"gateway": "sessions"}
"""What the events of a process are about, where its name does not tell."""
_ACTORS = {"user": "you", "administrator": "administrator"}
_SUCCESS = "success"


def part_of(type_: str) -> str:
    """Tell what an entry of this type is about."""
    if type_ in SIGN_INS:
        return "sign_ins"
    owner = type_.split(".")[1]
    return _PARTS.get(owner, owner.replace("-", "_"))


def by_of(type_: str, authtype: str | None) -> str:
    """Tell who did it, as persons are told; of a sign-in nobody knows, whatever came of it: that is what it asks."""
    return "unknown" if type_ in SIGN_INS else _ACTORS.get(authtype or "", "system")


def entry_of(envelope: Envelope) -> dict[str, Any]:
    """Enter an event."""
    by, client = by_of(envelope.type, envelope.authtype), _known(envelope.client())
    return {
        "_id": envelope.id,
        "account": owner_of(envelope),
        "at": envelope.time,
        "type": envelope.type,
        "part": part_of(envelope.type),
        "by": by,
        "authtype": envelope.authtype,
        "client": client,
        "facts": envelope.data,
        "words": words_of(envelope.type, by, client, envelope.data),
    }


def entry_of_sign_in(line: SignInLine, organization_name: str | None = None) -> dict[str, Any]:
    """Enter a sign-in through an organization that is called so."""
    client = _known(Client(browser=line.browser, os=line.os, country=line.country, city=line.city))
    told = {
        "organization_id": line.organization_id,
        "organization_name": organization_name,
        "status": line.status,
        "reason": None if line.status == _SUCCESS else line.reason,
        "application": line.application,
        "ip": str(line.ip) if line.ip else None,
    }
    facts = {name: value for name, value in told.items() if value is not None}
    by = by_of(SIGN_IN, None)
    return {
        "_id": f"{line.organization_id}~{line.id}",
        "account": line.account,
        "at": line.at,
        "type": SIGN_IN,
        "part": part_of(SIGN_IN),
        "by": by,
        "authtype": "unknown",
        "client": client,
        "facts": facts,
        "words": words_of(SIGN_IN, by, client, facts),
    }


def _known(client: Client) -> Mapping[str, str]:
    known: dict[str, str] = client.model_dump(exclude_none=True)
    return known
