"""Start servers of our own, wait until they answer, and leave none of them behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

NOTE = "process.json"
TIED = Path(__file__).with_name("tied.py")
LAST_LINES = 12


class SetupError(Exception):
    """Say in one sentence what is missing or in the way on this machine."""


class ServerProcess:
    """Hold one server that runs in a process group of its own and dies with this process."""

    def __init__(self, name: str, folder: Path, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.name, self.folder, self.log = name, folder, log
        self._process = process

    @classmethod
    async def start(
        cls, name: str, command: list[str], folder: Path, *, environment: dict[str, str] | None = None
    ) -> Self:
        """Start the command with its output in `<folder>/<name>.log`; SetupError when the folder is in use.

        The kernel ties the server to the calling *thread*, so call it where the event loop runs for good.
        """
        prepare_folder(folder)
        await _end_stale(folder)
        log = folder / f"{name}.log"
        process = _spawn(command, folder, log, environment)
        note = {
            "pid": process.pid,
            "started": _started(process.pid),
            "parent": os.getpid(),
            "parent_started": _started(os.getpid()),
        }
        (folder / NOTE).write_text(json.dumps(note))
        return cls(name, folder, log, process)

    @property
    def pid(self) -> int:
        """Give the server's process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Tell whether the process has not ended."""
        return self._process.poll() is None

    async def until(self, ready: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
        """Wait until `ready` says so; else end the server and raise a SetupError with its last words."""
        deadline = time.monotonic() + seconds
        while not await ready():
            ended = not self.running
            if ended or time.monotonic() > deadline:
                await self.kill()
                what = "ended while it started" if ended else f"was not ready within {seconds:.0f} s"
                raise SetupError(f"{self.name} {what}; the end of {self.log}:\n{self._last_words()}")
            await asyncio.sleep(0.02)

    async def stop(self, *, seconds: float = 15) -> None:
        """Ask the server to end, and after `seconds` end it."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline:  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(0.02)
        await self.kill()

    async def kill(self) -> None:
        """End the server and its children at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        await asyncio.to_thread(self._process.wait, 10)
        (self.folder / NOTE).unlink(missing_ok=True)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        # MongoDB says many things while it gives up; what is mere information there hides the reason
        lines = [line for line in lines if '"s":"I"' not in line] or lines
        return "\n".join(f"  {line[:400]}" for line in lines[-LAST_LINES:])


def prepare_folder(folder: Path, *parts: str) -> Path:
    """Make the folder, and the one below it that the parts name; give its absolute path."""
    folder = folder.resolve()
    folder.joinpath(*parts).mkdir(parents=True, exist_ok=True)
    return folder


def _spawn(command: list[str], folder: Path, log: Path, environment: dict[str, str] | None) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(TIED), str(os.getpid()), *command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; we then stop the servers in order
        )


async def _end_stale(folder: Path) -> None:
    """End exactly the server that an earlier, killed run left in this folder."""
    try:
        note = json.loads((folder / NOTE).read_text())
    except (FileNotFoundError, ValueError):
        return
    pid, started = note["pid"], note["started"]
    if _started(pid) == started and started is not None:
        parent = note["parent"]
        if parent == os.getpid() or _started(parent) == note["parent_started"]:
            raise SetupError(f"{folder} is in use by process {parent}: stop that one first.")
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while _started(pid) == started and time.monotonic() < deadline:  # noqa: ASYNC110 - not a child of ours
            await asyncio.sleep(0.02)
    (folder / NOTE).unlink(missing_ok=True)


def _started(pid: int) -> int | None:
    """Give the clock tick at which the process started, None when it has ended (or on systems without /proc)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started = fields[0], int(fields[19])
    return None if state in "ZX" else started
