"""An installation of before keeps what it knew of memberships."""

from datetime import timedelta
from functools import partial

import pytest
from prometheus_client import CollectorRegistry

from onebox.mongodb_users import RIGHTS
from privacy import belonging, moving, registering
from privacy.moving import Mover
from privacy.preferences.preferring import holding
from privacy.preferences.spreading import Spreading
from privacy.register import Register
from privacy.settling import Settler
from shared.connecting import safe
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import MembershipStarted
from shared.contracts.privacy import PutPrivacyRules
from shared.copying import Copies
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.composing import EXAMPLES, command
from tests.component.keeping import Keeping


def news(number):
    return Envelope.model_validate(EXAMPLES[MembershipStarted.wire] | {"sequence": f"{number:010}"})


class Before:
    """What an earlier version left, and what a process of this one moves it with."""

    def __init__(self, database):
        self.memberships = safe(database, "memberships")
        self.copies = Copies(self.memberships)
        self.keeping = Keeping(database)
        self.store, retention = self.keeping.store, self.keeping.retention
        collections = self.keeping.registers, self.keeping.accounts
        shelf = MongoShelf(collections[0])
        self.registers = Store(shelf, Register, source="/privacy", empty=Register, account_of=lambda _key, _state: None)
        spreading = Spreading(self.store, self.registers, of=collections, registry=CollectorRegistry())
        self.mover = Mover(self.memberships, Settler(self.store, spreading, retention))

    async def prepare(self):
        await self.keeping.prepare()
        await self.mover.prepare()

    async def left(self):
        return await self.memberships.count_documents({"owner": {"$ne": None}})


@pytest.fixture
async def before(own_database):
    made = Before(own_database)
    await made.prepare()
    return made


async def test_copies_of_memberships_move_into_the_accounts_and_newer_news_stays(before, monkeypatch):
    monkeypatch.setattr(moving, "_PAGE", 2)
    copies, store = before.copies, before.store
    await copies.take("alice", "contoso", news(3), {"home": False})
    await copies.take("alice", "fabrikam", news(3), {"home": True})
    await copies.take("alice", "litware", news(4), None)
    await copies.take("bob", "contoso", news(1), {"home": True})
    await copies.take("bob", "litware", news(2), {"home": False})
    part = partial(belonging.part, organization_id="litware", sequence=f"{5:010}")
    await store.change("bob", part, command=command("newer"))
    for _ in range(2):
        await before.mover.sweep()
        alice, bob = [await store.read(name) for name in ("alice", "bob")]
        assert alice.organizations() == ("fabrikam", "contoso")
        assert alice.home.organization_id == "fabrikam"
        assert alice.memberships["litware"].sequence == f"{4:010}"
        assert bob.organizations() == ("contoso",)
    assert await before.left() == 0


async def test_who_moves_home_is_under_its_rules(before):
    rules = partial(registering.put_rules, wish=PutPrivacyRules(language="sv", history_days=60))
    await before.registers.change("contoso", rules, command=command("rules"))
    await before.keeping.retention.sweep()
    await before.keeping.enter("alice", "one")
    await before.copies.take("alice", "contoso", news(1), {"home": True})
    await before.mover.sweep()
    assert holding(await before.store.read("alice")).language == "sv"
    await before.keeping.retention.sweep()
    assert await before.keeping.kept("alice") == [60]


async def test_what_a_process_of_before_writes_later_moves_too(before):
    await before.copies.take("alice", "contoso", news(1), {"home": True})
    await before.mover.sweep()
    await before.copies.take("alice", "contoso", news(1), {"home": True})
    assert await before.left() == 0, "what is no newer is nothing new"
    await before.copies.take("alice", "contoso", news(2), None)
    await before.copies.take("alice", "fabrikam", news(3), {"home": False})
    await before.mover.sweep()
    assert (await before.store.read("alice")).organizations() == ("fabrikam",)
    assert await before.left() == 0


async def test_a_copy_that_fails_holds_no_other_up(before, monkeypatch):
    monkeypatch.setattr(moving, "_PAGE", 2)
    people = ("alice", "bob", "chandra", "dora")
    for name in people:
        await before.copies.take(name, "contoso", news(1), {"home": True})
    broken = {"alice", "chandra"}
    await before.keeping.accounts.insert_many([{"_id": name, "version": 1, "home": "unreadable"} for name in broken])
    await before.mover.sweep()
    assert await before.left() == 2
    assert (await before.store.read("bob")).belongs_to("contoso")
    assert (await before.store.read("dora")).belongs_to("contoso")


async def test_what_was_moved_is_deleted_by_the_server_and_by_nobody_else(before):
    assert "remove" not in RIGHTS, "or it may be simpler"
    await before.copies.take("alice", "contoso", news(1), {"home": True})
    await before.mover.sweep()
    kept = await before.memberships.find_one()
    assert sorted(kept) == ["_id", "moved_at", "sequence"]
    indexes = await before.memberships.index_information()
    assert indexes["moved_at_1"]["expireAfterSeconds"] == timedelta(days=30).total_seconds()
