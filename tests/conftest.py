"""The servers that tests use: real ones, private to this run."""

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from onebox.mongodb import MongoDB
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for servers' data; short, because sockets have short names."""
    place = tmp_path_factory.mktemp("servers")
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def secrets(folder: Path) -> Secrets:
    return Secrets(folder)


@pytest.fixture(scope="session")
async def mongodb(folder: Path) -> AsyncIterator[MongoDB]:
    server = await MongoDB.start(folder / "mongodb")
    yield server
    await server.stop()


@pytest.fixture(scope="session")
async def rabbitmq(folder: Path, secrets: Secrets) -> AsyncIterator[RabbitMQ]:
    from onebox.house import write_definitions

    server = await RabbitMQ.start(folder / "rabbitmq", definitions=write_definitions(folder / "rabbitmq", secrets))
    yield server
    await server.stop()


@pytest.fixture
def database() -> str:
    """The name of a database that no other test uses."""
    return f"t{uuid.uuid4().hex[:12]}"
