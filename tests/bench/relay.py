"""How long news takes from the database's word that a change is kept to a subscriber of the broker."""

import asyncio
import json
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aio_pika.abc import AbstractIncomingMessage
from joserfc.jwk import OKPKey

from onebox.house import Plan
from onebox.secrets import SUBSCRIBER, Secrets
from shared.brokering.dialing import dial
from shared.contracts.security_info import MethodRenamed
from shared.identifying import Signer
from tests.faults.people import Holder
from tests.faults.proxy import Line, _message
from tests.proving import Prover
from tests.spawning import Spawned

PEOPLE = 10
RENAMES = 300
WARM_UP = 20
NAME = "security-info"


class Watched(Line):
    """A line to the database that notes when the database said that a change of an account is kept."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.kept: list[float] = []
        self._changes: set[int] = set()

    async def _there(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _swallowed: set[int]) -> None:
        while message := await _message(reader):
            if b"commands." in message and b"update" in message:  # not what the relay takes out
                self._changes.add(struct.unpack_from("<i", message, 4)[0])
            writer.write(message)

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _swallowed: set[int]) -> None:
        while message := await _message(reader):
            writer.write(message)
            if (number := struct.unpack_from("<i", message, 8)[0]) in self._changes:
                self._changes.discard(number)
                self.kept.append(time.perf_counter())


async def relayed(plan: Plan, secrets: Secrets, http: aiohttp.ClientSession) -> dict[str, list[float]]:
    """Rename methods one after the other in a security-info of its own; give the milliseconds of each way."""
    signer, prover = Signer(OKPKey.import_key(json.loads(secrets.signing_key))), Prover(secrets)
    settings = plan.service(NAME)
    async with Watched.to(settings["mongo_url"]) as line, _heard(str(plan.broker_url(SUBSCRIBER))) as heard:
        process = Spawned(NAME, {**settings, "mongo_url": line.url}, http)
        try:
            await process.start()
            people = [Holder(signer, prover, http) for _ in range(PEOPLE)]
            methods = [await person.registered(process) for person in people]
            ways: dict[str, list[float]] = {"command → answer": [], "commit → subscriber": []}
            for number in range(WARM_UP + RENAMES):
                name, who = f"Name {number}", number % PEOPLE
                line.kept.clear()
                begun = time.perf_counter()
                answer = await people[who].rename(methods[who], name)(process)
                ended = time.perf_counter()
                assert answer.status == 200, answer
                moment = await asyncio.wait_for(_moment(heard, name), 10)
                assert len(line.kept) == 1, "one change is kept once"
                if number >= WARM_UP:
                    ways["command → answer"].append((ended - begun) * 1000)
                    ways["commit → subscriber"].append((moment - line.kept[0]) * 1000)
            return ways
        finally:
            await process.kill9()


@asynccontextmanager
async def _heard(url: str) -> AsyncIterator[asyncio.Queue[tuple[float, str]]]:
    """Listen for renamed methods; gives when each was heard of, and its name."""
    heard: asyncio.Queue[tuple[float, str]] = asyncio.Queue()

    async def take(message: AbstractIncomingMessage) -> None:
        moment = time.perf_counter()
        heard.put_nowait((moment, json.loads(message.body)["data"]["name"]))
        await message.ack()

    async with await dial(url, timeout=10) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(f"{SUBSCRIBER}.bench", exclusive=True)
        await queue.bind("account.events", MethodRenamed.wire)
        await queue.consume(take)
        yield heard


async def _moment(heard: asyncio.Queue[tuple[float, str]], name: str) -> float:
    while True:
        moment, told = await heard.get()
        if told == name:  # what comes a second time is older
            return moment
