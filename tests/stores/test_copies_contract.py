"""What copies of other services' things keep to, on PyMongo and on motor."""

import asyncio
import gc
import itertools
import random
import threading
import warnings
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from onebox.mongodb import MongoDB
from onebox.ports import free_port
from shared.connecting import close, connect, safe
from shared.contracts.envelope import Envelope
from shared.contracts.problem import Unavailable
from shared.copying import Copies
from shared.facts import now
from shared.storing import StoreUnavailable
from tests.waiting import until

GONE = None


def news(sequence: int) -> Envelope:
    return Envelope(
        id=f"e{sequence}",
        source="/test",
        subject="alice",
        type="profile.test.thing.changed.v1",
        time=now(),
        sequence=f"{sequence:010}",
        data={},
    )


@pytest.fixture
async def copies(client: Any, database: str) -> AsyncIterator[Copies]:
    made = Copies(safe(client[database], "copies"))
    await made.prepare()
    yield made
    await client.drop_database(database)


async def take(copies: Copies, sequence: int, *, thing: str = "membership", owner: str = "alice") -> None:
    await copies.take(owner, thing, news(sequence), {"told by": sequence})


async def told(copies: Copies, thing: str = "membership", owner: str = "alice") -> Any:
    return (await copies.of(owner, 10)).get(thing)


async def test_what_was_taken_is_given_by_owner_and_by_name(copies: Copies):
    await take(copies, 1)
    await take(copies, 2, thing="another")
    await take(copies, 3, owner="bob")
    assert await copies.of("alice", 10) == {"another": {"told by": 2}, "membership": {"told by": 1}}
    assert await copies.of("nobody", 10) == {}
    assert await copies.named("membership", ["alice", "nobody", "bob"]) == {
        "alice": {"told by": 1},
        "bob": {"told by": 3},
    }
    assert await copies.named("membership", []) == {}


async def test_newer_news_counts_and_older_does_not(copies: Copies):
    for sequence, newest in ((2, 2), (1, 2), (10, 10), (9, 10), (10, 10)):
        await take(copies, sequence)
        assert await told(copies) == {"told by": newest}


async def test_the_same_news_counts_once(copies: Copies):
    await take(copies, 1)
    await copies.take("alice", "membership", news(1), {"told by": "somebody else"})
    assert await told(copies) == {"told by": 1}


async def test_what_is_gone_stays_gone_for_older_news_and_comes_back_with_newer(copies: Copies):
    await take(copies, 1)
    await copies.take("alice", "membership", news(3), GONE)
    assert await told(copies) is None
    assert await copies.named("membership", ["alice"]) == {}
    await take(copies, 2)
    await take(copies, 3)
    assert await told(copies) is None
    await take(copies, 4)
    assert await told(copies) == {"told by": 4}


async def test_what_was_never_there_can_be_gone(copies: Copies):
    await copies.take("alice", "membership", news(2), GONE)
    await take(copies, 1)
    assert await copies.of("alice", 10) == {}


async def test_things_of_one_name_and_names_in_names_are_kept_apart(copies: Copies):
    places = [("alice", "a b"), ("alice a", "b"), ("alice", "a"), ("alice\r", "a"), ("alice ", "a"), ("al", "ice a")]
    for sequence, (owner, thing) in enumerate(places, 1):
        await take(copies, sequence, owner=owner, thing=thing)
    for sequence, (owner, thing) in enumerate(places, 1):
        assert await told(copies, thing, owner) == {"told by": sequence}


async def test_only_so_many_are_given_and_none_that_is_gone_among_them(copies: Copies):
    for number in range(6):
        await take(copies, 1, thing=f"t{number}")
    for number in range(3):
        await copies.take("alice", f"t{number}", news(2), GONE)
    assert set(await copies.of("alice", 2)) == {"t3", "t4"}
    assert set(await copies.of("alice", 10)) == {"t3", "t4", "t5"}
    assert await copies.of("alice", 0) == {}


async def insist(copies: Copies, sequence: int, facts: Mapping[str, Any] | None) -> None:
    """Take news as a consumer does: again while the database could not say that it is safe."""
    async with asyncio.timeout(10):
        while True:
            try:
                await copies.take("alice", "membership", news(sequence), facts)
            except StoreUnavailable:
                continue
            return


@pytest.mark.parametrize("last", [{"told by": 12}, GONE], ids=["there", "gone"])
async def test_of_many_at_once_the_newest_counts(client: Any, copies: Copies, database: str, last: Any):
    other = Copies(safe(client[database], "copies"))
    for turn in range(8):
        sequences = [*range(1, 13), *range(1, 13)]
        random.Random(turn).shuffle(sequences)  # noqa: S311  # an order
        await asyncio.gather(
            *(
                insist(where, sequence, last if sequence == 12 else {"told by": sequence})
                for where, sequence in zip(itertools.cycle((copies, other)), sequences, strict=False)
            )
        )
        assert await told(copies) == last
        assert await client[database]["copies"].count_documents({}) == 1
        await client[database]["copies"].delete_many({})


async def test_nobody_is_told_that_news_is_kept_which_is_not(client: Any, copies: Copies, database: str):
    """Two that are both the first to tell of a thing may get in each other's way; then one is told so."""
    for turn in range(30):
        answers = await asyncio.gather(
            *(copies.take(f"owner {turn}", "membership", news(sequence), {}) for sequence in (1, 2, 3, 4)),
            return_exceptions=True,
        )
        assert {type(answer) for answer in answers if answer} <= {StoreUnavailable}
        kept = await client[database]["copies"].find_one({"owner": f"owner {turn}"})
        taken = [sequence for sequence, answer in enumerate(answers, 1) if answer is None]
        assert int(kept["sequence"]) == max(taken)


async def test_without_a_database_a_writer_and_a_reader_are_told_so(client: Any, mongodb: MongoDB):
    driver = "pymongo" if type(client).__name__ == "AsyncMongoClient" else "motor"
    before = set(threading.enumerate())
    away = connect(f"mongodb://127.0.0.1:{free_port()}/?directConnection=true", driver, serverSelectionTimeoutMS=50)
    copies = Copies(safe(away["away"], "copies"))
    with pytest.raises(StoreUnavailable):
        await take(copies, 1)
    with pytest.raises(Unavailable):
        await copies.of("alice", 10)
    with pytest.raises(Unavailable):
        await copies.named("membership", ["alice"])
    assert await copies.of("alice", 0) == {}, "which needs no database"
    # The drivers leave a socket open that they connect while they are closed.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        await close(away)
        await until(lambda: not [one for one in set(threading.enumerate()) - before if "monitor" in one.name])
        gc.collect()


async def test_what_an_owner_has_is_found_by_an_index(client: Any, copies: Copies, database: str):
    collection = safe(client[database], "copies")
    await collection.insert_many(
        [
            {"_id": f"o{number}\nt", "owner": f"o{number}", "thing": "t", "sequence": "1", "facts": {}}
            for number in range(2000)
        ]
    )
    plan = await client[database].command(
        {
            "explain": {
                "find": "copies",
                "filter": {"owner": "o7", "facts": {"$ne": None}},
                "sort": {"_id": 1},
                "limit": 200,
            },
            "verbosity": "executionStats",
        }
    )
    assert plan["executionStats"]["totalDocsExamined"] == 1
