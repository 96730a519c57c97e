"""What only the real database can show."""

from datetime import UTC, datetime
from typing import Any

import pytest

from onebox.mongodb import MongoDB
from shared.connecting import Driver, close, connect, expire, safe
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
