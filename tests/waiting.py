"""Wait for what is to come about, with an end."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any


async def until(true: Callable[[], Any], *, seconds: float = 15.0) -> Any:
    """Ask until the answer, awaited where it has to be, is true, and give it; TimeoutError after *seconds*."""
    async with asyncio.timeout(seconds):
        while True:
            answer = true()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer
            await asyncio.sleep(0.02)
