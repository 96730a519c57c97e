"""Render texts of terms in a process beside this one: a text that is meant ill would take it many seconds."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from typing import NoReturn

import structlog
from aiohttp import web

from shared.contracts.problem import FieldProblem, Invalid, Unavailable

SECONDS = 3.0
"""For all texts of a version; those of the longest that are meant well take less than one."""
PATIENCE = 1.0
"""Seconds to wait for others: with the time to render, less than the gateway waits for an answer."""
MOST_WAITING = 2
"""Who comes when so many wait for their turn is to come again later."""
_LONGEST_LINE = 16 * 1024 * 1024
_COMMAND = (sys.executable, "-m", "privacy.terms.rendering_apart")
_PASSED_ON = ("PATH", "PYTHONPATH")
"""Of the environment, which has secrets that rendering does not need."""

_log = structlog.get_logger(__name__)


class Renderer:
    """Render one version at a time, within *seconds*; others wait for *patience* seconds."""

    def __init__(self, *, seconds: float = SECONDS, patience: float = PATIENCE) -> None:
        self._seconds = seconds
        self._patience = patience
        self._turn = asyncio.Lock()
        self._asking = 0
        self._process: Process | None = None
        self._stopped = False

    async def rendered(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Give the HTML of Markdown by language.

        Raises `Invalid` where a text is too intricate, `Unavailable` where others wait already or the process stops.
        """
        if self._asking > MOST_WAITING:
            raise Unavailable
        self._asking += 1
        try:
            await self._wait()
            try:
                return await self._apart(texts)
            finally:
                self._turn.release()
        finally:
            self._asking -= 1

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise Unavailable from None

    async def stop(self, _app: web.Application | None = None) -> None:
        """Render nothing any more, and end what is being rendered, so that nobody who stops the process waits."""
        self._stopped = True
        if self._process:
            _kill(self._process)

    async def _apart(self, texts: Mapping[str, str]) -> dict[str, str]:
        self._process = process = await self._started()
        work = _Work(texts)
        try:
            async with asyncio.timeout(self._seconds):
                await work.watch(process)
                await process.wait()  # how it ended is lost where it is killed in the moment in which it ends
        except TimeoutError:
            work.refuse_slowest()
        finally:
            self._process = None
            if process.returncode is None:
                _kill(process)
            await process.wait()
        return self._finished(work, process.returncode or 0)

    async def _started(self) -> Process:
        if self._stopped:
            raise Unavailable
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        try:
            return await asyncio.create_subprocess_exec(
                *_COMMAND, stdin=PIPE, stdout=PIPE, env=environment, limit=_LONGEST_LINE
            )
        except OSError as error:
            _log.warning("nothing can be rendered", error=type(error).__name__)
            raise Unavailable from error

    def _finished(self, work: "_Work", status: int) -> dict[str, str]:
        if not work.is_whole:
            if self._stopped:
                raise Unavailable
            if status > 0:
                raise RuntimeError("rendering failed")
            work.refuse_slowest()
        return work.html


class _Work:
    """What came back of a version's texts, and what each of them cost."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.html: dict[str, str] = {}
        self._took = dict.fromkeys(texts, 0.0)
        self._since = 0.0

    @property
    def is_whole(self) -> bool:
        return len(self.html) == len(self._texts)

    async def watch(self, process: Process) -> None:
        """Hand the texts over and take what comes back; raises `Invalid` where that is too long."""
        if process.stdin is None or process.stdout is None:
            raise TypeError("both are pipes")
        self._since = _clock()
        with contextlib.suppress(ConnectionError):  # whoever ended it is heard of below
            process.stdin.write(json.dumps(dict(self._texts)).encode())
            await process.stdin.drain()
        process.stdin.close()
        await process.stdout.readline()
        self._since = _clock()
        lengths = {}
        for language in self._texts:
            if not (line := await process.stdout.readline()):
                return
            self._took[language], self._since = _clock() - self._since, _clock()
            answer = json.loads(line)
            if isinstance(answer, str):
                self.html[language] = answer
            lengths[language] = len(answer) if isinstance(answer, str) else answer
        if not self.is_whole:
            _refuse(max(lengths, key=lambda language: lengths[language]))

    def refuse_slowest(self) -> NoReturn:
        """Raise `Invalid` for the text that took longest, be it finished or not."""
        unfinished = next((language for language in self._texts if language not in self.html), None)
        if unfinished:
            self._took[unfinished] = _clock() - self._since
        _refuse(max(self._took, key=lambda language: self._took[language]))


def _refuse(language: str) -> NoReturn:
    raise Invalid(errors=[FieldProblem(pointer=f"/texts/{language}/markdown", key="too_intricate")])


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def _clock() -> float:
    return asyncio.get_running_loop().time()
