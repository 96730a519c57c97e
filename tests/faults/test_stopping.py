"""SIGTERM: what was begun is finished, acknowledged and announced before the process ends."""

import asyncio
import signal
import time

from tests.faults.checking import Behind
from tests.faults.proxy import Line
from tests.spawning import until

DRAIN = 10.0


async def test_requests_in_flight_are_finished_and_announced(spawn, holder, mongo, database):
    process = spawn("security-info", drain_seconds=DRAIN)
    async with Line.to(process.settings["mongo_url"]) as line:
        process.settings["mongo_url"] = line.url
        await process.start()
        people = [holder() for _ in range(8)]
        methods = await asyncio.gather(*(who.registered(process) for who in people))
        line.hold()
        renaming = [
            asyncio.create_task(who.rename(method, "Renamed")(process))
            for who, method in zip(people, methods, strict=True)
        ]

        async def all_wait() -> bool:
            return line.held >= len(people)

        await until(all_wait, what="every request at the database")
        begun = time.monotonic()
        process.signal(signal.SIGTERM)
        await process.wrote('"stopping"')
        process.signal(signal.SIGTERM)
        line.release()
        answers = await asyncio.gather(*renaming)
        assert {answer.status for answer in answers} == {200}
        assert await process.ended() == 0
        assert time.monotonic() - begun < DRAIN
        accounts = mongo[f"{database}_security_info"]["accounts"]
        theirs = {"_id": {"$in": [who.account for who in people]}}  # what other tests did is heard here as well
        assert await accounts.count_documents(theirs) == len(people)
        async for account in accounts.find(theirs):
            assert account["sequence"] == 3
            assert account["outbox"] == [], "it ended before its news was out"
        assert '"level": "error"' not in process.text


async def test_everything_is_heard_after_the_stop(spawn, holder, behind: Behind):
    who, process = holder(), spawn("security-info")
    await process.start()
    method = await who.registered(process)
    await asyncio.gather(*(who.rename(method, f"Name {number}")(process) for number in range(10)))
    assert await process.terminate() == 0
    assert len(await behind.news(who, seconds=0.5)) == 12


async def test_a_broker_that_is_away_does_not_hold_the_stop_up(spawn, holder, fault_plan):
    nobody = fault_plan.broker_url("security-info").rpartition(":")[0] + ":1/"
    who, process = holder(), spawn("security-info", amqp_url=nobody, drain_seconds=DRAIN)
    await process.launch()
    await process.wrote('"ready"')
    await who.registered(process)
    begun = time.monotonic()
    assert await process.terminate() == 0
    assert time.monotonic() - begun < DRAIN


async def test_a_process_that_still_waits_for_its_database_stops_at_once(spawn):
    process = spawn("security-info", mongo_url="mongodb://127.0.0.1:1/?directConnection=true")
    await process.launch()
    await process.wrote("waiting for the database")
    begun = time.monotonic()
    assert await process.terminate() == 0
    assert time.monotonic() - begun < 5
    assert "Traceback" not in process.text
