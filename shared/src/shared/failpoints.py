"""Crash points, named where they matter, so that a test can end a process exactly there.

`FAILPOINT="after save"` arms one for a process that a test starts; without it a call costs one comparison.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable
from typing import TypeVar

Result = TypeVar("Result")

_ARMED = os.environ.get("FAILPOINT")


def failpoint(name: str) -> None:
    """End this process at once, as `kill -9` would, if a test armed *name*."""
    if name == _ARMED:
        os.kill(os.getpid(), signal.SIGKILL)


async def failpoint_during(name: str, work: Awaitable[Result]) -> Result:
    """Await *work*; if a test armed *name*, end this process after *work* went out and before its answer counts."""
    if name != _ARMED:
        return await work
    begun = asyncio.ensure_future(work)
    await asyncio.wait([begun], timeout=0.05)
    failpoint(name)
    return await begun
