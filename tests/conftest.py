"""The servers and the portal that tests use: real ones, private to this run."""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from onebox.accounts import Account
from onebox.house import Plan, address, processes, write_definitions
from onebox.mailbox import Mailbox
from onebox.mailbox import mailbox as receiving
from onebox.mongodb import MongoDB
from onebox.ports import free_port
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets
from onebox.systems import EVERY_ORGANIZATION, EVERY_SCOPE, System
from onebox.token import system_token, token
from shared.connecting import close, connect
from tests.arriving import Post
from tests.key_makers import MAKER
from tests.proving import Prover, session_of

# A server that the environment names may be in use: tests take none but their own.
for _name in ("MONGO_URL", "AMQP_URL", "LOCAL_BROKER", "FAILPOINT"):
    os.environ.pop(_name, None)

PEOPLE = (
    Account("alice", "Alice", "Lindqvist", "alice@contoso.example"),
    Account("bob", "Bob", "Okafor", "bob@contoso.example"),
    *(Account(f"person{n}", "Person", f"Number {n}", f"person{n}@contoso.example") for n in range(520)),
)

SYSTEMS = (
    System("all", (EVERY_ORGANIZATION,)),
    System("contoso", ("contoso",)),
    System("fabrikam", ("fabrikam",)),
    System("nobody", ()),
    System("administrator", (EVERY_ORGANIZATION,), acts_for="administrator"),
    *(
        System(f"no-{lacked}", (EVERY_ORGANIZATION,), tuple(scope for scope in EVERY_SCOPE if scope != lacked))
        for lacked in EVERY_SCOPE
    ),
)
"""Systems with every scope and some organizations, and with every organization and every scope but one."""


UNHURRIED = {"code_pause_seconds": 0, "notice_delay_seconds": 0.5}
"""Settings by which nobody who tests has to wait, but for the quotas in an hour."""


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
async def mailbox(folder: Path, secrets: Secrets) -> AsyncIterator[Mailbox]:
    """Where whatever is sent to people arrives."""
    async with receiving(folder / "mailbox", secret=secrets.webhook_secret) as box:
        yield box


@pytest.fixture
def post(mailbox: Mailbox, http: aiohttp.ClientSession) -> Post:
    """What the mailbox has got."""
    return Post(http, mailbox.url)


@pytest.fixture(scope="session")
async def plan(folder: Path, secrets: Secrets, mongodb: MongoDB, rabbitmq: RabbitMQ, mailbox: Mailbox) -> Plan:
    """The settings of each process, whose database users are there."""
    roots = folder / "roots.pem"
    roots.write_bytes(MAKER.root)
    made = Plan(secrets, mongodb, rabbitmq, attestation_roots=roots, mailbox=mailbox, writing=UNHURRIED)
    await made.create_users()
    return made


@pytest.fixture(scope="session")
def gateway_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def provider(gateway_port: int) -> Iterator[Provider]:
    port = free_port()
    server = Provider.start(
        port=port,
        public_url=address(port),
        gateway_url=address(gateway_port),
        accounts=PEOPLE,
        systems=SYSTEMS,
    )
    yield server
    server.stop()


@pytest.fixture(scope="session")
def prover(secrets: Secrets) -> Prover:
    """Who signs proofs as this run's security-info does."""
    return Prover(secrets)


@dataclass(frozen=True)
class Portal:
    """The whole portal, as a person or a program reaches it."""

    url: str
    ports: dict[str, int]
    provider: Provider
    prover: Prover

    async def token(self, account: str) -> str:
        """Get an access token of a test person from the provider."""
        return await token(self.provider.issuer, account, people=PEOPLE)

    async def proven(self, account: str) -> tuple[str, dict[str, str]]:
        """Get an access token of a test person, and a header with a proof that is good for it."""
        bearer = await self.token(account)
        return bearer, self.prover.header(account, session_of(bearer))

    async def system_token(self, name: str) -> str:
        """Get an access token of a system's own from the provider."""
        system = next(system for system in SYSTEMS if system.name == name)
        return await system_token(self.provider.issuer, system, self.provider.system_secrets[system.client_id])


