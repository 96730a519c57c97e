"""Run a service as a process of its own, and end it in every way that a process can end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp

from onebox.ports import HOST
from onebox.processes import TIED

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
START = 40.0


async def until(true: Callable[[], Awaitable[Any]], *, seconds: float = 20, what: str = "it") -> Any:
    """Ask again and again, and give the first answer that counts; too late is a failure of the test."""
    try:
        async with asyncio.timeout(seconds):
            while not (answer := await true()):  # noqa: ASYNC110  # other processes set no event of ours
                await asyncio.sleep(0.02)
            return answer
    except TimeoutError:
        raise AssertionError(f"{what} did not come within {seconds} s") from None


class Spawned:
    """One service in a process of its own; it may be started, ended and started again.

    *module* is what is run, where that is not called as the service is.
    """

    def __init__(
        self, name: str, settings: Mapping[str, Any], http: aiohttp.ClientSession, *, module: str | None = None
    ) -> None:
        self.name = name
        self.module = module or name.replace("-", "_")
        self.settings = dict(settings)
        self.log: list[str] = []
        self.port: int | None = None
        self.launches = 0
        self._http = http
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def died_by_sigkill(self) -> bool:
        return self._process is not None and self._process.returncode == -signal.SIGKILL

    @property
    def text(self) -> str:
        """Everything that it wrote since its last start."""
        return "\n".join(self.log)

    async def launch(self, *, failpoint: str | None = None) -> None:
        """Start it and do not wait for anything."""
        await self.kill9()
        self.log, self.port = [], None
        self.launches += 1
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment |= {name.upper(): _written(value) for name, value in self.settings.items() if value is not None}
        if failpoint:
            environment["FAILPOINT"] = failpoint
        as_a_child = (sys.executable, "-I", "-S", str(TIED), str(os.getpid()), sys.executable)
        self._process = await asyncio.create_subprocess_exec(
            *(*as_a_child, "-W", "error", "-m", self.module),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process.stdout))

    async def start(self, *, failpoint: str | None = None) -> None:
        """Start it and wait until it says that it is ready."""
        await self.launch(failpoint=failpoint)
        await self.until_ready()

    async def until_ready(self) -> None:
        await until(self.is_ready, seconds=START, what=f"{self.name}, which wrote {self.log[-5:]},")

    async def is_ready(self) -> bool:
        assert self._process, "not started"
        assert self._process.returncode is None, f"{self.name} ended while it started:\n{self.text}"
        return await self.health() == 200

    async def health(self) -> int | None:
        """Give the status of `/health/ready`, None where nothing answers."""
        if self.port is None:
            return None
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._http.get(f"{self.url}/health/ready", timeout=aiohttp.ClientTimeout(5)) as response:
                return response.status
        return None

    def signal(self, sign: signal.Signals) -> None:
        """Send a signal to this process, if it still runs."""
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(sign)

    async def ended(self, *, seconds: float = 20) -> int:
        """Wait for the end and give the exit code, as the negative number of a signal where one ended it."""
        assert self._process, "not started"
        async with asyncio.timeout(seconds):
            code = await self._process.wait()
            if self._reading:
                await self._reading
        return code

    async def terminate(self) -> int:
        """Ask it to stop and give the exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def kill9(self) -> None:
        """End it at once."""
        if self._process:
            self.signal(signal.SIGKILL)
            await self.ended()

    async def wrote(self, text: str) -> None:
        """Wait until a line with *text* stands in its log."""

        async def stands() -> bool:
            return text in self.text

        await until(stands, what=f"{text!r} from {self.name}")

    async def _read(self, output: asyncio.StreamReader | None) -> None:
        while output and (line := await output.readline()):
            self.log.append(line.decode(errors="replace").rstrip())
            if '"ready"' in self.log[-1]:
                self.port = json.loads(self.log[-1])["port"]


def _written(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool | dict | list | tuple) else str(value)
