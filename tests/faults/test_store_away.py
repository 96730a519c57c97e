"""privacy's database goes away, or answers and takes no writes: no event is lost or given up."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pymongo import AsyncMongoClient

from onebox.mongodb import MongoDB
from shared.connecting import close, connect
from tests.faults.checking import Behind, history_of
from tests.faults.listening import waiting_in
from tests.spawning import until


@pytest.fixture
async def own_mongodb(tmp_path: Path) -> AsyncIterator[list[MongoDB]]:
    """A database server that a test may end and put another in the place of."""
    servers = [await MongoDB.start(tmp_path)]
    yield servers
    await servers[-1].kill()


async def test_events_wait_for_a_database_that_is_away(
    *, own_mongodb, tmp_path, spawn, holder, behind: Behind, fault_plan
):
    url = own_mongodb[0].url
    who, process, privacy = holder(), spawn("security-info"), spawn("privacy", mongo_url=url)
    await process.start()
    await privacy.start()
    method = await who.registered(process)
    await own_mongodb[0].kill()
    for number in range(40):
        assert (await who.rename(method, f"Name {number}")(process)).ok
    news = await behind.news(who)
    await privacy.wrote("our store takes nothing; events wait")
    assert await privacy.health() == 503
    assert await waiting_in(fault_plan.broker_url("privacy"), "privacy.dead") == 0
    own_mongodb.append(await MongoDB.start(tmp_path, port=urlsplit(url).port))
    await history_of(who, privacy, news)
    assert await waiting_in(fault_plan.broker_url("privacy"), "privacy.dead") == 0
    await privacy.kill9()


async def test_events_wait_for_a_database_that_takes_no_writes(own_mongodb, spawn, holder, behind: Behind, fault_plan):
    client: AsyncMongoClient = connect(own_mongodb[0].url)
    who, process, privacy = holder(), spawn("security-info"), spawn("privacy", mongo_url=own_mongodb[0].url)
    await process.start()
    await privacy.start()
    method = await who.registered(process)
    await client.admin.command("replSetStepDown", 8, force=True)
    for number in range(20):
        assert (await who.rename(method, f"Name {number}")(process)).ok
    news = await behind.news(who)

    async def leads_again() -> bool:
        return bool((await client.admin.command("hello"))["isWritablePrimary"])

    await until(leads_again, seconds=40, what="the primary")
    await history_of(who, privacy, news)
    assert await waiting_in(fault_plan.broker_url("privacy"), "privacy.dead") == 0
    await close(client)
    await privacy.kill9()
