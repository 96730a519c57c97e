"""Senders in processes of their own, on one collection: every letter goes out, also where one of them is killed."""

import asyncio
from collections import Counter

import aiohttp
import pytest
from aiohttp import web

from onebox.ports import HOST
from shared.connecting import safe
from shared.sealing import Sealer
from shared.storing.mongo import MongoShelf
from tests.faults.postman import MASTER
from tests.posting import CODE, PostOffice, letter, write
from tests.spawning import Spawned, until

NUMBER = "+46701740605"
LETTERS = 60


class Operator:
    """Counts what it takes."""

    def __init__(self):
        self.taken = Counter()
        self.url = ""

    async def take(self, request):
        told = await request.json()
        assert told["to"] == NUMBER
        self.taken[request.headers["Idempotency-Key"]] += 1
        return web.Response(status=202)


@pytest.fixture
async def operator():
    made = Operator()
    application = web.Application()
    application.router.add_post("/", made.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    made.url = f"http://{HOST}:{runner.addresses[0][1]}/"
    yield made
    await runner.cleanup()


@pytest.fixture
async def post(mongo, database):
    """Where letters are written, and nobody sends them."""
    shelf = MongoShelf(safe(mongo[database], "boxes"))
    await shelf.prepare()
    sealer = Sealer(mongo, vault=f"{database}.keys", kms=MASTER, master=None)
    await sealer.prepare()
    yield PostOffice(shelf, {}, sealer=sealer)
    await sealer.close()
    await mongo.drop_database(database)


@pytest.fixture
async def postmen(mongodb, database, operator, http: aiohttp.ClientSession):
    settings = {"mongo_url": mongodb.url, "database": database, "webhook": operator.url, "lease": 3}
    made = [Spawned("tests.faults.postman", settings, http) for _ in range(2)]
    yield made
    for process in made:
        await process.kill9()
        print(f"--- {process.text}")  # noqa: T201  # shown where the test fails


async def written(post):
    """Write two letters to each of many people, and give their ids."""
    names = [f"l{number}" for number in range(LETTERS)]
    for first, second in zip(names[::2], names[1::2], strict=True):
        both = [letter(id_, channel="text", to=NUMBER) for id_ in (first, second)]
        await write(post.store, f"person-{first}", *both)
    return names


async def settled(post, names):
    """Wait until no letter waits; give the news of what became of each, in order."""

    async def none_waits():
        return not await post.shelf._collection.count_documents({"letters.0": {"$exists": True}})

    await until(none_waits, what="the end of every letter")
    told = []
    for first in names[::2]:
        told += await post.news(f"person-{first}")
    return sorted(told)


async def test_two_at_once_send_each_letter_once(post, postmen, operator):
    for process in postmen:
        process.settings["lease"] = 45  # none of them dies
    await asyncio.gather(*(process.launch() for process in postmen))
    await asyncio.gather(*(process.wrote("sending") for process in postmen))
    names = await written(post)
    assert await settled(post, names) == sorted((id_, None) for id_ in names)
    assert operator.taken == Counter(names)


@pytest.mark.parametrize("place", ["before a letter is sent", "after a letter is sent"])
async def test_where_one_is_killed_the_other_sends_what_it_had_and_nothing_more_than_twice(
    post, postmen, operator, place
):
    names = await written(post)
    dying, surviving = postmen
    await dying.launch(failpoint=place)
    assert await dying.ended() < 0
    assert dying.died_by_sigkill
    left = [one for first in names[::2] for one in await post.waiting(f"person-{first}")]
    assert sum(one.attempts for one in left), "it dies with letters in its hands"
    before = Counter(operator.taken)
    assert bool(before) is (place == "after a letter is sent")
    await surviving.launch()
    assert await settled(post, names) == sorted((id_, None) for id_ in names)
    assert set(operator.taken) == set(names)
    assert max(operator.taken.values()) <= 2
    assert {id_ for id_, times in operator.taken.items() if times > 1} <= set(before)
    for process in postmen:
        assert NUMBER not in process.text
        assert CODE not in process.text
