"""Everything at a glance, also while a part of it is not there."""

import asyncio
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

import gateway.app
import gateway.settings
from onebox.house import address
from onebox.ports import free_port
from tests.component.setting_up import add
from tests.conftest import Caller

DEADLINE = 0.4


@asynccontextmanager
async def silence():
    """Give a port that takes connections and never answers."""
    over = asyncio.Event()

    async def hold(_reader, writer):
        await over.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        over.set()


@asynccontextmanager
async def nothing():
    """Give a port where nobody listens."""
    yield free_port()


@asynccontextmanager
async def failure():
    """Give a port where every answer is a failure."""

    async def fail(_request):
        raise web.HTTPInternalServerError(text="Traceback: secret insides")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fail)
    async with TestServer(app) as server:
        yield server.port


@pytest.fixture
async def calling(portal, plan, http, account):
    """Run a gateway of one's own before chosen services, and call it as the account of this module."""

    @asynccontextmanager
    async def running(**ports):
        own = free_port()
        services = {name: ports.get(name.replace("-", "_"), portal.ports[name]) for name in portal.ports}
        told = plan.gateway(own, portal.provider, services) | {"overview_deadline": DEADLINE}
        async with gateway.app.running(gateway.settings.Settings(**told)):
            yield Caller(http, address(own), await portal.token(account))

    return running


async def timed(asking):
    begun = time.perf_counter()
    status, answer = await asking
    return status, answer, time.perf_counter() - begun


async def test_a_program_sees_everything(api, someone):
    await add(api, "Phone")
    status, seen = await api("GET", "/overview")
    assert status == 200
    assert seen["profile"] == {"account": someone, "name": None, "email": None}
    assert seen["security_info"]["available"] is True
    assert [method["name"] for method in seen["security_info"]["content"]["methods"]] == ["Phone"]
    assert seen["activity"]["available"] is True
    assert isinstance(seen["activity"]["content"]["entries"], list)


async def test_a_person_sees_their_name_too(visitor, account):
    await visitor.sign_in(account)
    status, seen = await visitor("GET", "/overview")
    assert status == 200
    assert seen["profile"]["email"] == f"{account}@contoso.example"
    assert seen["profile"]["name"].startswith("Person Number")
    assert seen["security_info"]["content"] == (await visitor("GET", "/security-info"))[1]


async def test_an_overview_that_one_has_is_not_sent_again(portal, http, program):
    for _ in range(2):
        async with http.get(f"{portal.url}/api/overview", headers=program._headers) as response:
            tag = response.headers["ETag"]
    async with http.get(f"{portal.url}/api/overview", headers={**program._headers, "If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")


@pytest.mark.parametrize("outage", [silence, nothing, failure])
async def test_without_privacy_only_the_history_is_missing(calling, outage):
    async with outage() as port, calling(privacy=port) as api:
        await api("GET", "/security-info")  # the provider is asked about the token before anything is timed
        status, seen, seconds = await timed(api("GET", "/overview"))
        assert status == 200
        assert seconds < DEADLINE + 0.5
        assert seen["activity"] == {"available": False, "content": None}
        assert seen["security_info"]["available"] is True
        assert (await add(api))["method_id"]
        status, problem = await api("GET", "/activity", timeout=aiohttp.ClientTimeout(total=8))
        assert (status, problem["key"]) in {(503, "unavailable"), (500, "unexpected")}
        assert "secret insides" not in str(problem)


@pytest.mark.parametrize("outage", [silence, nothing, failure])
async def test_without_security_info_only_the_methods_are_missing(calling, outage):
    async with outage() as port, calling(security_info=port) as api:
        await api("GET", "/activity")
        status, seen, seconds = await timed(api("GET", "/overview"))
        assert status == 200
        assert seconds < DEADLINE + 0.5
        assert seen["security_info"] == {"available": False, "content": None}
        assert seen["activity"]["available"] is True


async def test_with_no_service_at_all_there_is_still_an_answer(calling):
    async with silence() as port, calling(privacy=port, security_info=port) as api:
        await api("GET", "/nothing")
        _, _, first = await timed(api("GET", "/overview"))
        status, seen, seconds = await timed(api("GET", "/overview"))
        assert status == 200
        assert max(first, seconds) < DEADLINE + 0.5
        assert [seen[part]["available"] for part in ("security_info", "activity")] == [False, False]
