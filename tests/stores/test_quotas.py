"""Of many sends that are reserved at once, by however many processes, only as many are as there may be."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import bson
import pytest
from prometheus_client import CollectorRegistry
from pymongo.errors import AutoReconnect

from onebox.mongodb import MongoDB
from security_info import reserving
from security_info.quotas import WINDOW, Allowance
from security_info.reserving import Quotas, Reservation
from shared.connecting import close, connect, safe
from shared.contracts.problem import Unavailable
from shared.contracts.security_info import TooManySends
from shared.facts import now

KEY = b"k" * 32
NUMBER, ADDRESS = "tel:+46701740605", "mailto:somebody@home.example"
CEILINGS = {"text": 1000, "call": 1000, "mail": 1000}
SECOND = timedelta(seconds=1)


class Processes:
    """Several processes that reserve, each with connections of its own, at one clock."""

    def __init__(self, mongodb: MongoDB, database: str, stack: AsyncExitStack) -> None:
        self._url, self._database, self._stack = mongodb.url, database, stack
        self.registries: list[CollectorRegistry] = []

    async def start(self, many: int = 1, *, sends: int = 5, **ceilings: int) -> list[Quotas]:
        started = []
        for _ in range(many):
            client = connect(self._url)
            self._stack.push_async_callback(close, client)
            self.registries.append(CollectorRegistry())
            quotas = Quotas(
                safe(client[self._database], "sends"),
                key=KEY,
                allowance=Allowance(sends=sends),
                ceilings={**CEILINGS, **ceilings},
                registry=self.registries[-1],
            )
            await quotas.prepare()
            started.append(quotas)
        return started

    def refused(self, quota: str) -> float:
        return sum(one.get_sample_value("codes_refused_total", {"quota": quota}) or 0 for one in self.registries)


@pytest.fixture
async def processes(mongodb: MongoDB, database: str, mongo: Any) -> AsyncIterator[Processes]:
    async with AsyncExitStack() as stack:
        yield Processes(mongodb, database, stack)
    await mongo.drop_database(database)


@pytest.fixture
def kept(mongo: Any, database: str) -> Any:
    return mongo[database]["sends"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let time stand still, early in an hour, and pass as it is told."""

    class Clock:
        moment = now().replace(minute=5, second=0, microsecond=0)

        def __call__(self) -> Any:
            return self.moment

    standing = Clock()
    monkeypatch.setattr(reserving, "now", standing)
    return standing


async def outcome(
    quotas: Quotas, command: str, target: str = NUMBER, way: Any = "text", account: str | None = None
) -> str:
    try:
        reservation = await quotas.reserve(command, account or f"of {command}", quotas.digest(target), way)
    except TooManySends:
        return "refused"
    return "fresh" if reservation.ceiling else "had"


@pytest.mark.parametrize("turn", range(3))
async def test_of_fifty_at_once_to_one_target_five_are_reserved(processes: Processes, kept: Any, turn: int):
    several = await processes.start(4)
    came = await asyncio.gather(*(outcome(several[n % 4], f"c{n}") for n in range(50)))
    assert Counter(came) == {"fresh": 5, "refused": 45}
    (target,) = await kept.find({"_id": {"$regex": "^target:"}}).to_list(None)
    assert len({send["command"] for send in target["sends"]}) == len(target["sends"]) == 5
    (hour,) = await kept.find({"_id": {"$regex": "^all:"}}).to_list(None)
    assert hour["count"] == 5
    assert processes.refused("target") == 45


async def test_each_target_has_an_hour_of_its_own(processes: Processes):
    (quotas,) = await processes.start(sends=1)
    assert [await outcome(quotas, f"c{n}", f"tel:+4670{n}") for n in range(3)] == ["fresh"] * 3
    assert await outcome(quotas, "c9", "tel:+46700") == "refused"


async def test_a_command_that_is_sent_again_has_what_it_has(processes: Processes):
    several = await processes.start(3, sends=1)
    came = await asyncio.gather(*(outcome(several[n % 3], "the same") for n in range(30)))
    assert Counter(came) == {"fresh": 1, "had": 29}
    assert await outcome(several[0], "another") == "refused"


