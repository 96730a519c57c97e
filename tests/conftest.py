"""The servers and the portal that tests use: real ones, private to this run."""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from onebox.accounts import Account
from onebox.house import Plan, address, processes, write_definitions
from onebox.mongodb import MongoDB
from onebox.ports import free_port
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets
from onebox.token import token
from shared.connecting import close, connect

# A server that the environment names may be in use: tests take none but their own.
for _name in ("MONGO_URL", "AMQP_URL", "LOCAL_BROKER", "FAILPOINT"):
    os.environ.pop(_name, None)

PEOPLE = (
    Account("alice", "Alice", "Lindqvist", "alice@contoso.example"),
    Account("bob", "Bob", "Okafor", "bob@contoso.example"),
    *(Account(f"person{n}", "Person", f"Number {n}", f"person{n}@contoso.example") for n in range(120)),
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for the servers' data."""
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
async def mongo(mongodb: MongoDB) -> AsyncIterator[Any]:
    """A client of the database server, to look behind the processes."""
    client = connect(mongodb.url)
    yield client
    await close(client)


@pytest.fixture(scope="session")
async def rabbitmq(folder: Path, secrets: Secrets) -> AsyncIterator[RabbitMQ]:
    server = await RabbitMQ.start(folder / "rabbitmq", definitions=write_definitions(folder / "rabbitmq", secrets))
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def plan(secrets: Secrets, mongodb: MongoDB, rabbitmq: RabbitMQ) -> Plan:
    """The settings of each process."""
    return Plan(secrets, mongodb, rabbitmq)


@pytest.fixture(scope="session")
def gateway_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def provider(gateway_port: int) -> Iterator[Provider]:
    port = free_port()
    server = Provider.start(port=port, public_url=address(port), gateway_url=address(gateway_port), accounts=PEOPLE)
    yield server
    server.stop()


@dataclass(frozen=True)
class Portal:
    """The whole portal, as a person or a program reaches it."""

    url: str
    ports: dict[str, int]
    provider: Provider

    async def token(self, account: str) -> str:
        """Get an access token of a test person from the provider."""
        return await token(self.provider.issuer, account, people=PEOPLE)


@pytest.fixture(scope="session")
async def portal(plan: Plan, provider: Provider, gateway_port: int) -> AsyncIterator[Portal]:
    async with processes(plan, provider, port=gateway_port) as ports:
        yield Portal(address(gateway_port), ports, provider)


@pytest.fixture(scope="session")
def _unused_people() -> Iterator[str]:
    return (person.user_name for person in PEOPLE[2:])


@pytest.fixture
def someone(_unused_people: Iterator[str]) -> str:
    """An account that no other test has used; it can sign in with the demo password."""
    return next(_unused_people)


class Caller:
    """Call the API as one account."""

    def __init__(self, http: aiohttp.ClientSession, url: str, bearer: str | None) -> None:
        self._http, self._url = http, url
        self._headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}

    async def __call__(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **more: Any
    ) -> tuple[int, Any]:
        """Give the status and the decoded answer."""
        if body is not None:
            more["json"] = body
        async with self._http.request(
            method, f"{self._url}/api{path}", headers={**self._headers, **(headers or {})}, **more
        ) as response:
            return response.status, await response.json(content_type=None) if response.content_length != 0 else None


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def api(portal: Portal, http: aiohttp.ClientSession, someone: str) -> Caller:
    """The API, called by someone new."""
    return Caller(http, portal.url, await portal.token(someone))


@pytest.fixture
def database() -> str:
    """The name of a database that no other test uses."""
    return f"t{uuid.uuid4().hex[:12]}"
