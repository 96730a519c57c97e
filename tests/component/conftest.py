"""What the component tests share: callers, a browser, and servers that a test may disturb."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from joserfc.jwk import OKPKey
from pymongo import AsyncMongoClient

from onebox.house import Plan, write_definitions
from onebox.mongodb import MongoDB
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets
from shared import observing
from shared.identifying import Principal, Signer, SystemClient
from tests.component.browsing import Browser
from tests.component.looking import kept_of
from tests.component.putting_in import put_account, put_device
from tests.conftest import Caller, Portal
from tests.proving import Prover


@pytest.fixture(scope="module")
def account(_unused_people: Iterator[str]) -> str:
    """An account for all tests of a module that may share one."""
    return next(_unused_people)


@pytest.fixture(scope="module")
async def program(portal: Portal, http: aiohttp.ClientSession, account: str) -> Caller:
    """The API, called by a program with that account's token, and with a proof for it."""
    bearer, proof = await portal.proven(account)
    return Caller(http, portal.url, bearer, proof=proof)


@pytest.fixture
async def bob(portal: Portal, http: aiohttp.ClientSession) -> Caller:
    """The API, called by somebody else, who may have methods already."""
    bearer, proof = await portal.proven("bob")
    return Caller(http, portal.url, bearer, proof=proof)


@pytest.fixture
async def visitor(portal: Portal) -> AsyncIterator[Browser]:
    """A browser in which nobody is signed in yet."""
    async with Browser(portal) as opened:
        yield opened


@pytest.fixture(scope="module")
async def signed_in(portal: Portal, account: str) -> AsyncIterator[Browser]:
    """The browser of that account, signed in."""
    async with Browser(portal) as opened:
        await opened.sign_in(account)
        yield opened


@pytest.fixture(scope="module")
def log():
    """Everything that is logged while the module's tests run, at the most talkative level."""
    out = io.StringIO()
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    observing._log_through(logging.StreamHandler(out), "debug")
    yield out
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def signer(secrets: Secrets) -> Signer:
    """The gateway's signer towards the services."""
    return Signer(OKPKey.import_key(json.loads(secrets.signing_key)))


@pytest.fixture
def service(portal: Portal, http: aiohttp.ClientSession, signer: Signer, prover: Prover) -> Any:
    """Make a caller of a service's own door on behalf of any account, with a proof, or of any system."""

    def calls(name: str, who: str | SystemClient) -> Caller:
        address = f"http://127.0.0.1:{portal.ports[name]}"
        if not isinstance(who, str):
            return _Direct(http, address, signer.token(who, name))
        caller = Principal(account=who, session="at-the-door")
        return _Direct(http, address, signer.token(caller, name), proof=prover.header(who, "at-the-door"))

    return calls


class _Direct(Caller):
    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        sent = {"json": body} if body is not None else {}
        headers = {**self._headers, **more.pop("headers", {})}
        async with self._http.request(method, self._url + path, headers=headers, **sent, **more) as response:
            return response.status, await response.json(content_type=None) if response.content_length != 0 else None


@pytest.fixture(scope="session")
async def own_plan(tmp_path_factory: pytest.TempPathFactory, mongodb: MongoDB) -> AsyncIterator[Plan]:
    """Settings with a broker that no portal uses."""
    folder: Path = tmp_path_factory.mktemp("own")
    own = Secrets(folder)
    broker = await RabbitMQ.start(folder / "rabbitmq", definitions=write_definitions(folder / "rabbitmq", own))
    yield Plan(own, mongodb, broker)
    await broker.stop()


@pytest.fixture
async def own_database(mongo: AsyncMongoClient[Any], database: str) -> AsyncIterator[Any]:
    """A database that is gone afterwards."""
    yield mongo[database]
    await mongo.drop_database(database)


@pytest.fixture(scope="module")
async def known(directory: Caller, account: str) -> str:
    """That account, at home in Contoso and with a device of Contoso."""
    await put_account(directory, account)
    await put_device(directory, account, "d", organization_id="contoso")
    return account


@pytest.fixture
async def unchanged(mongo: AsyncMongoClient[Any], known: str) -> AsyncIterator[None]:
    """Nothing is kept differently after the test than it was before, and no account or organization more."""

    async def everything() -> Any:
        kept = mongo["organizations"]
        counted = [await kept[name].estimated_document_count() for name in ("accounts", "organizations")]
        return await kept_of(mongo, known, "contoso", "fabrikam"), counted

    before = await everything()
    assert before[0]["devices.accounts"]
    yield
    assert await everything() == before
