"""The yardstick, a bare server of one process: `python -m tests.bench.hello`."""

import asyncio
import json
import sys

import uvloop
from aiohttp import web

from onebox.ports import HOST


async def hello(_request: web.Request) -> web.Response:
    """Say hello."""
    return web.Response(text="hello")


async def main() -> None:
    """Serve until killed; the port stands in the line that says so, as with the processes of the portal."""
    app = web.Application()
    app.router.add_get("/", hello)
    app.router.add_get("/health/ready", hello)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0, backlog=1024).start()
    sys.stdout.write(json.dumps({"event": "ready", "port": runner.addresses[0][1]}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
