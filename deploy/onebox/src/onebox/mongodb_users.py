"""Give each process a MongoDB user of its own: `python -m onebox.mongodb_users --users FILE`."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pymongo.errors import ConfigurationError, ConnectionFailure, InvalidURI, OperationFailure, PyMongoError

from onebox.processes import SetupError
from onebox.secrets import PROCESSES
from shared.connecting import Client, close, connect

RIGHTS = ("find", "insert", "update", "createIndex", "collMod")
"""What a process does in its own database: nothing is deleted but by the server itself, where documents expire."""

_OF_THE_SERVER = {"admin", "config", "local"}
_UNAUTHORIZED = 13
_AUTHENTICATION_FAILED = 18
_ROLE_EXISTS = 51002
_USER_EXISTS = 51003


def database_of(process: str) -> str:
    """Name the database of *process* as its settings do when nothing else is said."""
    return process.replace("-", "_")


async def create_users(url: str, passwords: Mapping[str, str], databases: Mapping[str, str] | None = None) -> None:
    """Create a user for each process in *passwords*, or give the one that is there this password and its rights.

    *databases* names those that are not called as their process is. User and role live in the process's own
    database, where a role cannot give rights on any other. SetupError says what is in the way.
    """
    with _in_one_sentence():
        client = connect_shortly(url)
        try:
            for process, password in passwords.items():
                database = client[(databases or {}).get(process, database_of(process))]
                await _keep_role(database, process)
                await keep_user(database, process, password, process)
        finally:
            await close(client)


def connect_shortly(url: str) -> Client:
    """Open a client for a few commands, which may be closed at once."""
    # The driver leaves a socket open that it connects while it is closed: so it makes no second connection of its own
    return connect(url, serverMonitoringMode="poll")


async def keep_user(database: Any, name: str, password: str, role: str) -> None:
    """Create the user with this one role, or change the one that is there."""
    about = {"pwd": password, "roles": [role], "mechanisms": ["SCRAM-SHA-256"]}
    try:
        await database.command("createUser", name, **about)
    except OperationFailure as error:
        if error.code != _USER_EXISTS:
            raise
        await database.command("updateUser", name, **about)


async def _keep_role(database: Any, name: str) -> None:
    everything = {"db": database.name, "collection": ""}
    about = {"privileges": [{"resource": everything, "actions": list(RIGHTS)}], "roles": []}
    try:
        await database.command("createRole", name, **about)
    except OperationFailure as error:
        if error.code != _ROLE_EXISTS:
            raise
        await database.command("updateRole", name, **about)


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """Say what went wrong without the words of driver and server, in which parts of an address may stand."""
    try:
        yield
    except (InvalidURI, ConfigurationError, ValueError):
        raise SetupError("The address of the database server is not one that MongoDB's drivers understand.") from None
    except ConnectionFailure:
        raise SetupError("No database server that takes writes answered at this address.") from None
    except OperationFailure as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise SetupError("The database server does not take the user and password in this address.") from None
        if error.code == _UNAUTHORIZED:
            raise SetupError("The user in this address may not create users and roles (userAdmin).") from None
        raise SetupError(f"The database server refuses: {(error.details or {}).get('codeName', error.code)}.") from None
    except PyMongoError as error:
        raise SetupError(f"The database server could not be asked: {type(error).__name__}.") from None


def _passwords(file: str) -> dict[str, str]:
    try:
        found = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text())
    except OSError as error:
        raise SetupError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) and value for value in found.values()):
        raise SetupError("The users are to be a JSON object of process and password, none of them empty.")
    _known(found)
    return found


def _databases(pairs: Sequence[str], processes: Mapping[str, str]) -> dict[str, str]:
    named = dict(pair.partition("=")[::2] for pair in pairs)
    _known(named)
    chosen = {process: named.get(process, database_of(process)) for process in {**processes, **named}}
    if _OF_THE_SERVER & set(chosen.values()) or "" in chosen.values() or len(set(chosen.values())) < len(chosen):
        raise SetupError("Each process needs a database of its own that is none of the server's own.")
    return chosen


def _known(names: Mapping[str, str]) -> None:
    if unknown := sorted(set(names) - set(PROCESSES)):
        raise SetupError(f"No process is called {', '.join(unknown)}; there are {', '.join(PROCESSES)}.")


def _url(given: str | None) -> str:
    if given is None:
        given = os.environ.get("MONGO_URL") or ""
    elif _has_password(given):
        raise SetupError("Others see a password on the command line: give the address in MONGO_URL instead of --url.")
    if not given:
        raise SetupError("Say where the database server is, with MONGO_URL or --url.")
    return given


def _has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return False


def main(arguments: Sequence[str]) -> int:
    """Create the users and name the database of each; what is in the way is said in one sentence, and gives 1."""
    parser = argparse.ArgumentParser(prog="python -m onebox.mongodb_users", description=__doc__)
    parser.add_argument("--url", help="the server, if no password is needed; else give the whole address in MONGO_URL")
    parser.add_argument(
        "--users", required=True, metavar="FILE", help="a JSON object: process to password; - for standard input"
    )
    parser.add_argument(
        "--databases",
        nargs="+",
        default=[],
        metavar="PROCESS=DATABASE",
        help="databases that are not called as their process is",
    )
    chosen = parser.parse_args(arguments)
    try:
        url, passwords = _url(chosen.url), _passwords(chosen.users)
        databases = _databases(chosen.databases, passwords)
        asyncio.run(create_users(url, passwords, databases))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    for process in passwords:
        print(f"{process} reads and writes {databases[process]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
