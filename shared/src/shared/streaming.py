"""Serve endpoints of many lines: read while answering, in constant memory, the results in the lines' order."""

import asyncio
import hashlib
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
from shared.passing import Incoming, answering, write
from shared.reading import parsed

AT_ONCE = 16
"""Lines that are under way at the same time."""

LineHandler: TypeAlias = Callable[[Call, Any], Awaitable[Any]]
"""`async (call, line) → anything`, or raise a problem."""
UnderWay: TypeAlias = "asyncio.Queue[asyncio.Task[LineResult] | None]"

_log = structlog.get_logger(__name__)


async def answer_lines(
    endpoint: Endpoint, handler: LineHandler, call: Call, request: web.Request
) -> web.StreamResponse:
    """Answer each line by a line, as soon as it and those before it are done.

    With an `Idempotency-Key` a line has a command id of its own, by its number: the same lines sent again are answered
    again and carried out once. Lines are begun in their order, and a store takes the changes of one account in the
    order in which they are begun. Who sends must read at the same time.
    """
    if request.content_type != MEDIA_TYPE:
        raise WrongContentType
    incoming = Incoming(request)
    async with answering(request, incoming) as response, asyncio.TaskGroup() as group:
        under_way: UnderWay = asyncio.Queue(AT_ONCE - 2)  # besides, one is written and one waits for its place
        group.create_task(_write(response, under_way))
        async for number, content in lines(incoming):
            doing = _result(endpoint, handler, _of_line(call, number), number, content)
            await under_way.put(group.create_task(doing))
        await under_way.put(None)
    return response


async def _write(response: web.StreamResponse, under_way: UnderWay) -> None:
    """Write the results in order, until None; those that are there already go together."""
    gathered = b""
    while True:
        if gathered and under_way.empty():
            await write(response, gathered)
            gathered = b""
        task = await under_way.get()
        if gathered and not (task and task.done()):
            await write(response, gathered)
            gathered = b""
        if task is None:
            return
        gathered += to_json(await task) + b"\n"


async def lines(incoming: Incoming) -> AsyncIterator[tuple[int, bytes | None]]:
    """Give the lines with their numbers, empty ones counted but left out; None for one that is too long."""
    number, kept = 1, bytearray()
    async for part in incoming:
        *ended, rest = part.split(b"\n")
        for piece in ended:
            kept += piece
            if len(kept) > LINE_LIMIT or kept.strip():
                yield number, _limited(kept)
            number += 1
            kept.clear()
        kept += rest[: LINE_LIMIT + 1 - len(kept)]  # one byte more tells that it is too long
    if incoming.whole and kept.strip():
        yield number, _limited(kept)


def _limited(line: bytearray) -> bytes | None:
    return bytes(line) if len(line) <= LINE_LIMIT else None


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
        return LineResult(line=number, status=problem.status, problem=_document(problem))
    except Exception:  # noqa: BLE001  # one line must not end the others
        _log.exception("a line failed", endpoint=endpoint.name)
        return LineResult(line=number, status=Problem.status, problem=_document(Problem()))
    return LineResult(line=number, status=HTTPStatus.OK)


def _document(problem: Problem) -> dict[str, Any]:
    """Give the problem as it is sent: a field of it that says nothing is left out."""
    document: dict[str, Any] = from_json(to_json(problem.document(), exclude_none=True))
    return document


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
