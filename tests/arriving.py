"""What was sent to people, as it arrives in the mailbox."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import aiohttp

PATIENCE = 15.0
_CODE = re.compile(r"(?<![0-9])([0-9]{6})(?![0-9])|(?<![0-9])((?:[0-9], ){5}[0-9])(?![0-9])")


@dataclass(frozen=True)
class Post:
    """Look into the mailbox."""

    http: aiohttp.ClientSession
    url: str

    async def letters(self, **wanted: str) -> list[dict[str, Any]]:
        """Give the letters, the newest first; *wanted* names `to` and `channel`."""
        async with self.http.get(f"{self.url}/letters", params=wanted) as answer:
            assert answer.status == 200
            return list(await answer.json())

    async def wait(self, count: int = 1, **wanted: str) -> list[dict[str, Any]]:
        """Wait until there are so many letters, and give them, the newest first."""
        async with asyncio.timeout(PATIENCE):
            while len(found := await self.letters(**wanted)) < count:  # noqa: ASYNC110  # the mailbox tells nobody
                await asyncio.sleep(0.05)
        return found

    async def code(self, to: str, *, after: int = 0, **wanted: str) -> str:
        """Wait for the code that comes to a place when there are *after* letters already."""
        newest = (await self.wait(after + 1, to=to, **wanted))[0]
        return code_in(newest["text"])


def code_in(text: str) -> str:
    """Find the six digits in a letter, written or spoken."""
    found = _CODE.search(text)
    assert found
    return (found[1] or found[2]).replace(", ", "")
