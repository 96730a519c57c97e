"""Serve endpoints of many lines: read while answering, in constant memory, the results in the lines' order."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

import structlog
from aiohttp import web
from pydantic_core import from_json, to_json

from shared.asking import Call
from shared.contracts.endpoint import LINE_LIMIT, Endpoint
from shared.contracts.lines import MEDIA_TYPE, Line, LineResult
from shared.contracts.problem import (
    ChangedMeanwhile,
    Malformed,
    Problem,
    TooLarge,
    TooManyChanges,
    Unavailable,
    WrongContentType,
)
from shared.deciding import Command
from shared.passing import Incoming, answering, write
from shared.reading import parsed

AT_ONCE = 16
"""Lines that are under way at the same time."""
MOST_HELD_BACK = 2000
"""Accounts of one request whose lines are held back; where more fail, something is wrong with more than accounts."""

LineHandler: TypeAlias = Callable[[Call, Any], Awaitable[Any]]
"""`async (call, line) → anything`, or raise a problem."""
UnderWay: TypeAlias = "asyncio.Queue[asyncio.Task[LineResult] | None]"

_PASSING = {ChangedMeanwhile.key, TooManyChanges.key}
_log = structlog.get_logger(__name__)


class Turns:
    """Let the lines of one account be done one after another, and none after one that is to be sent again.

    Done nevertheless, a later line would be followed by the earlier one, once that is sent again: an old state would
    win, and what was deleted would come back.
    """

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._held_back: set[str] = set()

    @asynccontextmanager
    async def of(self, account: str) -> AsyncIterator[None]:
        """Wait until the account's earlier lines are done; `Unavailable` where one is to be sent again."""
        async with self._turns.setdefault(account, asyncio.Lock()):
            if account in self._held_back or len(self._held_back) >= MOST_HELD_BACK:
                raise Unavailable
            try:
                yield
            except Exception as error:
                if _is_to_be_sent_again(error):
                    self._held_back.add(account)
                raise


def _is_to_be_sent_again(error: Exception) -> bool:
    document = (error if isinstance(error, Problem) else Problem()).document()
    return document["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR or document["key"] in _PASSING


async def answer_lines(
    endpoint: Endpoint, handler: LineHandler, call: Call, request: web.Request
) -> web.StreamResponse:
    """Answer each line by a line, as soon as it and those before it are done.

    With an `Idempotency-Key` a line has a command id of its own, by its number: the same lines sent again are answered
    again and carried out once. Lines are begun in their order, those of one account each after the one before; where
    one of them fails in a way that passes, the account's later ones are `Unavailable`, so that they can be sent again
    in their order. Who sends must read at the same time.
    """
    if request.content_type != MEDIA_TYPE:
        raise WrongContentType
    incoming, turns = Incoming(request), Turns()
    async with answering(request, incoming) as response, asyncio.TaskGroup() as group:
        under_way: UnderWay = asyncio.Queue(AT_ONCE - 2)  # besides, one is written and one waits for its place
        group.create_task(_write(response, under_way))
        async for number, content in lines(incoming):
            doing = _result(endpoint, handler, _of_line(call, number), number, content, turns)
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


async def _result(  # noqa: PLR0917  # a line, whose it is, and who does it
    endpoint: Endpoint, handler: LineHandler, call: Call, number: int, content: bytes | None, turns: Turns
) -> LineResult:
    try:
        line = _read(endpoint, content)
        async with turns.of(line.account):
            await handler(replace(call, command=_digested(call.command, line)), line)
    except Problem as problem:
        document = _document(problem)
        return LineResult(line=number, status=document["status"], problem=document)
    except Exception:  # noqa: BLE001  # one line must not end the others
        _log.exception("a line failed", endpoint=endpoint.name)
        return LineResult(line=number, status=Problem.status, problem=_document(Problem()))
    return LineResult(line=number, status=line.done)


def _document(problem: Problem) -> dict[str, Any]:
    """Give the problem as it is sent: a field of it that says nothing is left out."""
    document: dict[str, Any] = from_json(to_json(problem.document(), exclude_none=True))
    return document


def _read(endpoint: Endpoint, content: bytes | None) -> Line:
    if content is None:
        raise TooLarge(limit=LINE_LIMIT)
    if endpoint.request is None or not issubclass(endpoint.request, Line):
        raise TypeError(f"{endpoint.name} takes no lines")
    try:
        data = from_json(content)
    except ValueError as error:
        raise Malformed from error
    line: Line = parsed(endpoint.request, data)
    return line


def _digested(command: Command, line: Line) -> Command:
    digest = hashlib.blake2b(command.digest.encode() + to_json(line), digest_size=16).hexdigest()
    return replace(command, digest=digest)
