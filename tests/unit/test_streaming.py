"""Lines in, lines out: what is read, what is answered, and what a client sees that the other side is not well."""

import asyncio
import json
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc.jwk import OKPKey
from pydantic import Field

from shared import passing
from shared.asking import Call
from shared.calling import Service
from shared.contracts.endpoint import LINE_LIMIT, Endpoint
from shared.contracts.lines import MEDIA_TYPE, LineResult
from shared.contracts.problem import NotFound
from shared.contracts.wording import Request
from shared.deciding import Actor, Command
from shared.identifying import Signer, SystemClient
from shared.passing import STOPPING, Incoming, end_when_stopping, pass_on
from shared.refusing import problems
from shared.streaming import AT_ONCE, answer_lines


class Wish(Request):
    n: int = Field(ge=0)
    pad: str = ""


ENDPOINT = Endpoint(
    name="lines", summary="Lines", method="POST", path="/lines", request=Wish, response=LineResult, lines=True
)
HEADERS = {"Content-Type": MEDIA_TYPE}


class Doing:
    """Do what lines say, when let."""

    def __init__(self):
        self.begun, self.done, self.ended, self.at_once = [], [], [], 0
        self.commands = []
        self.let = asyncio.Event()
        self.let.set()

    async def __call__(self, call, wish):
        self.begun.append(wish.n)
        self.commands.append(call.command)
        self.at_once = max(self.at_once, len(self.begun) - len(self.ended))
        try:
            await self.let.wait()
            if wish.n == 404:
                raise NotFound
            if wish.n == 500:
                raise ValueError("nobody foresaw this")
            await asyncio.sleep(0.01 if wish.n % 2 else 0)
            self.done.append(wish.n)
        finally:
            self.ended.append(wish.n)


@asynccontextmanager
async def serving_lines(doing, *, key="key"):
    async def answer(request):
        system = SystemClient(client_id="s", scopes=(), organizations=())
        command = Command(id=key, digest="digest", actor=Actor("system", "s"))
        return await answer_lines(ENDPOINT, doing, Call(system, command, {}), request)

    app = web.Application(middlewares=[problems])
    end_when_stopping(app)
    app.router.add_post("/lines", answer)
    async with TestServer(app) as server:
        yield server


@pytest.fixture
async def doing():
    return Doing()


@pytest.fixture
async def server(doing):
    async with serving_lines(doing) as server:
        yield server


@pytest.fixture
async def ask(server):
    async with aiohttp.ClientSession() as http:

        async def asking(content, **headers):
            async with http.post(server.make_url("/lines"), data=content, headers=HEADERS | headers) as response:
                assert response.status == 200
                assert response.content_type == MEDIA_TYPE
                return results(await response.read())

        yield asking


def line(n, **more):
    return json.dumps({"n": n} | more).encode()


def results(content):
    assert not content or content.endswith(b"\n")
    return [json.loads(one) for one in content.splitlines()]


def said(answers):
    return [(one["line"], one["status"], (one["problem"] or {}).get("key")) for one in answers]


async def test_each_line_is_answered_in_its_order(ask, doing):
    answers = await ask(b"".join(line(n) + b"\n" for n in range(200)))
    assert said(answers) == [(n + 1, 200, None) for n in range(200)]
    assert doing.begun == list(range(200))


async def test_empty_lines_are_counted_and_left_out_and_the_last_needs_no_end(ask):
    content = b"\n" + line(1) + b"\r\n\n \t\n" + line(2)
    assert said(await ask(content)) == [(2, 200, None), (5, 200, None)]
    assert await ask(b"") == []
    assert await ask(b"\n\n\n") == []


async def test_a_line_that_is_wrong_does_not_end_the_others(ask):
    wrong = [b"{", b"[]", b"null", b'{"n": -1}', b'{"n": 1, "x": 1}', b"\xff\xfe", line(404), line(500)]
    answers = await ask(b"\n".join([line(1), *wrong, line(2)]))
    statuses = [(one["status"], (one["problem"] or {}).get("key")) for one in answers]
    assert statuses[0] == statuses[-1] == (200, None)
    assert statuses[1:4] == [(400, "malformed"), (422, "invalid"), (422, "invalid")]
    assert [error["pointer"] for error in answers[4]["problem"]["errors"]] == ["/n"]
    assert [error["pointer"] for error in answers[5]["problem"]["errors"]] == ["/x"]
    assert statuses[6:9] == [(400, "malformed"), (404, "not_found"), (500, "unexpected")]
    assert "nobody" not in str(answers)


