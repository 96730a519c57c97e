"""Serve endpoints of many lines: read while answering, in constant memory, the results in the lines' order."""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeAlias

import structlog
from aiohttp import web
from pydantic import BaseModel
from pydantic_core import from_json, to_json

from shared.asking import Call
from shared.contracts.endpoint import LINE_LIMIT, Endpoint
from shared.contracts.lines import MEDIA_TYPE, LineResult
from shared.contracts.problem import Malformed, Problem, TooLarge, WrongContentType
from shared.deciding import Command
from shared.reading import parsed

AT_ONCE = 16
"""Lines that are under way at the same time."""
PATIENCE = 60.0
"""Seconds to wait for the other side to send, or to take, some more."""

LineHandler: TypeAlias = Callable[[Call, Any], Awaitable[Any]]
"""`async (call, line) → anything`, or raise a problem."""

_log = structlog.get_logger(__name__)


async def answer_lines(
    endpoint: Endpoint, handler: LineHandler, call: Call, request: web.Request
) -> web.StreamResponse:
    """Answer each line by a line.

    With an `Idempotency-Key` a line has a command id of its own, by its number: the same lines sent again are answered
    again and carried out once. Who sends must read at the same time.
    """
    if request.content_type != MEDIA_TYPE:
        raise WrongContentType
    response = web.StreamResponse(headers={"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"})
    await response.prepare(request)
    under_way: deque[asyncio.Task[LineResult]] = deque()
    try:
        async for number, content in _lines(request):
            under_way.append(asyncio.create_task(_result(endpoint, handler, _of_line(call, number), number, content)))
            while under_way and (under_way[0].done() or len(under_way) >= AT_ONCE):
                await _write(response, await under_way.popleft())
        while under_way:
            await _write(response, await under_way.popleft())
    finally:
        for task in under_way:
            task.cancel()
    await response.write_eof()
    return response


async def pass_on(request: web.Request, parts: AsyncIterator[bytes]) -> web.StreamResponse:
    """Answer with the bytes of another's lines as they come; where these break off, so does the answer."""
    response = web.StreamResponse(headers={"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"})
    await response.prepare(request)
    async for part in parts:
        async with asyncio.timeout(PATIENCE):
            await response.write(part)
    await response.write_eof()
    return response


async def _write(response: web.StreamResponse, result: LineResult) -> None:
    async with asyncio.timeout(PATIENCE):
        await response.write(to_json(result, exclude_none=True) + b"\n")


async def _lines(request: web.Request) -> AsyncIterator[tuple[int, bytes | None]]:
    """Give the lines with their numbers, empty ones left out; None for one that is too long."""
    number, kept, too_long = 1, bytearray(), False
    while True:
        async with asyncio.timeout(PATIENCE):
            part = await request.content.readany()
        if not part:
            break
        for piece in part.splitlines(keepends=True):
            ended = piece.endswith(b"\n")
            if not too_long:
                kept += piece
                too_long = len(kept) > LINE_LIMIT
            if not ended:
                continue
            if too_long or kept.strip():
                yield number, None if too_long else bytes(kept)
            number, too_long = number + 1, False
            kept.clear()
    if too_long or kept.strip():
        yield number, None if too_long else bytes(kept)


def _of_line(call: Call, number: int) -> Call:
    """Give the call of one line, a command by itself."""
    id_ = hashlib.blake2b(f"{call.command.id}\n{number}".encode(), digest_size=16).hexdigest()
    return replace(call, command=replace(call.command, id=id_))


async def _result(
    endpoint: Endpoint, handler: LineHandler, call: Call, number: int, content: bytes | None
) -> LineResult:
    try:
        line = _read(endpoint, content)
        await handler(replace(call, command=_digested(call.command, line)), line)
    except Problem as problem:
        return LineResult(line=number, status=problem.status, problem=problem.document())
    except Exception:  # noqa: BLE001  # one line must not end the others
        _log.exception("a line failed", endpoint=endpoint.name)
        return LineResult(line=number, status=Problem.status, problem=Problem().document())
    return LineResult(line=number, status=HTTPStatus.OK)


def _read(endpoint: Endpoint, content: bytes | None) -> BaseModel:
    if content is None:
        raise TooLarge(limit=LINE_LIMIT)
    if endpoint.request is None:
        raise TypeError(f"{endpoint.name} takes no lines")
    try:
        data = from_json(content)
    except ValueError as error:
        raise Malformed from error
    line: BaseModel = parsed(endpoint.request, data)
    return line


def _digested(command: Command, line: BaseModel) -> Command:
    digest = hashlib.blake2b(command.digest.encode() + to_json(line), digest_size=16).hexdigest()
    return replace(command, digest=digest)
