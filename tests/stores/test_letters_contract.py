"""What every shelf keeps to about letters, on PyMongo, on motor and in memory."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import bson
import pytest

from onebox.mongodb import MongoDB
from shared.connecting import close, connect
from shared.contracts.problem import CommandReused, NotFound, TooManyChanges
from shared.deciding import Actor, Command, Decision
from shared.facts import now
from shared.sealing import Sealer, SealError
from shared.storing import Filed, Store
from shared.testing import MemoryShelf, facts_at
from tests.posting import ADDRESS, CODE, Box, Sent, letter, write
from tests.stores.conftest import MASTER

HOUR, LATER = timedelta(hours=1), timedelta(seconds=45)


@pytest.fixture
async def seal(mongodb: MongoDB, database: str) -> AsyncIterator[Sealer]:
    client = connect(mongodb.url)
    sealer = Sealer(client, vault=f"{database}_keys.keys", kms=MASTER, master=None)
    await sealer.prepare()
    yield sealer
    await sealer.close()
    await client.drop_database(f"{database}_keys")
    await close(client)


@pytest.fixture
def store(shelf: Any, seal: Sealer) -> Store[Box]:
    return Store(shelf, Box, source="/test", empty=Box, sealer=seal)


async def raw(shelf: Any, key: str) -> dict[str, Any]:
    """Give a document as it lies there."""
    if isinstance(shelf, MemoryShelf):
        return shelf._get(key) or {}
    return await shelf._collection.find_one({"_id": key}) or {}


async def settle(store: Store[Box], key: str, *ids: str) -> None:
    def rule(box: Box, _facts: Any) -> Decision[Box]:
        return Decision(box, news=tuple(Sent(letter=id_) for id_ in ids), settled=ids)

    await store.change(key, rule, command=Command(f"settle-{'-'.join(ids)}", "d", Actor("system", "sender")))


async def ids(shelf: Any, key: str = "alice") -> list[str]:
    return [waiting.id for waiting in await shelf.letters(key)]


async def test_a_letter_lies_with_the_change_that_wrote_it_and_shows_nothing(store: Store[Box], shelf: Any):
    written = letter()
    await write(store, "alice", written)
    assert (await store.read("alice")).written == 1
    document = await raw(shelf, "alice")
    assert document["version"] == 1
    lying = bson.encode(document)
    for hidden in (ADDRESS, ADDRESS.split("@")[1], CODE, "code is", '"to"'):
        assert hidden.encode() not in lying
    (waiting,) = await shelf.letters("alice")
    assert (waiting.key, waiting.id, waiting.kind, waiting.channel) == ("alice", "l1", "code", "mail")
    assert (waiting.language, waiting.about, waiting.attempts) == ("sv", "m1", 0)
    assert timedelta(0) <= written.due_at - waiting.due_at < timedelta(milliseconds=1)
    opened, _ = await store.opened(waiting)
    assert (opened.to, opened.fields, opened.expires_at) == (ADDRESS, {"code": CODE}, waiting.expires_at)
    assert ADDRESS not in repr(opened)
    assert CODE not in repr(opened)
    assert repr(waiting.content) not in repr(waiting)


async def test_whoever_reads_the_state_does_not_get_its_letters(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())
    assert "letters" not in await shelf.load("alice", commands=True)
    assert "letters" not in (await shelf.load_many(["alice"]))["alice"]


async def test_where_nobody_wrote_there_is_nothing(store: Store[Box], shelf: Any):
    assert await shelf.letters("nobody") == []
    assert await shelf.with_letters_due(now() + HOUR, 10) == []


async def test_a_repeated_command_writes_no_second_letter(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())
    await write(store, "alice", letter())
    assert await ids(shelf) == ["l1"]


async def test_a_change_that_is_refused_or_lost_writes_none(store: Store[Box], shelf: Any):
    def refuse(_box: Box, _facts: Any) -> Decision[Box]:
        raise NotFound

    with pytest.raises(NotFound):
        await store.change("alice", refuse, command=Command("c", "d", Actor("user", "alice")))
    await write(store, "alice", letter())
    with pytest.raises(CommandReused):
        await store.change("alice", refuse, command=Command("write-l1", "other", Actor("user", "alice")))
    assert not await shelf.save("alice", 7, Filed({}, "c", {"at": now(), "digest": ""}, letters=[{"id": "lost"}]))
    assert await ids(shelf) == ["l1"]


async def test_a_rule_that_tells_no_account_cannot_write_any(shelf: Any, seal: Sealer):
    for store in (
        Store(shelf, Box, source="/test", empty=Box),
        Store(shelf, Box, source="/test", empty=Box, sealer=seal, account_of=lambda _key, _state: None),
    ):
        with pytest.raises(TypeError):
            await write(store, "alice", letter())
    assert await raw(shelf, "alice") == {}


async def test_a_letter_that_was_moved_to_another_document_does_not_open(store: Store[Box], shelf: Any):
    await write(store, "alice", letter("a1"), letter("a2"))
    await write(store, "bob", letter("b1"))
    first, second = (await raw(shelf, "alice"))["letters"]
    exchanged = {**first, "id": "a3", "content": second["content"]}
    for key, entries in (("bob", [first, second]), ("alice", [exchanged])):
        version = (await raw(shelf, key))["version"]
        assert await shelf.save(key, version, Filed({}, "moving", {"at": now(), "digest": ""}, letters=entries))
    for key, opens in (("alice", {"a1", "a2"}), ("bob", {"b1"})):
        assert set(await ids(shelf, key)) == {"a1", "a2", "a3" if key == "alice" else "b1"}
        for waiting in await shelf.letters(key):
            if waiting.id in opens:
                assert (await store.opened(waiting))[0].to == ADDRESS
            else:
                with pytest.raises(SealError):
                    await store.opened(waiting)


async def test_a_document_holds_only_so_many(store: Store[Box], shelf: Any, monkeypatch: pytest.MonkeyPatch):
    for place in ("shared.storing.mongo", "shared.testing"):
        monkeypatch.setattr(f"{place}.MOST_LETTERS", 3)
    for number in range(3):
        await write(store, "alice", letter(f"l{number}"))
    with pytest.raises(TooManyChanges):
        await write(store, "alice", letter("one-more"))
    assert (await store.read("alice")).written == 3
    await write(store, "bob", letter("another's"))
    await settle(store, "alice", "l1")
    await write(store, "alice", letter("one-more"))
    assert await ids(shelf) == ["l0", "l2", "one-more"]


async def test_where_both_are_full_a_change_with_both_is_refused(
    store: Store[Box], shelf: Any, monkeypatch: pytest.MonkeyPatch
):
    for place in ("shared.storing.mongo", "shared.testing"):
        monkeypatch.setattr(f"{place}.MOST_LETTERS", 1)
        monkeypatch.setattr(f"{place}.MOST_WAITING", 1)

    def rule(box: Box, _facts: Any) -> Decision[Box]:
        return Decision(box, news=(Sent(letter="x"),), letters=(letter(),))

    await store.change("alice", rule, command=Command("c1", "d", Actor("user", "alice")))
    for emptied in ("nothing", "news", "letters"):
        if emptied == "news":
            await shelf.sent("alice", [entry["id"] for entry in await shelf.outbox("alice")])
        elif emptied == "letters":
            await settle(store, "alice", "l1")  # which is news again
        with pytest.raises(TooManyChanges):
            await store.change("alice", rule, command=Command("c2", "d", Actor("user", "alice")))


async def test_letters_come_or_go_in_one_change_never_both(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())

    def rule(box: Box, _facts: Any) -> Decision[Box]:
        return Decision(box, letters=(letter("l2"),), settled=("l1",))

    with pytest.raises(TypeError):
        await store.change("alice", rule, command=Command("c", "d", Actor("user", "alice")))
    assert await ids(shelf) == ["l1"]


async def test_of_many_who_claim_at_once_one_has_it(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())
    (waiting,) = await shelf.letters("alice")
    until = now() + LATER
    claims = await asyncio.gather(*(shelf.claim(waiting, until + n * HOUR) for n in range(8)))
    (mine,) = [claim for claim in claims if claim]
    assert await shelf.letters("alice") == [mine]
    assert (mine.attempts, mine.content) == (1, waiting.content)
    assert await shelf.claim(waiting, until) is None


async def test_what_was_claimed_may_be_claimed_again_when_the_claim_ends(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())
    (waiting,) = await shelf.letters("alice")
    mine = await shelf.claim(waiting, now() + LATER)
    assert await shelf.with_letters_due(now(), 10) == []
    assert await shelf.with_letters_due(now() + 2 * LATER, 10) == ["alice"]
    (left,) = await shelf.letters("alice")
    assert left == mine
    assert (await shelf.claim(left, now() + 2 * LATER)).attempts == 2


async def test_what_is_gone_is_not_claimed_and_does_not_come_back(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())
    (waiting,) = await shelf.letters("alice")
    await settle(store, "alice", "l1")
    assert await shelf.claim(waiting, now() + LATER) is None
    await shelf.postpone(waiting, now() + LATER)
    assert await shelf.letters("alice") == []


async def test_one_letter_is_claimed_and_its_neighbours_stay_as_they_are(store: Store[Box], shelf: Any):
    at = facts_at("2026-03-01T09:00:00+00:00").now
    await write(store, "alice", *(letter(f"l{number}", due_at=at) for number in range(3)))
    middle = next(waiting for waiting in await shelf.letters("alice") if waiting.id == "l1")
    await shelf.claim(middle, at + HOUR)
    assert [(one.id, one.due_at - at, one.attempts) for one in await shelf.letters("alice")] == [
        ("l0", timedelta(0), 0),
        ("l2", timedelta(0), 0),
        ("l1", HOUR, 1),
    ]


async def test_whoever_claimed_may_postpone_and_nobody_else(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())
    (waiting,) = await shelf.letters("alice")
    late = await shelf.claim(waiting, now() + timedelta(milliseconds=1))
    next_one = await shelf.claim(late, now() + LATER)
    await shelf.postpone(late, now())
    assert await shelf.letters("alice") == [next_one]
    await shelf.postpone(next_one, now())
    (postponed,) = await shelf.letters("alice")
    assert postponed.due_at <= now()
    assert postponed.attempts == 2


async def test_what_is_due_is_found_longest_due_first_by_pages(store: Store[Box], shelf: Any):
    at = facts_at("2026-03-01T09:00:00+00:00").now
    for key, hours in (("bob", (2, 7)), ("alice", (8, 1)), ("chandra", (3,)), ("dana", (5,))):
        await write(store, key, *(letter(f"{key}{hour}", due_at=at + hour * HOUR) for hour in hours))
    assert await shelf.with_letters_due(at + 4 * HOUR, 10) == ["alice", "bob", "chandra"]
    assert await shelf.with_letters_due(at + 4 * HOUR, 2) == ["alice", "bob"]
    assert await shelf.with_letters_due(at + 4 * HOUR, 2, skip=1) == ["bob", "chandra"]
    assert await shelf.with_letters_due(at + 4 * HOUR, 2, skip=3) == []
    assert await shelf.with_letters_due(at + HOUR, 10) == []
    assert await ids(shelf, "alice") == ["alice1", "alice8"]


async def test_what_was_settled_is_gone_with_the_same_change_that_tells_of_it(store: Store[Box], shelf: Any):
    await write(store, "alice", letter("l1"), letter("l2"), letter("l3"))
    await settle(store, "alice", "l1", "l3")
    assert await ids(shelf) == ["l2"]
    assert [entry["event"]["data"]["letter"] for entry in await shelf.outbox("alice")] == ["l1", "l3"]
    assert (await raw(shelf, "alice"))["version"] == 2


async def test_what_a_newer_version_says_of_a_letter_is_kept_and_in_nobodys_way(store: Store[Box], shelf: Any):
    await write(store, "alice", letter())
    entry = {**(await raw(shelf, "alice"))["letters"][0], "id": "newer", "priority": "high"}
    await shelf.save("alice", 1, Filed({}, "c", {"at": now(), "digest": ""}, letters=[entry]))
    newer = next(waiting for waiting in await shelf.letters("alice") if waiting.id == "newer")
    assert await shelf.claim(newer, now() + LATER)
    assert (await raw(shelf, "alice"))["letters"][1]["priority"] == "high"
