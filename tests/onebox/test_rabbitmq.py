import asyncio
import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import aio_pika
import pytest

from onebox.processes import SetupError
from onebox.rabbitmq import RabbitMQ
from shared.brokering.dialing import dial

WRITER = ("security-info", "written-by-test")
KILLED_RUN = """
import asyncio, os, pathlib, signal, sys
from onebox.processes import ServerProcess
server = asyncio.run(ServerProcess.start("sleeper", ["sleep", "60"], pathlib.Path(sys.argv[1])))
print(server.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def run_and_die(folder):
    return subprocess.run(
        [sys.executable, "-c", KILLED_RUN, folder], capture_output=True, check=False, text=True, timeout=60
    )


@pytest.fixture(autouse=True)
def our_own(monkeypatch):
    monkeypatch.delenv("AMQP_URL", raising=False)


def password_hash(password):
    """Hash as RabbitMQ's rabbit_password_hashing_sha256 does."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


@pytest.fixture
def definitions(tmp_path):
    user, password = WRITER
    of_vhost = {"vhost": "/", "durable": True, "auto_delete": False}
    declared = {
        "vhosts": [{"name": "/"}],
        "users": [{"name": user, "password_hash": password_hash(password), "tags": ""}],
        "permissions": [
            {"user": user, "vhost": "/", "configure": "", "write": "account.events", "read": "reacting|log"}
        ],
        "topic_permissions": [
            {"user": user, "vhost": "/", "exchange": "account.events", "write": r"^profile\.", "read": ""}
        ],
        "exchanges": [{"name": "account.events", "type": "topic", "internal": False, "arguments": {}, **of_vhost}],
        "queues": [
            {"name": "reacting", "arguments": {"x-queue-type": "quorum", "x-delivery-limit": 20}, **of_vhost},
            {"name": "log", "arguments": {"x-queue-type": "stream", "x-max-age": "7D"}, **of_vhost},
        ],
        "bindings": [
            {
                "source": "account.events",
                "vhost": "/",
                "destination": queue,
                "destination_type": "queue",
                "routing_key": "#",
                "arguments": {},
            }
            for queue in ("reacting", "log")
        ],
    }
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(declared))
    return file


async def publish(broker, text):
    connection = await dial(broker.url(*WRITER), timeout=10)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("account.events", ensure=False)
        message = aio_pika.Message(text.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await exchange.publish(message, "profile.devices.device.renamed.v1", timeout=10)


async def read(broker, queue, number, **arguments):
    """Read without acknowledging, so that they stay."""
    connection = await dial(broker.url(*WRITER), timeout=10)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(10)
        source = await channel.get_queue(queue, ensure=False)
        texts = []
        async with asyncio.timeout(20), source.iterator(arguments=arguments) as messages:
            async for message in messages:
                texts.append(message.body.decode())
                if len(texts) == number:
                    break
        return texts


async def test_what_is_declared_and_published_survives_outages_and_nothing_is_left(tmp_path, definitions):
    broker = await RabbitMQ.start(tmp_path / "broker", definitions=definitions)
    try:
        await publish(broker, "first")
        await broker.pause()
        with pytest.raises(ConnectionError):
            await publish(broker, "lost")
        await broker.resume()
        await publish(broker, "second")
        await broker.kill()
        await broker.resume()
        await publish(broker, "third")
        everything = ["first", "second", "third"]
        assert await read(broker, "reacting", 3) == everything
        assert await read(broker, "log", 3, **{"x-stream-offset": "first"}) == everything
        with pytest.raises(aio_pika.exceptions.ProbableAuthenticationError):
            await dial(broker.url(), timeout=10)
        assert listening(broker.pid) == {"127.0.0.1"}
        ours = processes_of(tmp_path)
        assert broker.pid in ours
    finally:
        await broker.stop()
    assert not processes_of(tmp_path)


async def test_a_server_that_is_given_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("AMQP_URL", "amqp://someone:secret@broker.example/profile")
    broker = await RabbitMQ.start(tmp_path)
    await broker.stop()
    assert broker.url() == "amqp://someone:secret@broker.example/profile"
    assert broker.url("priv acy", "p@ss") == "amqp://priv%20acy:p%40ss@broker.example/profile"
    assert not list(tmp_path.iterdir())


async def test_a_killed_run_takes_its_servers_along(tmp_path):
    run = run_and_die(tmp_path)
    assert run.returncode == -signal.SIGKILL, run.stderr
    async with asyncio.timeout(5):
        while processes_of(tmp_path):  # noqa: ASYNC110 - nothing tells when another process is gone
            await asyncio.sleep(0.02)


def processes_of(folder):
    """Find the processes that work in the folder."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.add(int(process.name))
        except OSError:
            continue
    return found


def listening(pid):
    """Find the addresses on which the process listens."""
    lines = subprocess.run(["ss", "-ltnp"], capture_output=True, check=True, text=True).stdout.splitlines()
    return {line.split()[3].rpartition(":")[0] for line in lines if f"pid={pid}," in line}


async def test_definitions_that_are_not_taken_stop_the_start(tmp_path, definitions):
    declared = json.loads(definitions.read_text())
    declared["permissions"][0]["user"] = "nobody"
    definitions.write_text(json.dumps(declared))
    with pytest.raises(SetupError, match="did not take the topic permissions"):
        await RabbitMQ.start(tmp_path / "broker", definitions=definitions)
    assert not processes_of(tmp_path)

    definitions.write_text("{")
    with pytest.raises(SetupError, match="is not JSON"):
        await RabbitMQ.start(tmp_path / "broker", definitions=definitions)
