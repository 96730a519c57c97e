from collections.abc import AsyncIterator
from typing import Any

import pytest

from onebox.mongodb import MongoDB
from shared.connecting import close, connect, safe
from shared.sealing import Sealer
from shared.storing.mongo import MongoShelf
from shared.testing import MemoryShelf

MASTER = {"local": {"key": bytes(range(96))}}


@pytest.fixture(params=["pymongo", "motor"])
async def client(request: pytest.FixtureRequest, mongodb: MongoDB) -> AsyncIterator[Any]:
    client = connect(mongodb.url, request.param)
    yield client
    await close(client)


@pytest.fixture(params=["pymongo", "motor", "memory"])
async def shelf(request: pytest.FixtureRequest, mongodb: MongoDB, database: str) -> AsyncIterator[Any]:
    if request.param == "memory":
        yield MemoryShelf()
        return
    client = connect(mongodb.url, request.param)
    shelf = MongoShelf(safe(client[database], "things"))
    await shelf.prepare()
    yield shelf
    await client.drop_database(database)
    await close(client)


@pytest.fixture
def sealer_kms() -> dict[str, Any]:
    return MASTER


@pytest.fixture
async def sealer(client: Any, database: str) -> AsyncIterator[Sealer]:
    sealer = Sealer(client, vault=f"{database}.keys", kms=MASTER, master=None)
    await sealer.prepare()
    yield sealer
    await sealer.close()
    await client.drop_database(database)
