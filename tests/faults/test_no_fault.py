"""Where nothing breaks, each event goes out once: twice is allowed, and would be waste."""

import asyncio

from tests.faults.checking import Behind
from tests.faults.listening import Listener


async def test_news_is_told_once(spawn, holder, behind: Behind, listener: Listener):
    process = spawn("security-info")
    await process.start()
    people = [holder() for _ in range(5)]
    methods = [await who.registered(process) for who in people]
    for number in range(30):
        wishes = [who.rename(method, f"Name {number}") for who, method in zip(people, methods, strict=True)]
        await asyncio.gather(*(wish(process) for wish in wishes))
    for who in people:
        assert len(await behind.news(who)) == 32
        assert len(await listener.heard(who.account)) == 32
