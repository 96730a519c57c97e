"""Send rows through `/api/system/devices/bulk`, however often that has to be tried."""

import asyncio
import random
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any

import aiohttp
from pydantic import ValidationError

from onebox.importing.away import PASSING, AwayError, refused
from onebox.importing.note import Notebook
from onebox.importing.table import Row
from onebox.processes import SetupError
from shared.contracts.devices import BULK
from shared.contracts.lines import MEDIA_TYPE, LineResult

AT_ONCE = 2000
"""Rows of one request: so few that a proxy may keep the whole of it back, so many that a request costs nothing."""
PATIENCE = 600.0
"""Seconds without any progress after which it is given up."""
TRIES = 3
"""Times that a row is sent on which the portal fails."""
SAVED_EVERY = 1.0
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_read=120)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_PART = 32 * 1024
_PASSING_KEYS = {"changed_meanwhile"}

Say = Callable[[str], None]


class Sender:
    """Send rows in order and note what became of each; SetupError where going on makes no sense.

    *token* gives a token for each request; where it raises AwayError, that is tried again like the request itself.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        *,
        token: Callable[[], Awaitable[str]],
        book: Notebook,
        say: Say,
        progress: Callable[[], None],
        patience: float = PATIENCE,
    ) -> None:
        self._http = http
        self._address = f"{url}/api{BULK.path}"
        self._token = token
        self._book = book
        self._say = say
        self._progress = progress
        self._patience = patience
        self._failed: dict[int, int] = {}
        self._saved = time.monotonic()

    async def send(self, rows: Iterator[Row]) -> None:
        """Send what was not answered yet."""
        for first, batch in _batches(rows):
            if batch[-1].number > self._book.note.answered:
                await self._patiently(first, batch)

    async def _patiently(self, first: int, batch: Sequence[Row]) -> None:
        """Try until all of the batch is answered; what the portal was told already it answers again."""
        pause, moved = _FIRST_PAUSE, time.monotonic()
        while (before := self._book.note.answered) < batch[-1].number:
            try:
                await self._once(first, [row for row in batch if row.number > before])
            except AwayError as away:
                self._book.save()
                if self._book.note.answered > before:
                    pause, moved = _FIRST_PAUSE, time.monotonic()
                if time.monotonic() + away.pause - moved > self._patience:
                    raise SetupError(f"{away} It was tried for {self._patience:.0f} s.") from None
                self._say(f"{away} It is tried again.")
                await asyncio.sleep(max(away.pause, pause * random.uniform(0.5, 1.5)))  # noqa: S311  # no secret
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _once(self, first: int, rows: Sequence[Row]) -> None:
        skipped = rows[0].number - first
        try:
            headers = {
                "Authorization": f"Bearer {await self._token()}",
                "Content-Type": MEDIA_TYPE,
                "Idempotency-Key": f"{self._book.note.run}-{first}",
            }
            async with self._http.post(
                self._address, data=_lines(skipped, rows), headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as response:
                if response.status != HTTPStatus.OK:
                    await _refuse(response)
                await self._noted(first, rows, response.content)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise AwayError(f"The portal does not answer ({type(error).__name__}).") from error

    async def _noted(self, first: int, rows: Sequence[Row], results: AsyncIterable[bytes]) -> None:
        left = iter(rows)
        async for line in results:
            result = _result(line)
            for row in left:
                if row.number == first + result.line - 1:
                    self._note(row, result)
                    break
                if row.problem is None:
                    raise SetupError("The portal answers other lines than it was sent.")
                self._book.refused(row, row.problem)
            self._progress()
            self._save_now_and_then()
        for row in left:
            if row.problem is None:
                raise AwayError("The portal ended the answer before its end.")
            self._book.refused(row, row.problem)
        self._progress()

    def _note(self, row: Row, result: LineResult) -> None:
        """Note one answer; AwayError where the portal may answer another time."""
        problem = result.problem
        if problem is None:
            self._book.taken(row)
            return
        if result.status in PASSING or problem.get("key") in _PASSING_KEYS:
            raise AwayError("The portal cannot take more now.", float(str(problem.get("retry_after") or 0)))
        if result.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._failed[row.number] = self._failed.get(row.number, 0) + 1
            if self._failed[row.number] < TRIES:
                raise AwayError(f"The portal fails on line {row.line}.")
        self._failed.pop(row.number, None)
        self._book.refused(row, problem)

    def _save_now_and_then(self) -> None:
        if time.monotonic() - self._saved > SAVED_EVERY:
            self._book.save()
            self._saved = time.monotonic()


def _batches(rows: Iterator[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Give the rows in batches that are the same each time, so that a line keeps its number and its key."""
    while batch := list(islice(rows, AT_ONCE)):
        yield batch[0].number, batch


async def _lines(skipped: int, rows: Sequence[Row]) -> AsyncIterator[bytes]:
    """Give the lines; an empty one, which counts, for each that was answered or is refused already."""
    part = bytearray(b"\n" * skipped)
    for row in rows:
        part += (row.content or b"") + b"\n"
        if len(part) > _PART:
            yield bytes(part)
            part.clear()
    yield bytes(part)


def _result(line: bytes) -> LineResult:
    try:
        return LineResult.model_validate_json(line)
    except ValidationError:
        raise AwayError("What answers is not the portal, or its answer broke off.") from None


async def _refuse(response: aiohttp.ClientResponse) -> None:
    """Raise what an answer without lines means."""
    try:
        problem: dict[str, Any] = await response.json(content_type=None)
        said = f"{problem['title']} {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        said = response.reason or ""
    raise refused(f"The portal says {response.status}: {said}", response.status, response.headers)
