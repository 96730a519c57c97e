"""Measure the history's first page: `python -m tests.bench.activity`, among a million entries (ENTRIES=… for others).

It is asked for in turns with the same page among a thousand entries. Entries are written into the database directly:
how they come there is not what is measured.
"""

import os
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles

import uvloop
from pymongo import WriteConcern

from onebox.mongodb import MongoDB
from privacy.activity import Activity
from privacy.entries import entry_of_sign_in
from shared.connecting import close, connect, safe
from shared.contracts.privacy import ActivityQuery, SignInLine
from shared.facts import now
from tests.bench.tables import table

PER_ACCOUNT = 100
FEW = 1_000
ROUNDS = 400
LIMIT = 25
BATCH = 5_000
MOST_RATIO = 2.0
"""What the page may cost among many entries, in what it costs among few."""
QUESTIONS = {
    "first page": ActivityQuery(limit=LIMIT),
    "one part": ActivityQuery(limit=LIMIT, part="sign_ins"),
    "last month": ActivityQuery(limit=LIMIT, since=now() - timedelta(days=30)),
    "two words": ActivityQuery(limit=LIMIT, q="firefox umeå"),
}


def entry(number: int, accounts: int, chance: Random) -> dict:
    """Make a sign-in; those of an account lie far apart in the collection, as they come in time."""
    at = now() - timedelta(minutes=number % 400_000)
    line = SignInLine(
        account=f"account{number % accounts}",
        organization_id="contoso",
        id=f"s{number}",
        at=at,
        status=chance.choice(("success", "success", "failure")),
        application=chance.choice(("Mail", "Payroll", "Wiki")),
        browser=chance.choice(("Firefox 141", "Chrome 140", "Safari 19")),
        os="Linux",
        country="SE",
        city=chance.choice(("Umeå", "Malmö", "Luleå")),
        ip="192.0.2.7",
    )
    return {**entry_of_sign_in(line), "expires_at": at + timedelta(days=365)}


async def filled(database, count: int):
    """Give a history of *count* entries."""
    collection = safe(database, f"of_{count}")
    await Activity(collection).prepare()
    quick, chance = collection.with_options(write_concern=WriteConcern(w=1)), Random(count)  # noqa: S311  # no secret
    for begin in range(0, count, BATCH):
        numbers = range(begin, min(begin + BATCH, count))
        await quick.insert_many([entry(n, count // PER_ACCOUNT, chance) for n in numbers], ordered=False)
    return collection


async def plan(database, collection, query: ActivityQuery) -> dict:
    """Give what the server noted of the question, as it was asked."""
    await database.command("profile", 2, filter={"op": "query", "ns": collection.full_name})
    await Activity(collection).page("account7", query)
    await database.command("profile", 0)
    noted = await database["system.profile"].find({"ns": collection.full_name}).sort("ts", -1).limit(1).to_list()
    return noted[0]


def checked(noted: dict, query: ActivityQuery) -> None:
    """Stop where the question reads more than it shows, but for a search, which ends by itself."""
    if "IXSCAN" not in noted["planSummary"] or noted.get("hasSortStage"):
        raise SystemExit(f"not by an index: {noted['planSummary']}")
    most = PER_ACCOUNT if query.q else LIMIT + 1
    if noted["docsExamined"] > most:
        raise SystemExit(f"{noted['docsExamined']} documents examined, {most} were expected at most")


async def timed(collection, query: ActivityQuery, account: str) -> float:
    begun = time.perf_counter()
    await Activity(collection).page(account, query)
    return (time.perf_counter() - begun) * 1000


async def compared(database, few, many, entries: int) -> list[list[str]]:
    """Ask each question in turns among few entries and among many."""
    rows, chance = [], Random(7)  # noqa: S311  # no secret
    for name, query in QUESTIONS.items():
        noted = await plan(database, many, query)
        checked(noted, query)
        times: dict[str, list[float]] = {"few": [], "many": []}
        for _ in range(ROUNDS):
            times["few"].append(await timed(few, query, f"account{chance.randrange(FEW // PER_ACCOUNT)}"))
            times["many"].append(await timed(many, query, f"account{chance.randrange(entries // PER_ACCOUNT)}"))
        low, high = median(times["few"]), median(times["many"])
        spread = f"{quantiles(times['many'], n=20)[-1]:.2f}"
        examined = f"{noted['keysExamined']} / {noted['docsExamined']}"
        rows.append([name, f"{low:.2f}", f"{high:.2f}", spread, f"{high / low:.2f}", examined, noted["planSummary"]])
        if high / low > MOST_RATIO:
            raise SystemExit(f"{name}: {high / low:.2f} times as slow among {entries} entries")
    return rows


async def main() -> None:
    """Fill, ask and print; ends with an error where a page is not found by an index or grows with the collection."""
    entries = int(os.environ.get("ENTRIES", "1000000"))
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True))
        mongodb = await MongoDB.start(Path(folder) / "mongodb")
        stack.push_async_callback(mongodb.stop)
        client = connect(mongodb.url)
        stack.push_async_callback(close, client)
        database = client["bench"]
        begun = time.perf_counter()
        few, many = await filled(database, FEW), await filled(database, entries)
        size = (await database.command("collStats", many.name))["totalIndexSize"] / 2**20
        sys.stdout.write(
            f"{entries} entries of {entries // PER_ACCOUNT} accounts, written in {time.perf_counter() - begun:.0f} s; "
            f"indexes of {size:.0f} MB; {ROUNDS} questions each, in turns\n\n"
        )
        columns = ["", f"{FEW} (ms)", f"{entries} (ms)", "95 %", "ratio", "keys / documents", "plan"]
        sys.stdout.write(table(columns, await compared(database, few, many, entries)) + "\n")


if __name__ == "__main__":
    uvloop.run(main())
