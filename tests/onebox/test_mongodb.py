import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import NotPrimaryError, OperationFailure

from onebox import mongodb
from onebox.house import Plan
from onebox.mongodb import MongoDB, find_mongod
from onebox.mongodb_users import create_users
from onebox.ports import free_port
from onebox.processes import ServerProcess, SetupError
from onebox.secrets import Secrets
from tests.spawning import until

KILLED_RUN = """
import asyncio, os, pathlib, signal, sys
from onebox.mongodb import MongoDB
database = asyncio.run(MongoDB.start(pathlib.Path(sys.argv[1])))
print(database.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def run_and_die(folder):
    return subprocess.run(
        [sys.executable, "-c", KILLED_RUN, folder], capture_output=True, check=False, text=True, timeout=60
    )


@pytest.fixture(autouse=True)
def our_own(monkeypatch):
    monkeypatch.delenv("MONGO_URL", raising=False)


async def count(database):
    async with AsyncMongoClient(database.url, serverMonitoringMode="poll") as client:
        collection = client.trial.things.with_options(write_concern=client.write_concern)
        await collection.insert_one({"kept": True})
        return await collection.count_documents({})


async def test_data_survives_a_stop_another_port_and_a_power_cut(tmp_path):
    database = await MongoDB.start(tmp_path)
    assert await count(database) == 1
    first = database.url
    await database.stop()

    database = await MongoDB.start(tmp_path)
    assert database.url != first
    assert await count(database) == 2
    await database.kill()

    database = await MongoDB.start(tmp_path)
    try:
        assert await count(database) == 3
        with pytest.raises(SetupError, match="in use"):
            await MongoDB.start(tmp_path)
    finally:
        await database.stop()
    assert not alive(database.pid)


async def test_a_killed_run_does_not_hinder_the_next(tmp_path):
    run = run_and_die(tmp_path)
    assert run.returncode == -signal.SIGKILL, run.stderr
    left_over = int(run.stdout)
    database = await MongoDB.start(tmp_path)
    assert not alive(left_over)
    await database.stop()


async def test_users_and_their_passwords_survive_a_start_on_another_port(tmp_path):
    database = await MongoDB.start(tmp_path)
    await create_users(database.url, {"privacy": "kept"})
    first = database.url
    await database.stop()

    database = await MongoDB.start(tmp_path)
    try:
        assert urlsplit(database.url).port != urlsplit(first).port
        assert urlsplit(database.url).password == urlsplit(first).password
        async with AsyncMongoClient(
            database.user_url("privacy", "kept", "privacy"), serverMonitoringMode="poll"
        ) as client:
            assert await client.privacy.things.find_one() is None
    finally:
        await database.stop()


async def test_secrets_are_readable_by_their_owner_alone_and_not_in_the_log(tmp_path):
    database = await MongoDB.start(tmp_path)
    await create_users(database.url, {"privacy": "kept"})
    await database.stop()
    kept = {name: (tmp_path / name).read_text() for name in ("keyfile", "admin-password")}
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in kept} == {0o600}
    assert len({*kept.values()}) == 2
    assert all(len(secret) == 64 for secret in kept.values())
    log = (tmp_path / "mongod.log").read_text()
    assert not [secret for secret in kept.values() if secret in log]


async def test_nobody_comes_without_a_password(tmp_path):
    database = await MongoDB.start(tmp_path)
    try:
        await assert_closed(urlsplit(database.url).port)
    finally:
        await database.stop()


async def test_nobody_comes_first_either(tmp_path):
    port = free_port()
    mongodb._kept_secret(tmp_path / "keyfile")
    (tmp_path / "data").mkdir()
    server = await ServerProcess.start("mongod", mongodb._command(find_mongod(), tmp_path, port), tmp_path)
    try:
        await server.until(lambda: mongodb._listens(port), seconds=20)
        await assert_closed(port)
    finally:
        await server.kill()


async def assert_closed(port):
    async with AsyncMongoClient(
        f"mongodb://127.0.0.1:{port}/?directConnection=true", serverMonitoringMode="poll"
    ) as client:
        for attempt in (
            client.trial.things.find_one(),
            client.trial.things.insert_one({}),
            client.list_database_names(),
            client.admin.command("replSetInitiate", {}),
            client.admin.command("createUser", "me", pwd="x", roles=["root"]),
        ):
            with pytest.raises(OperationFailure, match="requires authentication"):
                await attempt


async def test_a_folder_from_a_version_without_users_is_taken_over(tmp_path):
    (tmp_path / "data").mkdir()
    port = free_port()
    before = await ServerProcess.start(
        "mongod",
        [str(find_mongod()), "--dbpath", "data", "--replSet", "rs0", "--port", str(port), "--nounixsocket"],
        tmp_path,
    )
    try:
        async with AsyncMongoClient(
            f"mongodb://127.0.0.1:{port}/?directConnection=true", serverMonitoringMode="poll"
        ) as client:
            first = {"_id": "rs0", "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}
            await client.admin.command("replSetInitiate", first)

            async def kept():
                with suppress(NotPrimaryError):
                    return await client.trial.things.insert_one({"kept": True})

            await until(kept, what="the primary")
    finally:
        await before.stop()

    database = await MongoDB.start(tmp_path)
    try:
        assert urlsplit(database.url).port != port
        assert await count(database) == 2
        await assert_closed(urlsplit(database.url).port)
    finally:
        await database.stop()


async def test_a_start_that_was_cut_off_before_there_was_an_administrator_is_made_good(tmp_path):
    database = await MongoDB.start(tmp_path)
    async with AsyncMongoClient(database.url, serverMonitoringMode="poll") as client:
        await client.admin.command("dropUser", "admin")
    await database.kill()

    database = await MongoDB.start(tmp_path)
    try:
        assert await count(database) == 1
    finally:
        await database.stop()


@pytest.mark.parametrize("left", [None, ""], ids=["gone", "empty"])
async def test_lost_secrets_are_made_anew(tmp_path, left):
    database = await MongoDB.start(tmp_path)
    assert await count(database) == 1
    await database.kill()
    for name in ("keyfile", "admin-password"):
        (tmp_path / name).unlink()
        if left is not None:
            (tmp_path / name).write_text(left)

    database = await MongoDB.start(tmp_path)
    try:
        assert await count(database) == 2
    finally:
        await database.stop()


async def test_a_server_that_is_given_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("MONGO_URL", "mongodb://db.example/")
    database = await MongoDB.start(tmp_path / "mongodb")
    await database.stop()
    assert database.url == "mongodb://db.example/"
    assert database.one_user
    plan = Plan(Secrets(tmp_path / "secrets"), database, None)
    await plan.create_users()
    assert plan.process("privacy")["mongo_url"] == "mongodb://db.example/"
    assert database.pid is None
    assert not (tmp_path / "mongodb").exists()


async def test_a_failed_start_quotes_the_log(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "storage.bson").mkdir()
    began = time.monotonic()
    with pytest.raises(SetupError, match=r"(?s)mongod ended while it started.*storage\.bson"):
        await MongoDB.start(tmp_path)
    assert time.monotonic() - began < 10


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
