"""privacy ends as by `kill -9` around a reaction, and its history has each event once."""

import pytest

from tests.faults.checking import Behind, history_of
from tests.faults.listening import emptied, waiting_in


@pytest.mark.parametrize("place", ["during a reaction", "after a reaction"])
async def test_the_history_has_each_event_once(place, spawn, holder, behind: Behind, fault_plan):
    own_queue = fault_plan.broker_url("privacy")
    await emptied(own_queue, "privacy")
    who, process, privacy = holder(), spawn("security-info"), spawn("privacy")
    await privacy.launch(failpoint=place)
    await process.start()
    await privacy.until_ready()
    method = await who.registered(process)
    for number in range(20):
        await who.rename(method, f"Name {number}")(process)
    await privacy.ended()
    assert privacy.died_by_sigkill
    await privacy.start()
    await history_of(who, privacy, await behind.news(who))
    assert await waiting_in(own_queue, "privacy.dead") == 0


async def test_two_replicas_share_the_work(spawn, holder, behind: Behind):
    who, process, one, other = holder(), spawn("security-info"), spawn("privacy"), spawn("privacy")
    for started in (process, one, other):
        await started.launch()
    for started in (process, one, other):
        await started.until_ready()
    method = await who.registered(process)
    for number in range(40):
        await who.rename(method, f"Name {number}")(process)
    news = await behind.news(who)
    await history_of(who, one, news)
    await history_of(who, other, news)
