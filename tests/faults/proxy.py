"""A line between a service and its database that can be cut at a chosen moment, or held."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Self
from urllib.parse import urlsplit

from onebox.ports import HOST

_HEADER = 16


async def _nothing() -> None:
    """Do nothing before the line is cut."""


class Line:
    """Pass the messages of the wire protocol on; each begins with its length, its number and what it answers."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname, parts.port)
        self._url = parts
        self._server: asyncio.Server | None = None
        self._ways: set[asyncio.Task[None]] = set()
        self._cuts = 0
        self._before_cut: Callable[[], Awaitable[None]] = _nothing
        self._open = asyncio.Event()
        self._open.set()
        self.held = 0
        """Messages that wait because the line is held."""

    @classmethod
    @asynccontextmanager
    async def to(cls, url: str) -> AsyncIterator[Self]:
        line = cls(url)
        line._server = await asyncio.start_server(line._accept, HOST, 0)
        try:
            yield line
        finally:
            line.release()
            line._server.close()
            for way in line._ways:
                way.cancel()
            await line._server.wait_closed()

    @property
    def url(self) -> str:
        assert self._server
        signed, at, _ = self._url.netloc.rpartition("@")
        return self._url._replace(netloc=f"{signed}{at}{HOST}:{self._server.sockets[0].getsockname()[1]}").geturl()

    @property
    def cuts_left(self) -> int:
        return self._cuts

    def cut(self, times: int = 1, *, before: Callable[[], Awaitable[None]] = _nothing) -> None:
        """Let the next changes to accounts through, but not their answers: the connection breaks instead."""
        self._cuts, self._before_cut = times, before

    def hold(self) -> None:
        """Keep what comes from now on, until it is released."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            theirs, ours = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        swallowed: set[int] = set()
        ways = (
            asyncio.create_task(self._there(reader, ours, swallowed)),
            asyncio.create_task(self._back(theirs, writer, swallowed)),
        )
        self._ways.update(ways)
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._ways.difference_update(ways)
            for side in (writer, ours):
                side.transport.abort()
                with suppress(OSError):
                    await side.wait_closed()

    async def _there(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, swallowed: set[int]) -> None:
        while message := await _message(reader):
            if not self._open.is_set():
                self.held += 1
                await self._open.wait()
            if self._cuts and b"commands." in message and b"update" in message:  # not what the relay takes out
                self._cuts -= 1
                swallowed.add(struct.unpack_from("<i", message, 4)[0])
            writer.write(message)
            await writer.drain()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, swallowed: set[int]) -> None:
        while message := await _message(reader):
            if struct.unpack_from("<i", message, 8)[0] in swallowed:
                await self._before_cut()
                return
            writer.write(message)
            await writer.drain()


async def _message(reader: asyncio.StreamReader) -> bytes | None:
    """Read one message, None at the end."""
    try:
        header = await reader.readexactly(_HEADER)
        return header + await reader.readexactly(struct.unpack_from("<i", header)[0] - _HEADER)
    except (asyncio.IncompleteReadError, OSError):
        return None
