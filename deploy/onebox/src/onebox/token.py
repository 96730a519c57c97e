"""Print a bearer token for a demo account of the running onebox: `python -m onebox.token alice`."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from onebox.accounts import DEMO_ACCOUNTS, Account
from onebox.processes import SetupError
from onebox.provider import CLI_CLIENT, SCOPES

RUNNING = Path(".data/onebox.json")
TIMEOUT = aiohttp.ClientTimeout(total=10)
NOT_RUNNING = "onebox does not run here: start it with `make run`, in this folder."


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
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.post(f"{provider_url}/oauth/token", data=form) as response,
        ):
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise SetupError(NOT_RUNNING) from None
    if "access_token" not in answer:
        raise SetupError(f"The provider gives no token: {answer.get('error_description') or answer['error']}")
    return str(answer["access_token"])


def note_running(folder: Path, *, provider_url: str, gateway_url: str, amqp_url: str | None) -> None:
    """Write `onebox.json` into the data folder, by which commands of other terminals find this onebox."""
    note = folder / RUNNING.name
    note.touch(mode=0o600)  # the broker's address holds the subscriber's password
    note.write_text(json.dumps({"provider": provider_url, "gateway": gateway_url, "amqp": amqp_url}) + "\n")


def forget_running(folder: Path) -> None:
    """Take the note away when onebox ends."""
    (folder / RUNNING.name).unlink(missing_ok=True)


def running(file: Path = RUNNING) -> dict[str, str | None]:
    """Read where the running onebox is: its `provider` and `gateway` addresses; SetupError when none runs."""
    try:
        noted: dict[str, str | None] = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        raise SetupError(NOT_RUNNING) from None
    return noted


def main(arguments: list[str]) -> int:
    """Print only the token, or one sentence on the error stream and give 1."""
    if len(arguments) != 1 or not arguments[0]:
        print("Say for whom, as in: make token ACCOUNT=alice", file=sys.stderr)
        return 1
    try:
        print(asyncio.run(token(str(running()["provider"]), arguments[0])))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
