"""What sealing keeps to, on PyMongo and on motor."""

import asyncio
from typing import Any, ClassVar

import bson
import pytest
from pydantic import BaseModel, ConfigDict

from shared.connecting import safe
from shared.deciding import Actor, Command, Decision
from shared.sealing import Sealer, SealError, Secret, secrets_of
from shared.storing import Store
from shared.storing.mongo import MongoShelf

SECRET = "JBSWY3DPEHPK3PXP"


class Locker(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    places: dict[str, Secret] = {}
    note: str = ""
    kept: ClassVar[int] = 0


async def test_what_was_sealed_opens_for_its_place(sealer: Sealer):
    sealed = await sealer.seal("alice", "places.a", SECRET)
    assert await sealer.open("alice", "places.a", sealed) == SECRET


async def test_the_same_value_is_sealed_differently_each_time(sealer: Sealer):
    assert await sealer.seal("alice", "a", SECRET) != await sealer.seal("alice", "a", SECRET)


async def test_another_place_account_or_a_changed_byte_does_not_open(sealer: Sealer):
    sealed = await sealer.seal("alice", "places.a", SECRET)
    await sealer.seal("bob", "places.a", "another")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for account, place, content in (
        ("alice", "places.b", sealed),
        ("bob", "places.a", sealed),
        ("alice", "places.a", changed),
        ("alice", "places.a", sealed[:20]),
    ):
        with pytest.raises(SealError):
            await sealer.open(account, place, content)


async def test_twenty_first_secrets_at_once_make_one_key(client: Any, sealer: Sealer, sealer_kms: Any, database: str):
    other = Sealer(client, vault=f"{database}.keys", kms=sealer_kms, master=None)
    sealed = await asyncio.gather(*((sealer, other)[n % 2].seal("carol", "a", f"{SECRET}{n}") for n in range(20)))
    assert await client[database]["keys"].count_documents({"keyAltNames": "carol"}) == 1
    assert [await sealer.open("carol", "a", content) for content in sealed] == [f"{SECRET}{n}" for n in range(20)]
    await other.close()


async def test_the_database_holds_no_secret_and_opens_none_moved(client: Any, sealer: Sealer, database: str):
    collection = safe(client[database], "lockers")
    store = Store(MongoShelf(collection), Locker, source="/test", empty=Locker, sealer=sealer)

    def put(locker: Locker, _facts: Any) -> Decision[Locker]:
        return Decision(locker.model_copy(update={"places": {"a": Secret(SECRET)}, "note": "x"}))

    for account in ("alice", "bob"):
        await store.change(account, put, command=Command("c", "d", Actor("user", account)))
    document = await collection.find_one({"_id": "alice"})
    assert SECRET.encode() not in bson.encode(document)
    opened = await store.read("alice", opens=("places.a",))
    assert opened.places["a"].value == SECRET

    await collection.update_one({"_id": "bob"}, {"$set": {"places.a": document["places"]["a"]}})
    with pytest.raises(SealError):
        await store.read("bob", opens=("places.a",))


async def test_reading_without_naming_a_place_opens_nothing(client: Any, sealer: Sealer, database: str):
    store = Store(MongoShelf(safe(client[database], "lockers")), Locker, source="/t", empty=Locker, sealer=sealer)

    def put(locker: Locker, _facts: Any) -> Decision[Locker]:
        return Decision(locker.model_copy(update={"places": {"a": Secret(SECRET), "b": Secret("other")}}))

    await store.change("alice", put, command=Command("c", "d", Actor("user", "alice")))
    locker = await store.read("alice", opens=("places.b",))
    assert locker.places["b"].value == "other"
    with pytest.raises(LookupError):
        _ = locker.places["a"].value


async def test_only_changed_values_are_sealed_again(client: Any, sealer: Sealer, database: str):
    collection = safe(client[database], "lockers")
    store = Store(MongoShelf(collection), Locker, source="/t", empty=Locker, sealer=sealer)
    actor = Actor("user", "alice")

    def put(locker: Locker, _facts: Any) -> Decision[Locker]:
        return Decision(locker.model_copy(update={"places": {"a": Secret(SECRET)}}))

    def add(locker: Locker, _facts: Any) -> Decision[Locker]:
        return Decision(locker.model_copy(update={"places": {**locker.places, "b": Secret("new")}}))

    await store.change("alice", put, command=Command("c1", "d", actor))
    before = await collection.find_one({"_id": "alice"})
    await store.change("alice", add, command=Command("c2", "d", actor), opens=("places.a",))
    after = await collection.find_one({"_id": "alice"})
    assert after["places"]["a"] == before["places"]["a"]


def test_a_secret_shows_itself_nowhere():
    locker = Locker(places={"a": Secret(SECRET)})
    assert SECRET not in repr(locker)
    assert SECRET not in str(locker.places)
    assert [place for place, _ in secrets_of(locker)] == ["places.a"]
    with pytest.raises(Exception, match="sealed before"):
        locker.model_dump_json()
