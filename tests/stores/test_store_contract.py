"""What every shelf keeps to, on PyMongo, on motor and in memory."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, ConfigDict

from shared.contracts.event import REGISTER, Event
from shared.contracts.problem import CommandReused, NotFound, Problem, Remembered, TooManyChanges
from shared.deciding import Actor, Command, Decision
from shared.facts import Facts, now
from shared.storing import Filed, Store
from shared.testing import facts_at


class Counted(Event):
    wire: ClassVar[str] = "profile.test.count.counted.v1"
    count: int


REGISTER.pop(Counted.wire)  # known to this test alone


class Thing(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    count: int = 0
    names: dict[str, str] = {}


def command(id_: str = "c1", digest: str = "d") -> Command:
    return Command(id=id_, digest=digest, actor=Actor("user", "alice"))


def add(thing: Thing, _facts: Facts, *, by: int = 1) -> Decision[Thing]:
    count = thing.count + by
    return Decision(thing.model_copy(update={"count": count}), {"count": count}, (Counted(count=count),))


def name(thing: Thing, facts: Facts, *, as_: str) -> Decision[Thing]:
    return Decision(thing.model_copy(update={"names": {**thing.names, facts.id("name"): as_}}))


def guess(thing: Thing, _facts: Facts) -> Decision[Thing]:
    if thing.count >= 3:
        raise NotFound
    return Decision(thing.model_copy(update={"count": thing.count + 1}), refusal=Problem())


@pytest.fixture
def store(shelf: Any) -> Store[Thing]:
    return Store(shelf, Thing, source="/test", empty=Thing)


async def test_a_key_without_a_document_is_empty(store: Store[Thing]):
    assert await store.read("alice") == Thing()


async def test_several_are_read_at_once_and_those_that_are_not_there_are_left_out(store: Store[Thing]):
    for key, by in (("alice", 1), ("bob", 2), ("chandra", 3)):
        await store.change(key, partial(add, by=by), command=command())
    assert await store.read_many(["chandra", "nobody", "alice", "alice"]) == {
        "alice": Thing(count=1),
        "chandra": Thing(count=3),
    }
    assert await store.read_many(["nobody"]) == {}
    assert await store.read_many([]) == {}


async def test_several_are_loaded_without_what_a_reader_does_not_need(store: Store[Thing], shelf: Any):
    await store.change("alice", add, command=command("c1"))
    await store.change("alice", add, command=command("c2"))
    await shelf.park("alice", (await shelf.outbox("alice"))[0]["id"], "too large")
    assert await shelf.load_many(["alice", "nobody"]) == {"alice": await shelf.load("alice", commands=False)}
    assert not {"outbox", "parked", "commands"} & (await shelf.load_many(["alice"]))["alice"].keys()


async def test_fields_that_a_reader_does_not_need_are_not_loaded(store: Store[Thing], shelf: Any):
    await store.change("alice", add, command=command("c1"))
    await store.change("alice", partial(name, as_="Alice"), command=command("c2"))
    whole = await store.read("alice")
    assert (whole.count, list(whole.names.values())) == (1, ["Alice"])
    assert await store.read("alice", without=("names",)) == Thing(count=1)
    assert await store.read_many(["alice"], without=("count",)) == {"alice": Thing(names=whole.names)}
    assert "names" not in await shelf.load("alice", commands=True, without=("names",))
    assert await store.read("alice") == whole, "what was not read is there as before"


async def test_as_many_are_loaded_as_were_asked_for(store: Store[Thing], shelf: Any):
    keys = [f"person {number}" for number in range(150)]
    await asyncio.gather(*(store.change(key, partial(name, as_=key), command=command()) for key in keys))
    assert set(await shelf.load_many(keys)) == set(keys)


async def test_a_change_is_read_again(store: Store[Thing]):
    outcome = await store.change("alice", add, command=command())
    assert outcome.answer == {"count": 1}
    assert await store.read("alice") == Thing(count=1)
    assert await store.read("bob") == Thing()


async def test_the_news_lies_with_the_change_in_order(store: Store[Thing], shelf: Any):
    await store.change("alice", add, command=command("c1"))
    await store.change("alice", add, command=command("c2"))
    events = [entry["event"] for entry in await shelf.outbox("alice")]
    assert [event["data"] for event in events] == [{"count": 1}, {"count": 2}]
    assert [event["sequence"] for event in events] == ["0000000001", "0000000002"]
    assert [event["causationid"] for event in events] == ["c1", "c2"]
    assert {(event["source"], event["subject"], event["account"]) for event in events} == {("/test", "alice", "alice")}


async def test_a_repeated_command_happens_once_and_is_answered_again(store: Store[Thing], shelf: Any):
    first = await store.change("alice", add, command=command())
    again = await store.change("alice", add, command=command())
    assert again.answer == first.answer
    assert (await store.read("alice")).count == 1
    assert len(await shelf.outbox("alice")) == 1


async def test_an_id_that_stands_for_another_request_is_refused(store: Store[Thing]):
    await store.change("alice", add, command=command(digest="one"))
    with pytest.raises(CommandReused):
        await store.change("alice", add, command=command(digest="other"))


async def test_a_refusal_can_be_saved_and_is_given_again(store: Store[Thing]):
    with pytest.raises(Problem):
        await store.change("alice", guess, command=command())
    assert (await store.read("alice")).count == 1
    with pytest.raises(Remembered) as again:
        await store.change("alice", guess, command=command())
    assert again.value.document()["key"] == "unexpected"
    assert (await store.read("alice")).count == 1


async def test_a_rule_that_raises_changes_nothing(store: Store[Thing], shelf: Any):
    def refuse(_thing: Thing, _facts: Facts) -> Decision[Thing]:
        raise NotFound

    with pytest.raises(NotFound):
        await store.change("alice", refuse, command=command())
    assert await shelf.load("alice", commands=True) is None


async def test_a_change_that_changes_nothing_writes_nothing(store: Store[Thing], shelf: Any):
    await store.change("alice", lambda thing, _facts: Decision(thing), command=command())
    assert await shelf.load("alice", commands=True) is None


async def test_of_twenty_five_at_once_none_is_lost(store: Store[Thing], shelf: Any):
    others = Store(shelf, Thing, source="/test", empty=Thing)
    await asyncio.gather(
        *(
            (store, others)[n % 2].change("alice", partial(name, as_=str(n)), command=command(f"c{n}"))
            for n in range(25)
        )
    )
    assert sorted(map(int, (await store.read("alice")).names.values())) == list(range(25))


async def test_twenty_wrong_guesses_at_once_are_counted_three_times(store: Store[Thing], shelf: Any):
    others = Store(shelf, Thing, source="/test", empty=Thing)
    answers = await asyncio.gather(
        *((store, others)[n % 2].change("alice", guess, command=command(f"c{n}")) for n in range(20)),
        return_exceptions=True,
    )
    assert sorted(str(answer) for answer in answers) == ["not_found"] * 17 + ["unexpected"] * 3
    assert (await store.read("alice")).count == 3


async def test_an_older_process_keeps_what_a_newer_one_wrote(store: Store[Thing], shelf: Any):
    await shelf.save("alice", 0, Filed({"count": 1, "newer": "kept"}, "c0", {"at": now(), "digest": ""}))
    await store.change("alice", add, command=command())
    assert (await shelf.load("alice", commands=False))["newer"] == "kept"


async def test_a_stale_save_does_not_happen(store: Store[Thing], shelf: Any):
    await store.change("alice", add, command=command())
    filed = Filed({"count": 9}, "c9", {"at": now(), "digest": ""})
    assert not await shelf.save("alice", 0, filed)
    assert not await shelf.save("alice", 7, filed)
    assert (await store.read("alice")).count == 1


async def test_what_was_sent_leaves_the_outbox_and_no_change_brings_it_back(store: Store[Thing], shelf: Any):
    await store.change("alice", add, command=command("c1"))
    await store.change("alice", add, command=command("c2"))
    first = (await shelf.outbox("alice"))[0]["id"]
    await shelf.sent("alice", [first])
    await store.change("alice", add, command=command("c3"))
    assert [entry["event"]["data"]["count"] for entry in await shelf.outbox("alice")] == [2, 3]


async def test_what_waits_is_found_oldest_first(shelf: Any):
    for key, hour in (("bob", "10"), ("alice", "09"), ("chandra", "11")):
        facts = facts_at(f"2026-03-01T{hour}:00:00+00:00")
        store = Store(shelf, Thing, source="/test", empty=Thing, draw=lambda facts=facts: facts)
        await store.change(key, add, command=command())
    moment = facts_at("2026-03-01T10:30:00+00:00").now
    assert await shelf.waiting(moment, 10) == ["alice", "bob"]
    assert await shelf.waiting(moment, 1) == ["alice"]


async def test_a_parked_entry_waits_for_a_person(store: Store[Thing], shelf: Any):
    await store.change("alice", add, command=command())
    (entry,) = await shelf.outbox("alice")
    await shelf.park("alice", entry["id"], "too large")
    assert await shelf.outbox("alice") == []
    assert await shelf.waiting(now() + timedelta(hours=1), 10) == []


async def test_commands_are_forgotten_after_a_day_and_the_oldest_of_too_many(
    shelf: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shared.storing.store.MOST_COMMANDS", 4)
    hours = iter((25, 25, 23, 22, 0, 0, 0))
    store = Store(
        shelf, Thing, source="/test", empty=Thing, draw=lambda: Facts(now=now() - timedelta(hours=next(hours)))
    )
    for id_ in ("old-1", "old-2", "recent-1", "recent-2", "today-1"):
        await store.change("alice", add, command=command(id_))
    assert set((await shelf.load("alice", commands=True))["commands"]) == {"recent-1", "recent-2", "today-1"}
    for id_ in ("today-2", "today-3"):
        await store.change("alice", add, command=command(id_))
    assert set((await shelf.load("alice", commands=True))["commands"]) == {
        "recent-2",
        "today-1",
        "today-2",
        "today-3",
    }


async def test_commands_that_only_we_can_send_again_are_forgotten_soon(shelf: Any):
    seconds = iter((31, 31, 29, 0))
    store = Store(
        shelf, Thing, source="/test", empty=Thing, draw=lambda: Facts(now=now() - timedelta(seconds=next(seconds)))
    )
    for id_, brief in (("old", True), ("kept", False), ("recent", True), ("today", False)):
        await store.change("alice", add, command=replace(command(id_), brief=brief))
    assert set((await shelf.load("alice", commands=True))["commands"]) == {"kept", "recent", "today"}


async def test_where_there_are_too_many_those_that_nobody_can_send_again_by_a_key_go_first(
    shelf: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shared.storing.store.MOST_COMMANDS", 3)
    store = Store(shelf, Thing, source="/test", empty=Thing)
    for id_, brief in (("own", False), ("line-1", True), ("line-2", True), ("line-3", True)):
        await store.change("alice", add, command=replace(command(id_), brief=brief))
    assert set((await shelf.load("alice", commands=True))["commands"]) == {"own", "line-2", "line-3"}


async def test_a_document_holds_only_so_much_news(store: Store[Thing], shelf: Any, monkeypatch: pytest.MonkeyPatch):
    for place in ("shared.storing.mongo", "shared.testing"):
        monkeypatch.setattr(f"{place}.MOST_WAITING", 3)
    for number in range(3):
        await store.change("alice", add, command=command(f"c{number}"))
    with pytest.raises(TooManyChanges):
        await store.change("alice", add, command=command("one-more"))
    assert (await store.read("alice")).count == 3
    quiet = partial(name, as_="no news")
    await store.change("alice", quiet, command=command("quiet"))
    await shelf.sent("alice", [(await shelf.outbox("alice"))[0]["id"]])
    await store.change("alice", add, command=command("one-more"))
    assert (await store.read("alice")).count == 4
