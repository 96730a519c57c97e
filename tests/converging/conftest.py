import asyncio
import uuid
from collections.abc import Coroutine, Iterator
from itertools import count
from typing import Any

import pytest

from onebox.mongodb import MongoDB
from shared.connecting import close, connect


class RealDatabase:
    """A database for many examples: one loop for all of them, and names that no other example has."""

    def __init__(self, runner: asyncio.Runner, url: str) -> None:
        self._runner = runner
        self._url = url
        self._name = f"t{uuid.uuid4().hex[:12]}"
        self._tags = count()
        self._clients: list[Any] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run what asks the database."""
        return self._runner.run(work)

    def tag(self) -> str:
        """Give what tells the names of one example apart."""
        return f"-{next(self._tags)}"

    async def connect(self) -> Any:
        """Give the database, by a connection of its own."""
        self._clients.append(connect(self._url))
        return self._clients[-1][self._name]

    async def drop(self) -> None:
        await (await self.connect()).client.drop_database(self._name)
        for client in self._clients:
            await close(client)


@pytest.fixture(scope="module")
def real(mongodb: MongoDB) -> Iterator[RealDatabase]:
    """A real database that examples may ask."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        database = RealDatabase(runner, mongodb.url)
        yield database
        runner.run(database.drop())