async def test_a_command_has_what_it_has_also_where_there_is_no_room_any_more(processes: Processes):
    (quotas,) = await processes.start()
    for number in range(5):
        await outcome(quotas, f"c{number}")
    assert [await outcome(quotas, f"c{number}") for number in range(6)] == ["had"] * 5 + ["refused"]


async def test_what_is_given_back_is_free_for_another(processes: Processes, kept: Any):
    (quotas,) = await processes.start(sends=2)
    digest = quotas.digest(NUMBER)
    first = await quotas.reserve("c1", "one", digest, "text")
    await quotas.reserve("c2", "two", digest, "text")
    assert await outcome(quotas, "c3") == "refused"
    for _ in range(3):
        await quotas.release(first)
    assert await outcome(quotas, "c4") == "fresh"
    assert await outcome(quotas, "c5") == "refused"
    assert (await kept.find_one({"_id": f"target:{digest}"}))["sends"][0]["command"] == "c2"


async def test_sends_that_are_refused_and_given_back_at_once_leave_nothing(processes: Processes, kept: Any):
    several = await processes.start(3)
    digest = several[0].digest(NUMBER)

    async def reserve_and_give_back(number: int) -> None:
        quotas = several[number % 3]
        try:
            reservation = await quotas.reserve(f"c{number}", f"of {number}", digest, "text")
        except TooManySends:
            return
        await quotas.release(reservation)

    await asyncio.gather(*(reserve_and_give_back(number) for number in range(40)))
    assert (await kept.find_one({"_id": f"target:{digest}"}))["sends"] == []
    assert [hour["count"] async for hour in kept.find({"_id": {"$regex": "^all:"}})] == [0]


async def test_whatever_an_account_asks_for_at_once_it_holds_no_more_than_it_may_send(
    processes: Processes, kept: Any, clock: Any
):
    several = await processes.start(3)
    came = await asyncio.gather(
        *(outcome(several[n % 3], f"c{n}", f"tel:+4670{n}", account="greedy") for n in range(60))
    )
    assert Counter(came) == {"fresh": 5, "refused": 55}
    assert processes.refused("account") == 55
    (hour,) = await kept.find({"_id": {"$regex": "^all:"}}).to_list(None)
    assert hour["count"] == 5, "the others have not touched the ceiling"
    with pytest.raises(TooManySends) as refused:
        await several[0].reserve("c60", "greedy", several[0].digest("tel:+4671"), "text")
    assert refused.value.until == clock.moment + WINDOW
    assert await outcome(several[1], "c61", "tel:+46700", account="modest") == "fresh"


@pytest.mark.parametrize(("way", "other"), [("text", "call"), ("call", "mail"), ("mail", "text")])
async def test_of_sixty_at_once_no_more_go_out_in_an_hour_than_the_ceiling(
    processes: Processes, kept: Any, clock: Any, way: str, other: str
):
    several = await processes.start(3, **{way: 17})
    came = await asyncio.gather(*(outcome(several[n % 3], f"c{n}", f"tel:+4670{n}", way) for n in range(60)))
    assert Counter(came) == {"fresh": 17, "refused": 43}
    assert processes.refused("all") == 43
    assert await outcome(several[0], "another way", ADDRESS, other) == "fresh"
    targets = await kept.find({"_id": {"$regex": "^target:"}, "sends.0": {"$exists": True}}).to_list(None)
    assert len(targets) == 18, "whoever was refused has no send counted"
    clock.moment += timedelta(minutes=54, seconds=59)
    assert await outcome(several[1], "late", "tel:+46701", way) == "refused"
    clock.moment += SECOND
    assert await outcome(several[1], "next", "tel:+46701", way) == "fresh"


async def test_a_ceiling_says_when_the_next_hour_begins(processes: Processes, clock: Any):
    (quotas,) = await processes.start(text=1)
    await outcome(quotas, "c1")
    with pytest.raises(TooManySends) as refused:
        await quotas.reserve("c2", "two", quotas.digest(ADDRESS), "text")
    assert refused.value.until == clock.moment.replace(minute=0) + WINDOW
    assert refused.value.retry_after == 55 * 60 + 1


