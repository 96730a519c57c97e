"""A broker of this folder's own, and services as processes that a test may kill."""

import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from pydantic_core import from_json

from onebox.house import Plan, write_definitions
from onebox.mongodb import MongoDB
from onebox.mongodb_users import database_of
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import PROCESSES, SUBSCRIBER, Secrets
from shared.identifying import Signer
from tests.faults.checking import Behind
from tests.faults.listening import Listener
from tests.faults.members import Member
from tests.faults.people import Holder
from tests.proving import Prover
from tests.spawning import Spawned

Spawn = Callable[..., Spawned]


@pytest.fixture(scope="session")
async def broker(folder: Path, secrets: Secrets) -> AsyncIterator[RabbitMQ]:
    """A broker that tests here may stop, as long as they start it again."""
    place = folder / "rabbitmq-of-faults"
    server = await RabbitMQ.start(place, definitions=write_definitions(place, secrets))
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def fault_plan(secrets: Secrets, mongodb: MongoDB, broker: RabbitMQ) -> Plan:
    return Plan(secrets, mongodb, broker)


@pytest.fixture(scope="session")
def subscriber_url(fault_plan: Plan) -> str:
    return str(fault_plan.broker_url(SUBSCRIBER))


@pytest.fixture(scope="session")
def signer(secrets: Secrets) -> Signer:
    return Signer(OKPKey.import_key(from_json(secrets.signing_key)))


@pytest.fixture
def holder(signer: Signer, prover: Prover, http: Any) -> Callable[[], Holder]:
    """Make someone new."""
    return lambda: Holder(signer, prover, http)


@pytest.fixture
def member(signer: Signer, prover: Prover, http: Any) -> Member:
    """Someone new whom a directory knows."""
    return Member(signer, prover, http)


@asynccontextmanager
async def spawning(plan: Plan, http: Any, database: str) -> AsyncIterator[Spawn]:
    """Give what makes services as processes, each with a user and a database for this test alone.

    None of them outlives the block. Who is given another `mongo_url` signs in as whoever that names. In a *hurry*, what
    waits with letters waits so many times shorter; for *lease* seconds, where given, a letter is one sender's.
    """
    made: list[Spawned] = []
    databases = {name: f"{database}_{database_of(name)}" for name in PROCESSES}
    await plan.create_users(databases)

    def spawn(name: str, *, hurry: float = 1, lease: float | None = None, **settings: Any) -> Spawned:
        own = {"database": databases[name], "mongo_url": plan.mongo_url(name, databases[name])}
        hurried = {"service": name, "hurry": hurry, "lease": lease} if hurry != 1 or lease else {}
        module = "tests.faults.hurried" if hurried else None
        made.append(Spawned(name, {**plan.service(name), **own, **hurried, **settings}, http, module=module))
        return made[-1]

    try:
        yield spawn
    finally:
        for process in made:
            await process.kill9()
            sys.stdout.write(f"--- {process.name}\n{process.text}\n")  # shown where the test fails


@pytest.fixture
async def spawn(fault_plan: Plan, http: Any, database: str) -> AsyncIterator[Spawn]:
    """Make a service that is not started yet, on this test's database, with its settings or others."""
    async with spawning(fault_plan, http, database) as made:
        yield made


@pytest.fixture(scope="module")
def shared_database() -> str:
    """The name of a database that all tests of a module use, where its processes can be shared."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
async def shared_spawn(fault_plan: Plan, http: Any, shared_database: str) -> AsyncIterator[Spawn]:
    """Make services that live as long as a module's tests, on the module's database."""
    async with spawning(fault_plan, http, shared_database) as made:
        yield made


@pytest.fixture
async def listener(subscriber_url: str) -> AsyncIterator[Listener]:
    """An independent system that listens from the beginning of the test on."""
    made = await Listener.listen(subscriber_url)
    yield made
    await made.leave()


@pytest.fixture
def behind(mongo: Any, database: str, listener: Listener, subscriber_url: str) -> Behind:
    """What can be seen behind security-info."""
    return Behind(mongo[f"{database}_security_info"]["accounts"], listener, subscriber_url)


@pytest.fixture
def behind_devices(mongo: Any, database: str, listener: Listener, subscriber_url: str) -> Behind:
    """What can be seen behind devices."""
    return Behind(mongo[f"{database}_devices"]["accounts"], listener, subscriber_url, source="/devices")


@pytest.fixture
def behind_organizations(mongo: Any, database: str, listener: Listener, subscriber_url: str) -> Behind:
    """What can be seen behind organizations."""
    return Behind(mongo[f"{database}_organizations"]["accounts"], listener, subscriber_url, source="/organizations")
