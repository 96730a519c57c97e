"""Print a bearer token of the running onebox: `python -m onebox.token alice`, or for a system, `--system all`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from onebox.accounts import DEMO_ACCOUNTS, Account
from onebox.processes import SetupError
from onebox.provider import CLI_CLIENT, SCOPES
from onebox.systems import SYSTEMS, System

RUNNING = Path(".data/onebox.json")
TIMEOUT = aiohttp.ClientTimeout(total=10)
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
NOT_RUNNING = "onebox does not run here: start it with `make run`, in this folder."


def safe(address: str) -> str:
    """Give the origin of an address; SetupError where a secret could be read on its way there."""
    try:
        url = URL(address)
        if url.path == "/" and (url.scheme == "https" or (url.scheme == "http" and url.host in _THIS_MACHINE)):
            return str(url.origin())
    except ValueError:  # no address at all
        pass
    raise SetupError(f"{address} is no https address without a path; http is for this very machine.")


async def token(provider_url: str, account: str, *, people: Sequence[Account] = DEMO_ACCOUNTS) -> str:
    """Ask the provider for an access token for a demo account; SetupError when that cannot be had."""
    person = next((person for person in people if person.user_name == account), None)
    if person is None:
        names = ", ".join(person.user_name for person in people)
        raise SetupError(f"There is no demo account “{account}”; there are {names}.")
    form = {
        "grant_type": "password",
        "client_id": CLI_CLIENT,
        "username": account,
        "password": person.password,
        "scope": " ".join(SCOPES),
    }
    return await _asked(provider_url, form)


async def system_token(provider_url: str, system: System, secret: str) -> str:
    """Ask the provider for a system's own access token (RFC 6749, section 4.4); SetupError when it cannot be had."""
    form = {
        "grant_type": "client_credentials",
        "client_id": system.client_id,
        "scope": " ".join(system.scopes),
    }
    return await _asked(provider_url, form, Authorization=aiohttp.encode_basic_auth(system.client_id, secret))


async def _asked(provider_url: str, form: Mapping[str, str], **headers: str) -> str:
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.post(f"{provider_url}/oauth/token", data=form, headers=headers) as response,
        ):
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise SetupError(NOT_RUNNING) from None
    if "access_token" not in answer:
        raise SetupError(f"The provider gives no token: {answer.get('error_description') or answer['error']}")
    return str(answer["access_token"])


def note_running(folder: Path, **known: Any) -> None:
    """Write `onebox.json` into the data folder, by which commands of other terminals find this onebox.

    It holds the addresses of `provider`, `gateway` and `amqp`, and the secrets of `systems`.
    """
    note = folder / RUNNING.name
    note.unlink(missing_ok=True)
    note.touch(mode=0o600)  # the broker's address and the systems' secrets are for this person alone
    note.write_text(json.dumps(known) + "\n")


def forget_running(folder: Path) -> None:
    """Take the note away when onebox ends."""
    (folder / RUNNING.name).unlink(missing_ok=True)


def running(file: Path = RUNNING) -> dict[str, Any]:
    """Read what `note_running` noted of the running onebox; SetupError when none runs."""
    try:
        noted: dict[str, Any] = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        raise SetupError(NOT_RUNNING) from None
    return noted


def main(arguments: list[str]) -> int:
    """Print only the token, or one sentence on the error stream and give 1."""
    wished = argparse.ArgumentParser(prog="python -m onebox.token", description=__doc__)
    wished.add_argument("account", nargs="?", default="", help="a demo account")
    wished.add_argument("--system", default="", help=f"one of {', '.join(system.name for system in SYSTEMS)}")
    chosen = wished.parse_args(arguments)
    if bool(chosen.account) == bool(chosen.system):
        print("Say for whom, as in: make token ACCOUNT=alice, or make token SYSTEM=all", file=sys.stderr)
        return 1
    try:
        print(asyncio.run(_of_system(chosen.system) if chosen.system else _of_person(chosen.account)))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _of_person(account: str) -> str:
    return await token(str(running()["provider"]), account)


async def _of_system(name: str) -> str:
    system = next((system for system in SYSTEMS if system.name == name), None)
    if system is None:
        names = ", ".join(system.name for system in SYSTEMS)
        raise SetupError(f"There is no system “{name}”; there are {names}.")
    noted = running()
    return await system_token(str(noted["provider"]), system, str(noted["systems"][system.client_id]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
