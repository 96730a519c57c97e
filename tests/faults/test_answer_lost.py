"""The database commits a change and its answer is lost: the change happened, once, and its news is told once."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from onebox.mongodb import MongoDB
from shared.connecting import close, connect
from tests.faults.checking import Behind, what
from tests.faults.proxy import Line

EXPECTED = [
    ("method.added.v1", "Phone"),
    ("default-method.changed.v1", "Phone"),
    ("method.renamed.v1", "Alpha"),
    ("method.renamed.v1", "Beta"),
    ("method.removed.v1", "Beta"),
    ("default-method.changed.v1", None),
]


@pytest.mark.parametrize("times", [1, 2], ids=["once", "and of the driver's retry"])
async def test_a_change_happens_once_though_its_answer_is_lost(times, spawn, holder, behind: Behind):
    who, process = holder(), spawn("security-info")
    async with Line.to(process.settings["mongo_url"]) as line:
        process.settings["mongo_url"] = line.url
        await process.start()
        setup = await who.started(process)
        line.cut(times)
        wishes = [
            who.confirm(setup),
            who.rename(setup.method_id, "Alpha"),
            who.rename(setup.method_id, "Beta"),
            who.remove(setup.method_id),
        ]
        for wish in wishes:
            answer = await wish.insisted(process)
            assert answer.ok, answer.body
            assert line.cuts_left == 0
            again = await wish(process)
            assert again.status in {answer.status, 404}, "a method that is removed meanwhile cannot be shown"
            line.cut(times)
        assert what(await behind.news(who)) == EXPECTED
        await process.kill9()


@pytest.fixture
async def own_mongodb(tmp_path: Path) -> AsyncIterator[list[MongoDB]]:
    """A database server that a test may end and put another in the place of."""
    servers = [await MongoDB.start(tmp_path)]
    yield servers
    await servers[-1].kill()


async def test_the_server_dies_between_commit_and_answer(
    *, own_mongodb, tmp_path, spawn, holder, listener, subscriber_url, database
):
    async with Line.to(own_mongodb[0].url) as line:
        who, process = holder(), spawn("security-info", mongo_url=line.url)
        await process.start()
        setup = await who.started(process)

        async def die() -> None:
            await own_mongodb[0].kill()

        line.cut(before=die)
        wish = who.confirm(setup)
        assert (await wish(process)).status == 503
        assert await process.health() == 503
        own_mongodb.append(await MongoDB.start(tmp_path, port=urlsplit(own_mongodb[0].url).port))
        assert (await wish.insisted(process)).ok
        client = connect(own_mongodb[1].url)
        behind = Behind(client[f"{database}_security_info"]["accounts"], listener, subscriber_url)
        assert what(await behind.news(who)) == EXPECTED[:2]
        await close(client)
        await process.kill9()
