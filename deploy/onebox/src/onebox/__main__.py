"""`python -m onebox`: run the whole portal on a laptop."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import uvloop

from onebox.accounts import DEMO_ACCOUNTS, DEMO_DIRECTORY, DEMO_PASSWORD
from onebox.directory import SYSTEM, put_in_once
from onebox.house import House, house
from onebox.processes import SetupError
from onebox.token import forget_running, note_running, system_token
from shared.connecting import close, connect, safe
from shared.observing import log_to_file, trace_to_collector

DATA = Path(".data")
_BEGUN = time.monotonic()


def say(step: str) -> None:
    """Show a step with the seconds since the start."""
    print(f"{time.monotonic() - _BEGUN:6.1f} s  {step}", flush=True)


def _welcome(place: House) -> str:
    wide = max(len(person.name) for person in DEMO_ACCOUNTS)
    people = "\n".join(
        f"    {person.user_name:<9} {person.name:<{wide}}  {person.situation}" for person in DEMO_ACCOUNTS
    )
    return (
        f"\nMy Profile is ready: {place.url}\n\n"
        f"  Sign in as one of these, with the password {DEMO_PASSWORD}:\n{people}\n\n"
        f"  API       {place.url}/api/docs    (make token ACCOUNT=alice)\n"
        f"  Mailbox   {place.mailbox_url}\n"
        "  Events    make events\n"
        f"  Log       {DATA / 'log.jsonl'}\n\n"
        "Ctrl-C stops it; its data stays.\n"
    )


async def _put_directory_in(place: House) -> None:
    async def token() -> str:
        return await system_token(place.provider.issuer, SYSTEM, place.provider.system_secrets[SYSTEM.client_id])

    client = connect(place.mongodb.url)
    try:
        noted = safe(client["onebox"], "notes")
        await put_in_once(DEMO_DIRECTORY, noted=noted, url=place.url, token=token, say=say)
    finally:
        await close(client)


async def _live(port: int) -> None:
    told = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, told.set)
    async with house(DATA, port=port, say=say) as place:
        note_running(
            DATA,
            provider=place.provider.issuer,
            gateway=place.url,
            amqp=place.subscriber_url,
            systems=place.provider.system_secrets,
        )
        await _put_directory_in(place)
        print(_welcome(place), flush=True)
        await told.wait()
        say("stopping")
        forget_running(DATA)
    say("stopped")


def main() -> int:
    """Run until told to stop; what is missing is said in one sentence, and gives 1."""
    wish = os.environ.get("PORT") or "8080"
    if not wish.isdecimal() or not 0 < int(wish) < 65536:  # noqa: PLR2004  # ports are 16 bits
        print(f"PORT is no port number: {wish}", file=sys.stderr)
        return 1
    DATA.mkdir(exist_ok=True)
    log_to_file(DATA / "log.jsonl")
    trace_to_collector("onebox")
    try:
        uvloop.run(_live(int(wish)))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
