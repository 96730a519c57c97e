"""Lines to a server, and what it does with them, as tests of streams want it."""

import asyncio
import json
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import Field

from shared.asking import Call
from shared.contracts.endpoint import Endpoint
from shared.contracts.lines import MEDIA_TYPE, Line, LineResult
from shared.contracts.problem import NotFound
from shared.deciding import Actor, Command
from shared.identifying import SystemClient
from shared.passing import end_when_stopping
from shared.refusing import problems
from shared.streaming import answer_lines


class Wish(Line):
    n: int = Field(ge=0)
    pad: str = ""
    status: int = 200

    @property
    def done(self):
        return self.status


ENDPOINT = Endpoint(
    name="lines", summary="Lines", method="POST", path="/lines", request=Wish, response=LineResult, lines=True
)
HEADERS = {"Content-Type": MEDIA_TYPE}
SYSTEM = SystemClient(client_id="s", scopes=(), organizations=())


class Doing:
    """Do what lines say, when let; those that are held, only when that ends."""

    def __init__(self):
        self.begun, self.done, self.ended, self.at_once = [], [], [], 0
        self.commands = []
        self.let = asyncio.Event()
        self.let.set()
        self.held = set()
        self.released = asyncio.Event()

    async def __call__(self, call, wish):
        self.begun.append(wish.n)
        self.commands.append(call.command)
        self.at_once = max(self.at_once, len(self.begun) - len(self.ended))
        try:
            await (self.released if wish.n in self.held else self.let).wait()
            if wish.n == 404:
                raise NotFound
            if wish.n == 500:
                raise ValueError("nobody foresaw this")
            for _ in range(wish.n % 3):  # so that they end in another order than they begin
                await asyncio.sleep(0)
            self.done.append(wish.n)
        finally:
            self.ended.append(wish.n)


@asynccontextmanager
async def serving_lines(doing, *, key="key"):
    """Serve lines; *incoming* of the server are the requests that it got."""
    got = []

    async def answer(request):
        got.append(request)
        command = Command(id=key, digest="digest", actor=Actor("system", "s"))
        return await answer_lines(ENDPOINT, doing, Call(SYSTEM, command, {}), request)

    app = web.Application(middlewares=[problems])
    end_when_stopping(app)
    app.router.add_post("/lines", answer)
    async with TestServer(app) as server:
        server.incoming = got
        yield server


def line(n, **more):
    return json.dumps({"account": f"account {n}", "n": n} | more).encode()


def results(content):
    assert not content or content.endswith(b"\n")
    return [json.loads(one) for one in content.splitlines()]


def said(answers):
    return [(one["line"], one["status"], (one["problem"] or {}).get("key")) for one in answers]


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
