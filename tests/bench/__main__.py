"""Measure the portal next to a bare server, in ratios and figures: `python -m tests.bench`.

ROUNDS and SECONDS in the environment say how often and how long each thing is asked for.
"""

import asyncio
import os
import platform
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import uvloop

from onebox.house import Plan, address, write_definitions
from onebox.mongodb import MongoDB
from onebox.ports import free_port
from onebox.processes import SetupError
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets
from tests.bench import tables
from tests.bench.load import CONNECTIONS, Target, WrongAnswerError, run_rounds, warm_up
from tests.bench.portal import moved_in, portal
from tests.bench.proc import memory
from tests.bench.relay import relayed
from tests.spawning import Spawned

LIMIT = 120
MOST = 20
"""Seconds for which each thing may be asked for, in all rounds together, so that it all ends within `LIMIT`."""


async def bench(folder: Path, *, rounds: int, seconds: float) -> None:
    """Start everything in *folder*, measure and print."""
    secrets, port = Secrets(folder), free_port()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        mongodb = await MongoDB.start(folder / "mongodb")
        stack.push_async_callback(mongodb.stop)
        definitions = write_definitions(folder / "rabbitmq", secrets)
        rabbitmq = await RabbitMQ.start(folder / "rabbitmq", definitions=definitions)
        stack.push_async_callback(rabbitmq.stop)
        own = free_port()
        provider = Provider.start(port=own, public_url=address(own), gateway_url=address(port))
        stack.callback(provider.stop)
        hello = Spawned("tests.bench.hello", {}, http)
        stack.push_async_callback(hello.kill9)
        await hello.start()
        plan = Plan(secrets, mongodb, rabbitmq)
        await plan.create_users()
        running = await stack.enter_async_context(portal(plan, provider, port, http))
        pids = {process.name: process._process.pid for process in running}
        rest = {name: memory(pid) for name, pid in pids.items()}
        servers = {**pids, hello.name: hello._process.pid}
        headers = await moved_in(provider, port, http)
        targets = [
            Target("aiohttp hello", int(hello.port or 0), "/"),
            *(Target(f"GET {path}", port, path, headers) for path in ("/api/security-info", "/api/overview")),
        ]
        await warm_up(targets)
        await run_rounds(targets, rounds=rounds, seconds=seconds, pids={**servers, tables.DATABASE: mongodb.pid})
        after = {name: memory(pid) for name, pid in pids.items()}
        ways = await relayed(plan, secrets, http)
        _say(tables.requests(targets, list(servers)))
        _say(tables.processes(rest, after, targets[1:]))
        _say(tables.ways(ways))


async def main() -> int:
    """Measure within the limit; 1 where an answer was wrong or something was missing."""
    rounds, seconds = int(os.environ.get("ROUNDS", "5")), float(os.environ.get("SECONDS", "3"))
    if not 0 < rounds * seconds <= MOST:
        _say(f"ROUNDS times SECONDS may be {MOST} at most.")
        return 2
    begun = time.monotonic()
    _say(
        f"{os.cpu_count()} cores, Python {platform.python_version()}; medians of {rounds} rounds of {seconds:g} s with "
        f"{CONNECTIONS} connections; where others use the machine too, compare core ms, which they change least"
    )
    try:
        with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder:
            async with asyncio.timeout(LIMIT) as limit:
                await bench(Path(folder), rounds=rounds, seconds=seconds)
    except TimeoutError:
        if not limit.expired():
            raise
        _say(f"It was given up after {LIMIT} s.")
        return 1
    except (SetupError, WrongAnswerError) as error:
        _say(str(error))
        return 1
    _say(f"It took {time.monotonic() - begun:.0f} s.")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