@pytest.fixture(scope="session")
async def portal(plan: Plan, provider: Provider, gateway_port: int, prover: Prover) -> AsyncIterator[Portal]:
    async with processes(plan, provider, port=gateway_port) as ports:
        yield Portal(address(gateway_port), ports, provider, prover)


@pytest.fixture(scope="session")
def _unused_people() -> Iterator[str]:
    return (person.user_name for person in PEOPLE[2:])


@pytest.fixture
def someone(_unused_people: Iterator[str]) -> str:
    """An account that no other test has used; it can sign in with the demo password."""
    return next(_unused_people)


class Caller:
    """Call the API as one account; where a recent proof is needed, the sign-in gives one unless *proves* is false."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        bearer: str | None,
        *,
        proves: bool = True,
        proof: dict[str, str] | None = None,
    ) -> None:
        self._http, self._url = http, url
        self._headers = {**({"Authorization": f"Bearer {bearer}"} if bearer else {}), **(proof or {})}
        self._proves = proves

    async def __call__(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **more: Any
    ) -> tuple[int, Any]:
        """Give the status and the decoded answer."""
        status, answer = await self._asked(method, path, body, headers or {}, more)
        if status == HTTPStatus.UNAUTHORIZED and self._proves and answer["key"] == "proof_needed":
            self._headers["Proof"] = await self.prove()
            return await self._asked(method, path, body, headers or {}, more)
        return status, answer

    async def prove(self, **wish: Any) -> str:
        """Get a proof by the sign-in of just now; *wish* names scopes."""
        status, challenge = await self._asked("POST", "/security-info/proofs", wish, {}, {})
        assert status == HTTPStatus.CREATED, challenge
        return str(challenge["given"]["proof"])

    async def _asked(
        self, method: str, path: str, body: Any, headers: dict[str, str], more: dict[str, Any]
    ) -> tuple[int, Any]:
        if body is not None:
            more = {**more, "json": body}
        async with self._http.request(
            method, f"{self._url}/api{path}", headers={**self._headers, **headers}, **more
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


@pytest.fixture(scope="session")
async def system(portal: Portal, http: aiohttp.ClientSession) -> Callable[[str], Awaitable[Caller]]:
    """Make a caller of `/api/system`: one of `SYSTEMS`, by its name."""
    callers: dict[str, Caller] = {}

    async def calling_as(name: str) -> Caller:
        if name not in callers:
            callers[name] = Caller(http, portal.url, await portal.system_token(name))
        return callers[name]

    return calling_as


@pytest.fixture(scope="session")
async def directory(system: Callable[[str], Awaitable[Caller]]) -> Caller:
    """The directory: a system with every scope for every organization; Contoso and Fabrikam are known to it."""
    caller = await system("all")
    for organization in ("contoso", "fabrikam"):
        wish = {
            "name": organization.title(),
            "privacy_statement": f"https://{organization}.example/privacy",
            "contacts": [{"role": "privacy", "name": "Privacy office", "email": f"privacy@{organization}.example"}],
        }
        status, answer = await caller("PUT", f"/system/organizations/{organization}", wish)
        assert status == 200, answer
    return caller


@pytest.fixture
async def member(directory: Caller, someone: str) -> str:
    """An account that the directory knows: at home in Contoso, and a member of Fabrikam."""
    wish = {"home_organization": "contoso", "profile": {"name": "Member Person", "title": "Tester"}}
    status, answer = await directory("PUT", f"/system/accounts/{someone}", wish)
    assert status == 200, answer
    status, answer = await directory("PUT", f"/system/accounts/{someone}/organizations/fabrikam")
    assert status == 204, answer
    return someone


@pytest.fixture
def database() -> str:
    """The name of a database that no other test uses."""
    return f"t{uuid.uuid4().hex[:12]}"
