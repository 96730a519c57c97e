"""A process starts in any order with its servers, and not at all where it is told too little or wrong."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from onebox.house import Plan, write_definitions
from onebox.mongodb import MongoDB
from onebox.ports import free_port
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import SUBSCRIBER, Secrets
from tests.faults.checking import Behind
from tests.faults.conftest import Spawn, spawning
from tests.faults.listening import Listener

BOTH = ("security-info", "privacy")
WRONG = [
    ("MONGO_URL", None),
    ("LOCAL_MASTER_KEY", None),
    ("LOCAL_MASTER_KEY", "deadbeef" * 8),
]


async def test_they_wait_for_their_database(spawn: Spawn, tmp_path: Path):
    server = await MongoDB.start(tmp_path)
    await server.stop()
    processes = [spawn(name, mongo_url=server.url) for name in BOTH]
    for process in processes:
        await process.launch()
    for process in processes:
        await process.wrote("waiting for the database")
    server = await MongoDB.start(tmp_path, port=urlsplit(server.url).port)
    try:
        for process in processes:
            await process.until_ready()
            await process.kill9()
    finally:
        await server.kill()


async def test_it_answers_before_there_is_a_broker_and_announces_when_there_is(
    *, tmp_path: Path, secrets: Secrets, mongodb: MongoDB, mongo, http, database, holder
):
    coming = RabbitMQ(
        f"amqp://127.0.0.1:{free_port()}/", None, folder=tmp_path, definitions=write_definitions(tmp_path, secrets)
    )
    plan = Plan(secrets, mongodb, coming)
    async with spawning(plan, http, database) as spawn:
        who, process, privacy = holder(), spawn("security-info"), spawn("privacy")
        await asyncio.gather(process.launch(), privacy.launch())
        await asyncio.gather(*(service.wrote('"ready"') for service in (process, privacy)))
        assert [await service.health() for service in (process, privacy)] == [503, 503]  # what news tells is missing
        method = await who.registered(process)
        assert (await who.rename(method, "Before")(process)).ok
        try:
            await coming.resume()
            url = str(plan.broker_url(SUBSCRIBER))
            behind = Behind(mongo[f"{database}_security_info"]["accounts"], await Listener.listen(url), url)
            await behind.outbox_empty(who)
            await asyncio.gather(process.until_ready(), privacy.until_ready())
            assert (await who.rename(method, "After")(process)).ok
            assert await behind.outbox_empty(who) == 4
        finally:
            await process.kill9()
            await privacy.kill9()
            await coming.kill()


async def test_half_configured_it_names_what_is_missing_and_ends(spawn: Spawn, secrets: Secrets):
    processes = [(variable, value, spawn("security-info", **{variable.lower(): value})) for variable, value in WRONG]
    for _, _, process in processes:
        await process.launch()
    passwords = {*secrets.broker_passwords.values(), *secrets.mongodb_passwords.values()}
    for variable, value, process in processes:
        assert await process.ended() == 2
        assert len(process.log) == 1, process.text
        assert process.text.startswith(f"{variable}: ")
        for secret in (value or "-none-", secrets.master_key("security-info"), *passwords):
            assert secret not in process.text


async def test_an_old_database_server_is_refused_in_one_sentence(spawn: Spawn):
    process = spawn("security-info", allow_old_mongodb=False)
    await process.launch()
    assert await process.ended() == 1
    assert len(process.log) == 1
    assert "MongoDB 6.0 is too old; at least 7.0 is needed" in process.text
