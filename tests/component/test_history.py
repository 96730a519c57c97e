"""The history page by page: each entry once, none left out, also where many happened in one moment."""

from datetime import timedelta

import pytest

from gateway.documents import EVENTS
from privacy.history.activity import Activity
from shared.connecting import safe
from shared.contracts.envelope import Envelope
from shared.facts import Facts, now
from tests.component.composing import EXAMPLES


@pytest.fixture
async def remember(mongo):
    """Enter events into the history of the running service."""
    activity = Activity(safe(mongo["privacy"], "activity"))

    async def entering(account, moments):
        for number, at in enumerate(moments):
            wire = EVENTS[number % len(EVENTS)].wire
            told = {"id": Facts().id(f"{account}{number}"), "time": at, "account": account, "subject": account}
            await activity.remember(Envelope.model_validate(EXAMPLES[wire] | told))

    return entering


@pytest.mark.parametrize("limit", [1, 2, 7, 30])
async def test_pages_put_together_are_the_history(remember, service, limit):
    account = f"paging-{limit}"
    begun = now() - timedelta(days=30)
    moments = [begun + timedelta(milliseconds=number // 5) for number in range(23)]
    await remember(account, moments)
    ask, entries, place = service("privacy", account), [], None
    while True:
        query = {"limit": str(limit), **({"before": place} if place else {})}
        status, page = await ask("GET", "/activity", params=query)
        assert status == 200
        assert len(page["entries"]) <= limit
        entries += page["entries"]
        place = page["next"]
        if place is None:
            break
    assert len({entry["id"] for entry in entries}) == len(entries) == 23
    order = [(entry["at"], entry["id"]) for entry in entries]
    assert order == sorted(order, reverse=True)


async def test_a_place_in_anothers_history_shows_ones_own(remember, service):
    moment = now() - timedelta(days=30)
    await remember("placed-one", [moment, moment + timedelta(hours=1)])
    await remember("placed-two", [moment])
    _, page = await service("privacy", "placed-one")("GET", "/activity", params={"limit": "1"})
    _, others = await service("privacy", "placed-two")("GET", "/activity", params={"before": page["next"]})
    assert len(others["entries"]) == 1
    _, nobody = await service("privacy", "placed-three")("GET", "/activity", params={"before": page["next"]})
    assert nobody["entries"] == []


async def test_a_search_needs_every_word(remember, service):
    await remember("searching", [now() - timedelta(minutes=n) for n in range(7)])
    ask = service("privacy", "searching")
    for words, found in (("firefox", 7), ("FIREFOX linux", 7), ("renamed", 1), ("renamed chrome", 0), ("fire.ox", 0)):
        _, page = await ask("GET", "/activity", params={"q": words})
        assert len(page["entries"]) == found, words
