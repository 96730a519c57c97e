"""Put devices in from a CSV file: `python -m onebox.importing devices.csv --url https://account.example.org`."""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from onebox.importing.note import Notebook
from onebox.importing.progress import showing
from onebox.importing.sending import PATIENCE, Sender
from onebox.importing.table import Table
from onebox.importing.tokens import Tokens, portal_and_tokens
from onebox.processes import SetupError

ALL_IN, SOME_NOT, NOT_BEGUN = 0, 1, 2


async def put_in(table: Table, file: Path, *, url: str, tokens: Tokens, patience: float) -> int:
    """Put the devices in and give the exit status; how far it came is noted, however it ends."""
    book = Notebook(file, digest=table.digest, url=url)
    before, began = book.note.answered, time.monotonic()
    if book.goes_on:
        print(f"It goes on after row {before} of {table.size}, where it was interrupted.", file=sys.stderr)
    stopped = ""
    with showing(table.size, before) as (step, say):
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            sender = Sender(
                http,
                url,
                token=tokens,
                book=book,
                say=say,
                progress=lambda: step(book.note.answered, book.note.refused),
                patience=patience,
            )
            try:
                await sender.send(table.rows())
            except SetupError as error:
                stopped = str(error)
            finally:
                book.save()
    if stopped:
        print(f"{stopped} {_how_to_go_on(book, table)}", file=sys.stderr)
        return SOME_NOT if book.goes_on else NOT_BEGUN
    book.end()
    taken, took = table.size - book.note.refused, time.monotonic() - began
    speed = f", {(table.size - before) / took:.0f} a second" if table.size > before else ""
    print(f"{taken} of {table.size} devices are in, after {took:.0f} s{speed}.")
    if book.note.refused:
        print(f"Rows that were refused: {book.note.refused}. Why, stands in {book.report_file}.", file=sys.stderr)
    return SOME_NOT if book.note.refused else ALL_IN


def _how_to_go_on(book: Notebook, table: Table) -> str:
    return f"{book.note.answered} of {table.size} rows are answered; do it again for the rest."


async def _until_told(table: Table, file: Path, url: str, tokens: Tokens, patience: float) -> int:
    """Put in; a signal ends it as it ends otherwise, with a note of how far it is."""
    work = asyncio.ensure_future(put_in(table, file, url=url, tokens=tokens, patience=patience))
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, work.cancel)
    try:
        return await work
    except asyncio.CancelledError:
        print("\nIt was interrupted; do it again for the rest.", file=sys.stderr)
        return SOME_NOT


def main(arguments: Sequence[str]) -> int:
    """Give 0 where every device is in, 1 where some are not, 2 where it could not begin."""
    wished = argparse.ArgumentParser(prog="python -m onebox.importing", description=__doc__)
    wished.add_argument("file", type=Path, metavar="FILE", help="the export, in CSV")
    wished.add_argument("--url", help="the portal's address; without it, onebox's that runs in this folder")
    wished.add_argument(
        "--patience", type=float, default=PATIENCE, help="seconds without progress after which it gives up"
    )
    chosen = wished.parse_args(arguments)
    try:
        table = Table(chosen.file)
        url, tokens = portal_and_tokens(chosen.url)
        if table.left_out:
            print(f"Columns that are left out: {', '.join(table.left_out)}.", file=sys.stderr)
        return asyncio.run(_until_told(table, chosen.file, url, tokens, chosen.patience))
    except SetupError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        what = error.filename or f"What lies beside {chosen.file}"
        print(f"{what} cannot be read or written: {error.strerror}.", file=sys.stderr)
    return NOT_BEGUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
