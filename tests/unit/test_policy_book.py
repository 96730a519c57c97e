"""What the process knows of policies is read once for all who wait, again after news, and never half."""

import asyncio
import time
from typing import Any

import pytest

from security_info import policies
from security_info.policies import KEPT_SECONDS, PolicyBook
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import OrganizationChanged
from shared.contracts.problem import Unavailable


class Entries:
    """Copies in memory whose reading takes until it is let go on, or fails."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.reads = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def take(self, _owner: str, thing: str, _envelope: Envelope, facts: dict[str, Any]) -> None:
        self.kept[thing] = facts

    async def of(self, _owner: str, _limit: int) -> dict[str, dict[str, Any]]:
        self.reads += 1
        found = dict(self.kept)
        await self.gate.wait()
        if self.fails:
            raise Unavailable
        return found

    def put(self, name: str, required: int) -> None:
        self.kept[name] = {"name": name.title(), "policy": {"two_step": {"required": required}}}


@pytest.fixture
def entries() -> Entries:
    return Entries()


@pytest.fixture
def book(entries: Entries) -> PolicyBook:
    made = PolicyBook(None)  # type: ignore[arg-type]  # the copies are in memory
    made._copies = entries  # type: ignore[assignment]  # they answer as `Copies` would
    return made


def required(book: PolicyBook) -> int:
    return book.of(["contoso"]).need("two_step", []).required


def news(need: int) -> tuple[OrganizationChanged, Any]:
    told = {"two_step": {"required": need}}
    return OrganizationChanged(
        organization_id="contoso", name="Contoso", privacy_statement=None, security_policy=told
    ), None


async def settled() -> None:
    """Let every task go as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_whoever_comes_while_the_first_is_reading_waits_for_it_and_sees_the_policy(
    book: PolicyBook, entries: Entries
):
    entries.put("contoso", 2)
    entries.gate.clear()
    seen = []

    async def refreshed() -> None:
        await book.refresh()
        seen.append(required(book))

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(refreshed())
        await settled()
        assert seen == []
        entries.gate.set()
    assert (seen, entries.reads) == ([2, 2, 2], 1)


async def test_news_that_comes_while_it_is_read_is_read_again(book: PolicyBook, entries: Entries):
    entries.put("contoso", 1)
    entries.gate.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(book.refresh())
        await settled()
        await book.take(*news(2))
        entries.gate.set()
    await book.refresh()
    assert (required(book), entries.reads) == (2, 2)


async def test_news_counts_at_the_next_reading_and_nothing_is_read_without_need(book: PolicyBook, entries: Entries):
    await book.take(*news(1))
    for need in (1, 2):
        await book.take(*news(need))
        for _ in range(3):
            await book.refresh()
        assert required(book) == need
    assert entries.reads == 2


async def test_what_another_replica_heard_is_seen_after_a_while(
    book: PolicyBook, entries: Entries, monkeypatch: pytest.MonkeyPatch
):
    began = time.monotonic()
    clock = [began]
    monkeypatch.setattr(policies.time, "monotonic", lambda: clock[0])
    await book.refresh()
    entries.put("contoso", 2)
    clock[0] = began + KEPT_SECONDS - 1
    await book.refresh()
    assert required(book) == 0
    clock[0] = began + KEPT_SECONDS
    await book.refresh()
    assert required(book) == 2


async def test_who_cannot_read_is_told_so_and_the_next_one_reads(book: PolicyBook, entries: Entries):
    entries.put("contoso", 2)
    entries.fails = True
    entries.gate.clear()
    tries = [asyncio.create_task(book.refresh()) for _ in range(2)]
    await settled()
    entries.gate.set()
    failed = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in failed] == [Unavailable] * 2
    entries.fails = False
    await book.refresh()
    assert required(book) == 2


async def test_one_policy_that_nobody_understands_keeps_no_other_from_being_read(book: PolicyBook, entries: Entries):
    entries.put("contoso", 2)
    entries.kept["newer"] = {"name": "Newer", "policy": {"two_step": {"methods": [{"type": "phone"}]}, "keys": 7}}
    await book.refresh()
    assert required(book) == 2
    assert book.of(["newer"]).told[0].policy.two_step.methods == ()
