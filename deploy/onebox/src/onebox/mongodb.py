"""A real MongoDB of our own: one member of a replica set on the loopback interface."""

import asyncio
import ctypes
import os
import shutil
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from onebox.containers import Container, docker_answers
from onebox.ports import HOST, port_or_free
from onebox.processes import ServerProcess, SetupError, prepare_folder

REPLICA_SET = "rs0"
NOT_YET_INITIALIZED = 94
READY_SECONDS = 60
IMAGE = "mongo:7.0"


class MongoDB:
    """Hold a running MongoDB and say where it is: `url` works with every driver and outlives a change of port."""

    def __init__(self, url: str, server: ServerProcess | Container | None) -> None:
        self.url, self._server = url, server

    @classmethod
    async def start(cls, folder: Path, *, port: int | None = None) -> Self:
        """Start one whose data stays in `folder`, unless MONGO_URL names one; SetupError when none can be had."""
        if given := os.environ.get("MONGO_URL"):
            return cls(given, None)
        folder = prepare_folder(folder, "data")
        port = port_or_free(port)
        binary = find_mongod()
        server: ServerProcess | Container
        if binary is not None:
            server = await ServerProcess.start("mongod", _command(binary, folder, port), folder)
        elif docker_answers():
            server = await Container.start(
                IMAGE,
                ports={port: 27017},
                volumes={folder / "data": "/data/db"},
                command=f"--replSet {REPLICA_SET} --bind_ip_all --wiredTigerCacheSizeGB 0.25",
            )
        else:
            raise SetupError(
                "There is no MongoDB: set MONGO_URL, put mongod on the PATH, or on Linux x86-64 install "
                "libcurl4 so that the mongod that comes with onebox can run."
            )
        # The direct connection does not look up the member's name, so it does not matter what an earlier run was
        url = f"mongodb://{HOST}:{port}/?directConnection=true"
        member = f"{HOST}:{port}" if isinstance(server, ServerProcess) else f"{HOST}:27017"
        await _lead(server, url, port, member)
        return cls(url, server)

    @property
    def pid(self) -> int | None:
        """Give the process id, None when the server is not a process of ours."""
        return self._server.pid if isinstance(self._server, ServerProcess) else None

    async def stop(self) -> None:
        """Stop the server in order; nothing happens to one that was given."""
        if self._server is not None:
            await self._server.stop()

    async def kill(self) -> None:
        """End the server at once, as a power cut would; nothing happens to one that was given."""
        if self._server is not None:
            await self._server.kill()


def find_mongod() -> Path | None:
    """Find the server program: on the PATH, else in the wheel, else None."""
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    found = find_spec("fiftyone")
    for place in (found.submodule_search_locations or []) if found else []:
        binary = Path(place) / "db" / "bin" / "mongod"
        if binary.exists() and _has_libcurl():
            binary.chmod(0o755)  # installers may drop the run bit
            return binary
    return None


def _has_libcurl() -> bool:
    try:
        ctypes.CDLL("libcurl.so.4")
    except OSError:
        return False
    return True


def _command(binary: Path, folder: Path, port: int) -> list[str]:
    return [
        *(str(binary), "--dbpath", str(folder / "data"), "--replSet", REPLICA_SET, "--quiet"),
        *("--bind_ip", HOST, "--port", str(port), "--nounixsocket"),
        *("--networkMessageCompressors", "disabled"),
        *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        # A primary waits this long for clients to leave before it ends; ours are already gone
        *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
    ]


async def _lead(server: ServerProcess | Container, url: str, port: int, member: str) -> None:
    """Wait until the server takes writes as the only member of its set, whatever its name was before."""
    await server.until(lambda: _listens(port), seconds=READY_SECONDS)
    async with AsyncMongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=2000) as client:

        async def leads() -> bool:
            with suppress(PyMongoError):
                await _name_member(client, member)
                return bool((await client.admin.command("hello"))["isWritablePrimary"])
            return False

        await server.until(leads, seconds=READY_SECONDS)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


async def _name_member(client: AsyncMongoClient[dict[str, Any]], member: str) -> None:
    try:
        config = (await client.admin.command("replSetGetConfig"))["config"]
    except OperationFailure as error:
        if error.code != NOT_YET_INITIALIZED:
            raise
        first = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]}
        await client.admin.command("replSetInitiate", first)
        return
    if config["members"][0]["host"] != member:
        config["members"][0]["host"] = member
        config["version"] += 1
        await client.admin.command("replSetReconfig", config, force=True)
