"""Streams of lines on their way: taken and answered as they come, and never ended as if they were whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import structlog
from aiohttp import web

from shared.contracts.endpoint import LINE_LIMIT
from shared.contracts.lines import MEDIA_TYPE

PATIENCE = 60.0
"""Seconds to wait for the other side to send, or to take, some more."""
LAST_WORDS = 5.0
"""Seconds that what was written before a stream broke off has to leave."""
STOPPING = web.AppKey("STOPPING", asyncio.Event)

_EXPECTED = (ConnectionError, TimeoutError, aiohttp.ClientError, web.RequestPayloadError)
_log = structlog.get_logger(__name__)


class BrokenOff(ConnectionError):  # noqa: N818  # reads as what it says
    """The request did not come to its end: its sender was silent for too long, or this process is stopping."""


def end_when_stopping(app: web.Application) -> None:
    """Let streams read no more once *app* is told to stop, so that what they have begun is finished in time."""
    app[STOPPING] = asyncio.Event()

    async def stop(app: web.Application) -> None:
        app[STOPPING].set()

    app.on_shutdown.append(stop)


class Incoming:
    """The body of a request, part by part; *whole* once its sender has said that this was all."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self.whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the parts, until the end, `PATIENCE` seconds of silence, or the end of this process."""
        stopping = asyncio.ensure_future(self._request.app[STOPPING].wait())
        coming: asyncio.Future[bytes] | None = None
        try:
            while not stopping.done():
                coming = asyncio.ensure_future(self._request.content.readany())
                await asyncio.wait({coming, stopping}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    return
                if not (part := coming.result()):
                    self.whole = True
                    return
                yield part
        finally:
            stopping.cancel()
            if coming:
                coming.cancel()

    async def whole_lines(self) -> AsyncIterator[bytes]:
        """Give the parts cut after lines, so that half a line is passed on only where the line is too long anyway."""
        kept = b""
        async for part in self:
            end = part.rfind(b"\n") + 1
            if end:
                yield kept + part[:end]
            kept = part[end:] if end else kept + part
            if len(kept) > LINE_LIMIT:
                yield kept
                kept = b""
        if kept and self.whole:
            yield kept


@asynccontextmanager
async def answering(request: web.Request, incoming: Incoming) -> AsyncIterator[web.StreamResponse]:
    """Begin an answer of lines, and end it after the block.

    Where the block fails, or what came in was not whole, the connection is broken off instead: nothing else can be
    answered any more, and what was left out must not seem to have been said.
    """
    response = web.StreamResponse(headers={"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"})
    await response.prepare(request)
    try:
        yield response
        if not incoming.whole:
            raise BrokenOff  # noqa: TRY301  # one way to break off
        await response.write_eof()
    except Exception as error:  # noqa: BLE001  # the answer has begun: whatever it is, it cannot be told any more
        expected = _is_expected(error)
        _log.warning("a stream broke off", error=type(error).__name__, exc_info=None if expected else error)
        break_off(request)


async def write(response: web.StreamResponse, content: bytes) -> None:
    """Write some more; TimeoutError where it is not taken in `PATIENCE` seconds."""
    async with asyncio.timeout(PATIENCE):
        await response.write(content)


async def pass_on(request: web.Request, incoming: Incoming, parts: AsyncIterator[bytes]) -> web.StreamResponse:
    """Answer with the bytes of another's lines as they come; where these break off, so does the answer."""
    async with answering(request, incoming) as response:
        async for part in parts:
            await write(response, part)
    return response


def _is_expected(error: Exception) -> bool:
    if isinstance(error, ExceptionGroup):
        return error.split(_EXPECTED)[1] is None
    return isinstance(error, _EXPECTED)


def break_off(request: web.Request) -> None:
    """Close the connection without the last chunk (RFC 9112, section 8)."""
    if (transport := request.transport) is not None:
        transport.close()
        asyncio.get_running_loop().call_later(LAST_WORDS, transport.abort)
