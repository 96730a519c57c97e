"""Streams that stay open at the portal's door: how many there may be, and that nobody else waits for them."""

import asyncio
from contextlib import AsyncExitStack

from gateway.app import STREAMS_AT_ONCE
from shared.contracts.lines import MEDIA_TYPE

PATH = "/api/system/devices/bulk"


async def test_streams_that_stay_open_are_so_many_and_keep_nobody_else_waiting(portal, http, directory, someone):
    ended = asyncio.Event()
    headers = {"Content-Type": MEDIA_TYPE, **directory._headers}

    async def nothing_more():
        yield b"\n"
        await ended.wait()

    def another():
        return http.post(f"{portal.url}{PATH}", data=nothing_more(), headers=headers)

    async with AsyncExitStack() as opened, asyncio.timeout(30):
        streams = [await opened.enter_async_context(another()) for _ in range(STREAMS_AT_ONCE)]
        assert {stream.status for stream in streams} == {200}
        async with another() as response:
            problem = await response.json(content_type=None)
            assert (response.status, problem["key"]) == (503, "unavailable")
            assert problem["title"]
            assert response.headers["Retry-After"]
        activity = f"{portal.url}/api/system/accounts/{someone}/devices/none/activity"
        for _ in range(3 * STREAMS_AT_ONCE):
            async with http.post(activity, json={"compliance": "unknown"}, headers=directory._headers) as response:
                assert response.status == 404
        ended.set()
        assert [await stream.read() for stream in streams] == [b""] * STREAMS_AT_ONCE
        async with another() as response:
            assert (response.status, await response.read()) == (200, b"")
