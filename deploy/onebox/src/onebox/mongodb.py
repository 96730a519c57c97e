"""A real MongoDB of our own: one member of a replica set on the loopback interface."""

import asyncio
import ctypes
import os
import secrets
import shutil
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

from pymongo.errors import OperationFailure, PyMongoError

from onebox.containers import Container, docker_answers
from onebox.mongodb_users import connect_shortly, keep_user
from onebox.ports import HOST, port_or_free
from onebox.processes import ServerProcess, SetupError, prepare_folder
from shared.connecting import Client, close

REPLICA_SET = "rs0"
KEY_FILE = "keyfile"
ADMIN_FILE = "admin-password"
ADMIN = "admin"
MEMBER = "__system"
"""As whom a member of the set signs in to another, with the key file's content; it may do everything."""
NOT_YET_INITIALIZED = 94
READY_SECONDS = 60
IMAGE = "mongo:7.0"


class MongoDB:
    """Hold a running MongoDB and say where it is: `url` is its administrator's and works with every driver."""

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
        if binary is not None:
            key, password = _kept_secret(folder / KEY_FILE), _kept_secret(folder / ADMIN_FILE)
            process = await ServerProcess.start("mongod", _command(binary, folder, port), folder)
            base_url = _url(port)
            await _lead(process, _signed(base_url, MEMBER, key, "local"), port, f"{HOST}:{port}", password=password)
            return cls(_signed(base_url, ADMIN, password, "admin"), process)
        if docker_answers():
            container = await Container.start(
                IMAGE,
                ports={port: 27017},
                volumes={folder / "data": "/data/db"},
                command=f"--replSet {REPLICA_SET} --bind_ip_all --wiredTigerCacheSizeGB 0.25",
            )
            await _lead(container, _url(port), port, f"{HOST}:27017")
            return cls(_url(port), container)
        raise SetupError(
            "There is no MongoDB: set MONGO_URL, put mongod on the PATH, or on Linux x86-64 install "
            "libcurl4 so that the mongod that comes with onebox can run."
        )

    @property
    def pid(self) -> int | None:
        """Give the process id, None when the server is not a process of ours."""
        return self._server.pid if isinstance(self._server, ServerProcess) else None

    @property
    def one_user(self) -> bool:
        """Tell whether everybody comes with the one `url`: the server was given, or is in a container."""
        return not isinstance(self._server, ServerProcess)

    def user_url(self, user: str, password: str, database: str) -> str:
        """Give the address for a user of one database."""
        return _signed(self.url, user, password, database)

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


def _url(port: int) -> str:
    # The direct connection does not look up the member's name, so it does not matter what an earlier run was
    return f"mongodb://{HOST}:{port}/?directConnection=true"


def _signed(url: str, user: str, password: str, database: str) -> str:
    parts = urlsplit(url)
    place = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=place, path=f"/{database}"))


def _kept_secret(file: Path) -> str:
    """Give the secret in *file*, or make it there, readable by its owner alone."""
    kept = file.read_text() if file.exists() else ""
    if not kept:
        kept = secrets.token_hex(32)
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(kept)
        fresh.replace(file)
    return kept


def _command(binary: Path, folder: Path, port: int) -> list[str]:
    return [
        *(str(binary), "--dbpath", str(folder / "data"), "--replSet", REPLICA_SET, "--quiet"),
        *("--bind_ip", HOST, "--port", str(port), "--nounixsocket"),
        *("--keyFile", str(folder / KEY_FILE), "--setParameter", "enableLocalhostAuthBypass=false"),
        *("--networkMessageCompressors", "disabled"),
        *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        # A primary waits this long for clients to leave before it ends; ours are already gone
        *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
    ]


async def _lead(
    server: ServerProcess | Container, url: str, port: int, member: str, *, password: str | None = None
) -> None:
    """Wait until the server takes writes as the only member of its set, whatever its name was before.

    The administrator gets this *password* at every start: so a folder may come from a version that had no users, from
    a start that was cut off, or without its password.
    """
    await server.until(lambda: _listens(port), seconds=READY_SECONDS)
    client = connect_shortly(url)

    async def leads() -> bool:
        with suppress(PyMongoError):
            await _name_member(client, member)
            if not (await client.admin.command("hello"))["isWritablePrimary"]:
                return False
            if password is not None:
                await keep_user(client.admin, ADMIN, password, "root")
            return True
        return False

    try:
        await server.until(leads, seconds=READY_SECONDS)
    finally:
        await close(client)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


async def _name_member(client: Client, member: str) -> None:
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