async def test_the_sixth_fits_when_the_first_has_passed_and_is_told_roughly_when(processes: Processes, clock: Any):
    (quotas,) = await processes.start()
    first = clock.moment
    for number in range(5):
        assert await outcome(quotas, f"c{number}") == "fresh"
        clock.moment += timedelta(minutes=10)
    with pytest.raises(TooManySends) as refused:
        await quotas.reserve("c5", "six", quotas.digest(NUMBER), "text")
    assert refused.value.until == clock.moment + WINDOW, "when others were sent codes is theirs to know"
    clock.moment = first + WINDOW - SECOND
    assert await outcome(quotas, "c6") == "refused"
    clock.moment = first + WINDOW
    assert [await outcome(quotas, "c7"), await outcome(quotas, "c8")] == ["fresh", "refused"]


async def test_what_counts_no_more_is_forgotten(processes: Processes, kept: Any, clock: Any):
    (quotas,) = await processes.start()
    await outcome(quotas, "c1")
    indexes = await kept.index_information()
    assert [one["expireAfterSeconds"] for one in indexes.values() if one["key"] == [("forget_at", 1)]] == [0]
    ends = {one["_id"].split(":")[0]: one["forget_at"] async for one in kept.find()}
    assert ends["target"].replace(tzinfo=clock.moment.tzinfo) == clock.moment + WINDOW
    assert ends["all"].replace(tzinfo=clock.moment.tzinfo) >= clock.moment.replace(minute=0) + WINDOW


async def test_the_alarm_is_one_line_per_hour_and_channel(processes: Processes, clock: Any, capsys: Any, caplog: Any):
    caplog.set_level(logging.DEBUG)
    (quotas,) = await processes.start(text=1, call=1)

    def alarms() -> int:
        said = capsys.readouterr()
        return (said.out + said.err + caplog.text).count("the ceiling is reached")

    for way in ("text", "call"):
        for number in range(4):
            await outcome(quotas, f"{way}{number}", f"tel:{way}{number}", way)
    assert alarms() == 2
    assert processes.refused("all") == 6
    clock.moment += WINDOW
    caplog.clear()
    for number in range(3):
        await outcome(quotas, f"again{number}", f"tel:{number}", "text")
    assert alarms() == 1


async def test_only_keyed_hashes_lie_there(processes: Processes, kept: Any):
    (quotas,) = await processes.start()
    for number, (target, way) in enumerate(((NUMBER, "text"), (NUMBER, "call"), (ADDRESS, "mail"))):
        await outcome(quotas, f"{number:064x}", target, way)
    lying = b"".join([bson.encode(document) async for document in kept.find()])
    for hidden in (b"+46", b"701740605", b"tel", b"mailto", b"somebody", b"home.example", KEY):
        assert hidden not in lying
    documents = await kept.find().to_list(None)
    assert {frozenset(document) for document in documents} == {
        frozenset({"_id", "sends", "forget_at"}),
        frozenset({"_id", "count", "forget_at"}),
    }
    assert sum(len(document.get("sends", ())) for document in documents) == 6


def test_a_hash_needs_the_key_and_tells_targets_apart():
    def digest(key: bytes, target: str) -> str:
        made = Quotas(Lost(), key=key, allowance=Allowance(), ceilings={}, registry=CollectorRegistry())
        return made.digest(target)

    assert digest(KEY, NUMBER) == digest(KEY, NUMBER) != digest(KEY, ADDRESS)
    assert digest(KEY, NUMBER) != digest(b"x" * 32, NUMBER)
    assert len(digest(KEY, NUMBER)) == 64


class Lost:
    """A collection whose server is gone."""

    async def find_one_and_update(self, *_given: Any, **_more: Any) -> Any:
        raise AutoReconnect

    update_one = find_one_and_update


async def test_without_its_database_nothing_is_sent_and_giving_back_fails_quietly():
    lost = Quotas(Lost(), key=KEY, allowance=Allowance(), ceilings=CEILINGS, registry=CollectorRegistry())
    with pytest.raises(Unavailable):
        await lost.reserve("c", "a", "d", "text")
    await lost.release(Reservation("c", ("target:d",), "all:text"))