@pytest.mark.parametrize("newline", [b"\n", b""], ids=["in the middle", "at the end"])
async def test_a_line_that_is_too_long_is_told_as_such_however_it_comes(ask, doing, newline):
    exact = line(1, pad="")
    exact = line(1, pad="x" * (LINE_LIMIT - len(exact)))
    assert len(exact) == LINE_LIMIT

    async def parts():
        yield exact + b"\n"
        for _ in range(40):
            yield b"x" * (LINE_LIMIT // 10)
        yield newline
        if newline:
            yield exact[:-1] + b" }\n" + line(2)

    answers = said(await ask(parts()))
    assert answers[:2] == [(1, 200, None), (2, 413, "too_large")]
    assert answers[2:] == ([(3, 413, "too_large"), (4, 200, None)] if newline else [])
    assert sorted(doing.done) == ([1, 2] if newline else [1])


async def test_another_content_type_is_refused_before_anything(server, doing):
    async with aiohttp.ClientSession() as http:
        for kind in ("application/json", "text/csv", "application/octet-stream"):
            headers = {"Content-Type": kind}
            async with http.post(server.make_url("/lines"), data=line(1) + b"\n", headers=headers) as response:
                assert response.status == 415
                assert response.content_type == "application/problem+json"
    assert not doing.begun


async def test_the_same_line_is_the_same_command_and_no_other_line_is(doing):
    content = line(1) + b"\n" + line(1) + b"\n" + line(2) + b"\n"
    for key in ("one", "one", "other"):
        async with (
            serving_lines(doing, key=key) as server,
            aiohttp.ClientSession() as http,
            http.post(server.make_url("/lines"), data=content, headers=HEADERS) as response,
        ):
            assert len(results(await response.read())) == 3
    ids = [command.id for command in doing.commands]
    assert ids[:3] == ids[3:6]
    assert len(set(ids)) == 6
    digests = [command.digest for command in doing.commands]
    assert digests[0] == digests[1] != digests[2]


class Talking:
    """A client that sends and reads as a test wants."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    @asynccontextmanager
    async def to(cls, server, path="/lines"):
        reader, writer = await asyncio.open_connection(server.host, server.port, limit=2**20)
        writer.write(
            b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n"
            % (path.encode(), MEDIA_TYPE.encode())
        )
        try:
            talking = cls(reader, writer)
            talking.head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            yield talking
        finally:
            writer.transport.abort()

    def send(self, content):
        self.writer.write(b"%x\r\n%b\r\n" % (len(content), content))

    async def send_on(self, content, *, times):
        for _ in range(times):
            self.send(content)
            await asyncio.wait_for(self.writer.drain(), 20)

    def end(self):
        self.writer.write(b"0\r\n\r\n")

    async def hear(self):
        """Give the next part, empty at a clean end."""
        size = int(await asyncio.wait_for(self.reader.readuntil(b"\r\n"), 5), 16)
        return (await asyncio.wait_for(self.reader.readexactly(size + 2), 5))[:-2]

    async def rest(self):
        """Give what comes until the connection ends, and whether that was a clean end."""
        content = b""
        try:
            while part := await self.hear():
                content += part
        except (asyncio.IncompleteReadError, ConnectionError):
            return results(content), False
        return results(content), True


async def test_results_come_while_lines_are_sent(server):
    async with Talking.to(server) as client:
        for n in (1, 2, 3):
            client.send(line(n)[:4])
            client.send(line(n)[4:] + b"\n")
            assert said(results(await client.hear())) == [(n, 200, None)]
        client.end()
        assert await client.rest() == ([], True)


async def test_no_more_than_so_many_are_under_way_whatever_is_sent(server, doing):
    doing.let.clear()
    async with Talking.to(server) as client:
        client.send(b"".join(line(n) + b"\n" for n in range(500)))
        await until(lambda: len(doing.begun) >= AT_ONCE)
        await asyncio.sleep(0.05)
        assert len(doing.begun) == doing.at_once == AT_ONCE
        doing.let.set()
        client.end()
        answers, clean = await client.rest()
        assert (len(answers), clean) == (500, True)
    assert doing.at_once == AT_ONCE


async def test_who_does_not_read_is_sent_no_more_and_read_no_more(server, doing, monkeypatch):
    monkeypatch.setattr(passing, "PATIENCE", 0.5)
    wrong = line(1, **{"x" * 15_000: 1}) + b"\n"  # answered at the same length
    async with Talking.to(server) as client:
        with pytest.raises(ConnectionError):
            await client.send_on(wrong, times=4000)


async def test_who_falls_silent_gets_what_is_done_and_no_end(server, doing, monkeypatch):
    monkeypatch.setattr(passing, "PATIENCE", 0.2)
    async with Talking.to(server) as client:
        client.send(line(1) + b"\n" + line(2)[:3])
        answers, clean = await client.rest()
    assert said(answers) == [(1, 200, None)]
    assert not clean
    assert doing.begun == [1]


async def test_what_is_under_way_ends_with_a_client_that_goes(server, doing):
    doing.let.clear()
    async with Talking.to(server) as client:
        client.send(b"".join(line(n) + b"\n" for n in range(100)))
        await until(lambda: len(doing.begun) == AT_ONCE)
        client.writer.transport.abort()
        await until(lambda: len(doing.ended) == AT_ONCE)
    assert doing.done == []
    assert len(doing.begun) == AT_ONCE


async def test_when_it_stops_what_has_begun_is_finished_and_told_and_the_rest_left(server, doing):
    doing.let.clear()
    async with Talking.to(server) as client:
        client.send(line(0) + b"\n" + line(2) + b"\n" + line(4)[:3])
        await until(lambda: len(doing.begun) == 2)
        server.app[STOPPING].set()
        doing.let.set()
        answers, clean = await client.rest()
    assert said(answers) == [(1, 200, None), (2, 200, None)]
    assert not clean


@asynccontextmanager
async def in_front_of(server):
    """A gateway that passes everything on."""
    system = SystemClient(client_id="s", scopes=(), organizations=())
    async with aiohttp.ClientSession() as http:
        signer = Signer(OKPKey.generate_key("Ed25519", {"kid": "front"}))
        service = Service("lines", str(server.make_url("/")), session=http, signer=signer)

        async def passing_on(request):
            incoming = Incoming(request)
            async with service.stream(ENDPOINT, system, body=incoming.whole_lines(), headers=HEADERS) as answer:
                return await pass_on(request, incoming, answer)

        app = web.Application(middlewares=[problems])
        end_when_stopping(app)
        app.router.add_post("/lines", passing_on)
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
        await asyncio.sleep(0.05)
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


async def until(true):
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # what is waited for sets no event
            await asyncio.sleep(0.005)
