"""Put a directory in through `/api/system`: `TOKEN=… python -m onebox.directory FILE --url http://localhost:8080`."""

import argparse
import asyncio
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import aiohttp
from pymongo.errors import PyMongoError

from onebox.directory_clerk import Clerk, Refusal, Wish
from onebox.directory_file import Directory, read
from onebox.directory_wishes import IN_ORDER, wishes
from onebox.processes import SetupError
from onebox.systems import SYSTEMS
from onebox.token import running, safe, system_token
from shared.connecting import Collection
from shared.contracts.problem import ProblemDetails

SYSTEM = next(system for system in SYSTEMS if system.name == "all")
AT_ONCE = 8
PATIENCE, PATIENCE_AT_START = 90.0, 20.0
_NOTE = "directory"
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_TOLD_EVERY = 5.0
_BEFORE_IT = ProblemDetails(status=0, key="not_tried", title="a version before it was refused")
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750, section 2.1

Say = Callable[[str], None]


def counted(several: Mapping[str, Sequence[Wish]]) -> str:
    """Count what there is, as in `3 organizations, 1 account, 14 devices`."""
    counts = ((len(of_kind), kind) for kind, of_kind in several.items() if of_kind)
    return ", ".join(f"{n} {kind if n > 1 else kind.removesuffix('s')}" for n, kind in counts) or "nothing"


class Progress:
    """Tell how far it is: in one line that is written anew on a terminal, elsewhere in a line now and then."""

    def __init__(self, what: str, total: int, say: Say) -> None:
        self._what, self._total, self._say = what, total, say
        self._done = 0
        self._told = time.monotonic()

    def step(self) -> None:
        """Count one more."""
        self._done += 1
        line = f"directory: {self._what} … {self._done}/{self._total}"
        if sys.stdout.isatty():
            print(f"\r{line}\x1b[K", end="", flush=True)
        elif time.monotonic() - self._told > _TOLD_EVERY:
            self._told = time.monotonic()
            self._say(line)

    @staticmethod
    def clear() -> None:
        """Leave the line to what is said next."""
        if sys.stdout.isatty():
            print("\r\x1b[K", end="", flush=True)


async def put_in(directory: Directory, *, url: str, token: str, say: Say, patience: float = PATIENCE) -> list[Refusal]:
    """Put in what is taken and give what is refused; SetupError where nothing more can be put in.

    What is there already is put again, which changes nothing and is no news.
    """
    several = wishes(directory)
    total, began = sum(map(len, several.values())), time.monotonic()
    progress = Progress(counted(several), total, say)
    refused: list[Refusal] = []
    async with aiohttp.ClientSession(
        timeout=TIMEOUT, headers={"Authorization": f"Bearer {token}"}, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        clerk, turns = Clerk(http, url, patience), asyncio.Semaphore(AT_ONCE)

        async def put(wish: Wish, *, membership_told: bool) -> None:
            async with turns:
                after = next((one for one in refused if wish.follows(one.wish)), None)
                refusal = after and Refusal(wish, _BEFORE_IT)
                refusal = refusal or await clerk.put(wish, membership_told=membership_told)
            if refusal:
                refused.append(refusal)
            progress.step()

        stopped = ""
        try:
            for kind, of_kind in several.items():
                without = {refusal.wish.account for refusal in refused}
                async with asyncio.TaskGroup() as group:
                    for wish in of_kind:
                        task = group.create_task(put(wish, membership_told=wish.account not in without))
                        if kind in IN_ORDER:
                            await task
        except* SetupError as errors:
            stopped = str(errors.exceptions[0])
        finally:
            progress.clear()
    if stopped:
        raise SetupError(f"{stopped} Of the directory, {clerk.taken} of {total} are in; do it again for the rest.")
    taken = "all" if clerk.taken == total else f"{clerk.taken} of {total}"
    say(f"directory: {counted(several)}: {taken} as it says, after {time.monotonic() - began:.1f} s")
    return refused


async def put_in_once(
    directory: Directory, *, noted: Collection, url: str, token: Callable[[], Awaitable[str]], say: Say
) -> None:
    """Put the directory in, unless this very one is *noted*, in a collection that goes when the rest goes.

    So what people did since stays: who left an organization does not come back into it. Nothing is raised: what is
    in the way is said, and the next time tries again.
    """
    try:
        if await noted.find_one({"_id": _NOTE, "digest": directory.digest}):
            say("directory: put in by an earlier start")
            return
        refused = await put_in(directory, url=url, token=await token(), say=say, patience=PATIENCE_AT_START)
        for refusal in refused:
            say(f"directory: {refusal}")
        if not refused:
            await noted.update_one({"_id": _NOTE}, {"$set": {"digest": directory.digest}}, upsert=True)
    except SetupError as error:
        say(f"directory: {error}")
    except PyMongoError as error:
        say(f"directory: it cannot be noted that it was put in ({type(error).__name__})")


async def _put_in(directory: Directory, address: str | None, token: str) -> list[Refusal]:
    noted = {} if address and token else running()
    url = safe(address or noted["gateway"])
    if not token:
        if url != noted["gateway"]:
            raise SetupError(f"Give a token for {url} in TOKEN or with --token-from: onebox's own is for onebox alone.")
        token = await system_token(noted["provider"], SYSTEM, noted["systems"][SYSTEM.client_id])
    if not _TOKEN.fullmatch(token):
        raise SetupError("What was given as a token is none.")
    return await put_in(directory, url=url, token=token, say=print)


def main(arguments: Sequence[str]) -> int:
    """Put the directory in; what is in the way is said on the error stream, and gives 1."""
    wished = argparse.ArgumentParser(prog="python -m onebox.directory", description=__doc__)
    wished.add_argument("file", type=Path, metavar="FILE", help="the directory, in YAML")
    wished.add_argument("--url", help="the portal's address; without it, onebox's that runs in this folder")
    wished.add_argument(
        "--token-from",
        type=Path,
        metavar="FILE",
        help="what the system's token stands in, if not in TOKEN; without either, onebox gives one for itself",
    )
    chosen = wished.parse_args(arguments)
    try:
        given = chosen.token_from.read_text() if chosen.token_from else os.environ.get("TOKEN", "")
        refused = asyncio.run(_put_in(read(chosen.file), chosen.url, given.strip()))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename} cannot be read: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe rest is not in; do it again for that.", file=sys.stderr)
        return 1
    for refusal in refused:
        print(refusal, file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
