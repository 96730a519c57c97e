"""What only the real database can show."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onebox.mongodb import MongoDB
from shared.connecting import Driver, close, connect, expire, safe
from shared.storing import Filed
from shared.storing.mongo import MongoShelf


async def test_the_relays_question_reads_only_what_waits(mongodb: MongoDB, database: str):
    client = connect(mongodb.url)
    collection = safe(client[database], "things")
    await MongoShelf(collection).prepare()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    documents: list[dict[str, Any]] = [{"_id": f"{n}", "outbox": []} for n in range(2000)]
    documents[7]["outbox"] = [{"id": "e", "at": at}]
    await collection.insert_many(documents)
    plan = await client[database].command(
        {
            "explain": {
                "find": "things",
                "filter": {"outbox.at": {"$lt": datetime.now(UTC)}},
                "projection": {"_id": 1},
                "sort": {"outbox.at": 1},
                "limit": 200,
            },
            "verbosity": "executionStats",
        }
    )
    assert plan["executionStats"]["totalDocsExamined"] == 1
    assert plan["executionStats"]["totalKeysExamined"] <= 2
    await client.drop_database(database)
    await close(client)


@pytest.mark.parametrize("driver", ["pymongo", "motor"])
async def test_a_newer_version_may_keep_documents_for_another_time(mongodb: MongoDB, database: str, driver: Driver):
    client = connect(mongodb.url, driver)
    collection = safe(client[database], "sessions")
    for seconds in (60, 60, 3600):
        await expire(collection, "ends_at", seconds)
        assert (await collection.index_information())["ends_at_1"]["expireAfterSeconds"] == seconds
    await client.drop_database(database)
    await close(client)


async def test_the_senders_question_reads_only_what_is_due_and_letters_gone_cost_nothing(
    mongodb: MongoDB, database: str
):
    client = connect(mongodb.url)
    collection = safe(client[database], "things")
    shelf = MongoShelf(collection)
    await shelf.prepare()
    moment = datetime.now(UTC).replace(microsecond=0)
    documents: list[dict[str, Any]] = [
        {"_id": f"{n}", "version": 1, **({"letters": []} if n % 2 else {})} for n in range(2000)
    ]
    for n in range(300):
        due = moment + timedelta(minutes=200 - n)
        documents[n]["letters"] = [{"id": "l", "due_at": due}, {"id": "later", "due_at": due + timedelta(days=1)}]
    await collection.insert_many(documents)
    await client[database].command("profile", 2)
    assert await shelf.with_letters_due(moment, 200) == [f"{n}" for n in range(299, 200, -1)]
    assert await shelf.with_letters_due(moment, 10, skip=5) == [f"{n}" for n in range(294, 284, -1)]
    await client[database].command("profile", 0)
    asked = await client[database]["system.profile"].find({"op": "query"}).sort("ts").to_list(2)
    assert [one["planSummary"] for one in asked] == ["IXSCAN { letters.due_at: 1 }"] * 2
    assert [one["docsExamined"] for one in asked] == [99, 10]
    assert all(one["keysExamined"] <= 100 for one in asked)

    async def keys() -> int:
        return int((await client[database].command("validate", "things"))["keysPerIndex"]["letters"])

    assert await keys() == 600
    for n in range(300):
        filed = Filed({}, f"c{n}", {"at": moment, "digest": ""}, settled=["l", "later"])
        assert await shelf.save(f"{n}", 1, filed)
    assert (await collection.find_one({"_id": "7"}))["letters"] == []
    assert await keys() == 0
    await client.drop_database(database)
    await close(client)
