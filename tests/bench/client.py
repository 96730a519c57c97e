"""A process that asks one question over and over: `python -m tests.bench.client`, told what on its standard input.

It knows as little of HTTP as it can, to cost less than what it measures; on a command line the token would show.
"""

import asyncio
import json
import re
import statistics
import sys
import time
from collections import Counter
from typing import Any

import uvloop

from onebox.ports import HOST

LEAD_IN = 0.3
"""Seconds in which answers do not count yet."""
UNAVAILABLE = b'"available":false'
"""What an overview says, with status 200, where a service did not answer in time."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Load:
    """What all connections ask, and what came of it."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}", *(f"{name}: {headers[name]}" for name in headers)]
        self.question = "\r\n".join([*lines, "", ""]).encode()
        self.seconds: list[float] = []
        self.answers = 0
        self.wrong: Counter[str] = Counter()
        self.over = False


class Connection(asyncio.Protocol):
    """One kept connection: the answer is the sign for the next question."""

    def __init__(self, load: Load) -> None:
        self._load, self._came, self._asked = load, b"", 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, end, body = self._came.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or (length and len(body) < int(length[1])):
            return
        self._came = b""
        load = self._load
        load.answers += 1
        load.seconds.append(time.perf_counter() - self._asked)
        if head[9:12] != b"200":
            load.wrong[head[9:12].decode()] += 1
        elif UNAVAILABLE in body:
            load.wrong["unavailable"] += 1
        if not length:
            load.wrong["no length"] += 1
            self._transport.abort()
        elif not load.over:
            self._ask()

    def connection_lost(self, _reason: Exception | None) -> None:
        if not self._load.over:
            self._load.wrong["connection lost"] += 1

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._load.question)


async def main(told: dict[str, Any]) -> dict[str, Any]:
    """Ask for as long as told, and give the figures."""
    load = Load(told["port"], told["path"], told["headers"])
    loop = asyncio.get_running_loop()
    for _ in range(told["connections"]):
        await loop.create_connection(lambda: Connection(load), HOST, told["port"])
    await asyncio.sleep(LEAD_IN)
    load.seconds, begun, worked = [], time.perf_counter(), time.process_time()
    await asyncio.sleep(told["seconds"])
    load.over, took, worked = True, time.perf_counter() - begun, time.process_time() - worked
    parts = statistics.quantiles(load.seconds or [0.0, 0.0], n=100)
    return {
        "per_second": len(load.seconds) / took,
        "p50": parts[49] * 1000,
        "p99": parts[98] * 1000,
        "busy": worked / took,
        "answers": load.answers,
        "wrong": load.wrong if load.seconds else {"no answer": 1},
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(main(json.load(sys.stdin)))))
