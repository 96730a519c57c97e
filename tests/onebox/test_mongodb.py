import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient

from onebox.mongodb import MongoDB
from onebox.processes import SetupError

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
    async with AsyncMongoClient(database.url) as client:
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


async def test_a_server_that_is_given_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("MONGO_URL", "mongodb://db.example/")
    database = await MongoDB.start(tmp_path)
    await database.stop()
    assert database.url == "mongodb://db.example/"
    assert database.pid is None
    assert not list(tmp_path.iterdir())


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
