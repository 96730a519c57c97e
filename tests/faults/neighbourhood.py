"""Hundreds of accounts at home in one organization, written straight into the database of privacy."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from privacy.account import Account, Connection, Home, Membership
from privacy.history.entries import entry_of_sign_in
from privacy.preferences.preferring import holding
from shared.contracts import privacy
from shared.contracts.endpoint import Endpoint
from shared.contracts.privacy import SignInLine
from shared.deciding import Actor, Command, Decision
from shared.facts import Facts, now
from shared.identifying import Caller, SystemClient
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.faults.members import AWAY, HOME
from tests.faults.people import Holder, Wish

DAYS = 90
ENTRY_DAYS = 365
SERVICE = "mail"
TOLD = (privacy.PreferencesChanged.wire, privacy.ServiceDisconnected.wire)
"""What each person is told, in whatever order."""
_ENTRIES, _COPIES = 3, 25
"""Entries of each person, and memberships that an earlier version kept by themselves."""
_SEQUENCE = f"{1:010}"


class System(Holder):
    """The organization's own system."""

    def caller(self, _endpoint: Endpoint) -> Caller:
        return SystemClient(client_id="system", scopes=frozenset({privacy.WRITE}), organizations=frozenset({HOME}))

    def put_service(self) -> Wish:
        return Wish(self, privacy.PUT_SERVICE, {"name": "Mail"}, organization_id=HOME, service_id=SERVICE)

    def delete_service(self) -> Wish:
        return Wish(self, privacy.DELETE_SERVICE, organization_id=HOME, service_id=SERVICE)

    def rule(self) -> Wish:
        return Wish(self, privacy.PUT_RULES, {"history_days": DAYS, "language": "sv"}, organization_id=HOME)


class Neighbourhood:
    """The people, and what is to be seen of them in the database."""

    def __init__(self, database: Any, names: list[str]) -> None:
        self.names, self._database = names, database

    async def settled(self) -> None:
        """Let everyone live there, connected to the service, with a history."""
        register = await self._database["registers"].find_one({"_id": HOME})
        entry, moment = register["services"][SERVICE]["entry"], now()
        store = Store(MongoShelf(self._database["accounts"]), Account, source="/privacy", empty=Account)
        connections = {SERVICE: Connection(entry=entry, name="Mail", under=_SEQUENCE, since=moment)}
        made = Account(
            memberships={HOME: Membership(sequence=_SEQUENCE, member=True)},
            home=Home(organization_id=HOME, sequence=_SEQUENCE),
        ).with_connections(HOME, connections)
        for name in self.names:
            command = Command(id=Facts().id("settle"), digest="settle", actor=Actor("system", "test"), brief=True)
            await store.change(name, lambda _state, _facts: Decision(made), command=command)
        await self._database["activity"].insert_many([one for name in self.names for one in _history(name, moment)])
        copy = {"thing": AWAY, "sequence": _SEQUENCE, "facts": {"home": False}}
        copies = [{"_id": f"{name}\n{AWAY}", "owner": name, **copy} for name in self.names[:_COPIES]]
        await self._database["memberships"].insert_many(copies)

    async def done(self) -> int:
        """Count what is done: people under the lock, people who are disconnected, and entries with the right end."""
        accounts = self._database["accounts"]
        locked = await accounts.count_documents({"preferences.lock.language": "sv"})
        apart = await accounts.count_documents({"entries": [], "home.organization_id": HOME})
        return locked + apart + await self._database["activity"].count_documents(_ends_after(DAYS))

    @property
    def everything(self) -> int:
        """Give what that comes to in the end, with what was told among the entries."""
        return len(self.names) * (2 + _ENTRIES + len(TOLD))

    async def nothing_waits(self) -> bool:
        """Tell whether nobody is due any more, nothing is to be announced, and no copy is to be moved."""
        waiting = {
            "accounts": {"outbox.0": {"$exists": True}},
            "registers": {"to_spread": True},
            "retention": {"open": True},
            "retention_due": {"due": True},
            "memberships": {"owner": {"$exists": True}},
        }
        return not any([await self._database[name].count_documents(wanted) for name, wanted in waiting.items()])

    async def assert_settled(self) -> None:
        """Check that everyone reads Swedish, is connected to nothing, and was told each thing once."""
        accounts = self._database["accounts"]
        documents = await accounts.find({"home.organization_id": HOME}).to_list()
        assert sorted(document["_id"] for document in documents) == sorted(self.names)
        for document in documents:
            state = Account.model_validate(document)
            assert (holding(state).language, state.services, state.entries) == ("sv", {}, ())
            moved = AWAY if document["_id"] in self.names[:_COPIES] else None
            assert set(state.memberships) == {HOME, moved} - {None}
            assert (document["sequence"], document.get("outbox"), document.get("parked")) == (len(TOLD), [], None)
        entries = await self._database["activity"].find({"account": {"$in": self.names}}).to_list()
        told = Counter((entry["account"], entry["type"]) for entry in entries if entry["type"] in TOLD)
        assert told == Counter((name, type_) for name in self.names for type_ in TOLD)
        assert {entry["expires_at"] - entry["at"] for entry in entries} == {timedelta(days=DAYS)}
        assert len(entries) == len(self.names) * (_ENTRIES + len(TOLD))


def _history(name: str, moment: Any) -> Iterator[dict[str, Any]]:
    for number in range(_ENTRIES):
        at = moment - timedelta(days=number)
        line = SignInLine(account=name, organization_id=HOME, id=f"{name}.{number}", at=at, status="success")
        yield {**entry_of_sign_in(line), "expires_at": at + timedelta(days=ENTRY_DAYS)}


def _ends_after(days: int) -> dict[str, Any]:
    end = {"$dateAdd": {"startDate": "$at", "unit": "day", "amount": days}}
    return {"$expr": {"$eq": ["$expires_at", end]}}
