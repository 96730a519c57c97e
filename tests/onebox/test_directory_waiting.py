"""A portal that is away, slow or deaf for a while: what putting a directory in does then."""

import asyncio
import time
from collections import defaultdict
from contextlib import asynccontextmanager, suppress

import pytest
import yaml
from aiohttp import web

from onebox.directory import put_in, wishes
from onebox.directory_file import Directory, parsed
from onebox.ports import HOST, free_port
from onebox.processes import SetupError
from tests.onebox.playing import LAPTOP, SMALL


@asynccontextmanager
async def door(target, *, slammed):
    """Lead to *target*, but not the first *slammed* who knock; gives the address and what became of each knock."""
    knocks, within = [], set()

    async def pass_on(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()

    async def let_in(reader, writer):
        knocks.append(len(knocks) < slammed)
        if knocks[-1]:
            writer.transport.abort()
            return
        within.add(asyncio.current_task())
        back, there = await asyncio.open_connection(HOST, target)
        try:
            with suppress(OSError):
                await asyncio.gather(pass_on(reader, there), pass_on(back, writer))
        finally:
            for side in (writer, there):
                side.transport.abort()
                with suppress(OSError):
                    await side.wait_closed()

    server = await asyncio.start_server(let_in, HOST, 0)
    try:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}", knocks
    finally:
        server.close()
        for one in within:
            one.cancel()
        await asyncio.gather(*within, return_exceptions=True)


async def test_a_portal_that_is_away_for_a_moment_is_waited_for(cast, put, portal):
    async with door(portal.ports["gateway"], slammed=20) as (url, knocks):
        refused, said = await put(cast.directory, url=url)
    assert sum(knocks) == 20
    assert refused == []
    assert "all as it says" in said[-1]


async def test_a_portal_that_stays_away_is_given_up(cast, put):
    begun = time.monotonic()
    with pytest.raises(SetupError, match=r"does not answer .* 0 of [1-9]\d+ are in"):
        await put(cast.directory, url=f"http://localhost:{free_port()}", patience=0.5)
    assert time.monotonic() - begun < 10


@asynccontextmanager
async def answering(answer):
    """Serve what *answer* makes of the path, the number of the try and the key; gives the address."""
    tries = defaultdict(int)

    async def handle(request):
        tries[request.path] += 1
        return answer(request.path, tries[request.path], request.headers["Idempotency-Key"])

    app = web.Application()
    app.router.add_put("/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [429, 503])
async def test_who_is_asked_to_wait_waits_and_sends_the_same_command(status):
    came = defaultdict(list)

    def answer(path, number, key):
        came[path].append((time.monotonic(), key))
        return web.Response(status=status, headers={"Retry-After": "1"}) if number == 1 else web.json_response({})

    async with answering(answer) as url:
        assert await put_in(parsed(SMALL.encode(), "small"), url=url, token="t", say=lambda _line: None) == []
    assert len(came) == 3
    for (first, key), (second, same_key) in came.values():
        assert second - first >= 1
        assert key == same_key
    assert len({several[0][1] for several in came.values()}) == 3


async def test_devices_that_have_not_heard_of_a_membership_yet_are_asked_again():
    problem = {"status": 409, "key": "not_a_member", "title": "Not a member"}

    def answer(path, number, _key):
        early = "/devices/" in path and number < 4
        return web.json_response(problem, status=409) if early else web.json_response({})

    async with answering(answer) as url:
        assert await put_in(parsed(SMALL.encode(), "small"), url=url, token="t", say=lambda _line: None) == []


async def test_what_is_never_available_is_told_in_bounded_time():
    many = yaml.safe_load(SMALL)
    many["organizations"] |= {f"o{n}": {"name": "O"} for n in range(30)}
    begun = time.monotonic()
    async with answering(lambda *_: web.Response(status=503)) as url:
        refused = await put_in(Directory.model_validate(many), url=url, token="t", say=lambda _line: None, patience=1)
    assert {refusal.problem.status for refusal in refused} == {503}
    assert len(refused) == 33
    assert time.monotonic() - begun < 3


async def test_names_of_any_kind_come_to_the_account_that_they_name(put, mongo, database):
    names = [f"{database}{end}" for end in ("/../x", "%2F", " å?b#c", "é;,=")] + ["..", "."]
    content = Directory.model_validate(
        {
            "organizations": {database: {"name": "Odd names"}},
            "accounts": {
                name: {"home_organization": database, "devices": {"a.b:c": {"organization_id": database} | LAPTOP}}
                for name in names
            },
        }
    )
    assert not [wish.path for of_kind in wishes(content).values() for wish in of_kind if "." in wish.path]
    assert (await put(content))[0] == []
    for place in ("organizations", "devices"):
        kept = [one["_id"] async for one in mongo[place]["accounts"].find({"_id": {"$in": names}})]
        assert sorted(kept) == sorted(names)
