"""Streams of lines through a gateway: how both sides see what becomes of the other, and how many there may be."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc.jwk import OKPKey

from shared import calling
from shared.calling import Service
from shared.contracts.endpoint import LINE_LIMIT, Endpoint
from shared.identifying import Signer
from shared.passing import STOPPING, Incoming, end_when_stopping, pass_on
from shared.refusing import problems
from shared.streaming import AT_ONCE
from tests.unit.streams import ENDPOINT, HEADERS, SYSTEM, Doing, Talking, line, results, said, serving_lines
from tests.waiting import until

ROOM = 2
"""Streams that may be open at once."""
OTHER = Endpoint(name="other", summary="Another request", method="GET", path="/other")


@pytest.fixture
async def doing():
    return Doing()


@pytest.fixture
async def server(doing):
    async with serving_lines(doing) as server:
        yield server


@asynccontextmanager
async def in_front_of(server):
    """A gateway that passes everything on."""
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=1)) as http,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=ROOM)) as streams,
    ):
        signer = Signer(OKPKey.generate_key("Ed25519", {"kid": "front"}))
        service = Service("lines", str(server.make_url("/")), session=http, signer=signer, streams=streams)

        async def passing_on(request):
            incoming = Incoming(request)
            async with service.stream(ENDPOINT, SYSTEM, body=incoming.whole_lines(), headers=HEADERS) as answer:
                return await pass_on(request, incoming, answer)

        async def calling_on(_request):
            return web.Response(status=(await service.call(OTHER, SYSTEM)).status)

        app = web.Application(middlewares=[problems])
        end_when_stopping(app)
        app.router.add_post("/lines", passing_on)
        app.router.add_get("/other", calling_on)
        async with TestServer(app) as front:
            yield front


async def test_a_gateway_that_stops_leaves_no_half_line_and_lets_what_was_passed_on_be_told(server, doing):
    async with in_front_of(server) as front, Talking.to(front) as client:
        client.send(line(1) + b"\n" + line(2)[:3])
        assert said(results(await client.hear())) == [(1, 200, None)]
        doing.let.clear()
        client.send(line(2)[3:] + b"\n" + line(3)[:3])
        await until(lambda: doing.begun == [1, 2])
        front.app[STOPPING].set()
        await until(server.incoming[0].content.is_eof)
        doing.let.set()
        answers, clean = await client.rest()
    assert said(answers) == [(2, 200, None)]
    assert not clean
    assert doing.done == [1, 2]


async def test_an_answer_that_breaks_off_behind_a_gateway_breaks_off_in_front_of_it(server, doing):
    async with in_front_of(server) as front, Talking.to(front) as client:
        client.send(line(1) + b"\n")
        assert said(results(await client.hear())) == [(1, 200, None)]
        server.app[STOPPING].set()
        assert await client.rest() == ([], False)


async def test_who_goes_in_front_of_a_gateway_is_gone_behind_it(server, doing):
    doing.let.clear()
    async with in_front_of(server) as front, Talking.to(front) as client:
        client.send(b"".join(line(n) + b"\n" for n in range(100)))
        await until(lambda: len(doing.begun) == AT_ONCE)
        client.writer.transport.abort()
        await until(lambda: len(doing.ended) == AT_ONCE)
    assert doing.done == []


async def test_a_gateway_passes_on_lines_too_long_to_wait_for_their_end(server):
    async with in_front_of(server) as front, Talking.to(front) as client:
        for _ in range(3):
            client.send(b"x" * LINE_LIMIT)
        client.send(b"\n" + line(1))
        client.end()
        answers, clean = await client.rest()
    assert said(answers) == [(1, 413, "too_large"), (2, 200, None)]
    assert clean


async def test_open_streams_take_no_connection_from_other_requests_and_one_too_many_is_told_so(server, monkeypatch):
    monkeypatch.setattr(calling, "ROOM_PATIENCE", 0.2)
    async with in_front_of(server) as front, AsyncExitStack() as opened, aiohttp.ClientSession() as http:

        async def another():
            return await http.post(front.make_url("/lines"), data=line(1) + b"\n", headers=HEADERS)

        clients = [await opened.enter_async_context(Talking.to(front)) for _ in range(ROOM)]
        async with asyncio.timeout(5), http.get(front.make_url("/other")) as response:
            assert response.status == 404  # the service's own answer
        async with asyncio.timeout(5), await another() as response:
            assert (response.status, (await response.json(content_type=None))["key"]) == (503, "unavailable")
            assert response.headers["Retry-After"]
        clients[0].end()
        assert await clients[0].rest() == ([], True)
        async with asyncio.timeout(5), await another() as response:
            assert said(results(await response.read())) == [(1, 200, None)]
