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
from privacy.history.activity import MOST_SCANNED, Activity
from privacy.history.entries import entry_of_sign_in
from shared.connecting import close, connect, safe
from shared.contracts.privacy import ActivityQuery, SignInLine
from shared.facts import now
from tests.bench.tables import table

PER_ACCOUNT = 100
FEW = 1_000
ROUNDS = 400
LIMIT = 25
BATCH = 5_000
QUESTIONS = {
    "first page": ActivityQuery(limit=LIMIT),
    "one part": ActivityQuery(limit=LIMIT, part="sign_ins"),
    "last month": ActivityQuery(limit=LIMIT, since=now() - timedelta(days=30)),
    "a part between two days": ActivityQuery(
        limit=LIMIT, part="sign_ins", since=now() - timedelta(days=60), until=now() - timedelta(days=1)
    ),
    "who": ActivityQuery(limit=LIMIT, by="unknown"),
    "not succeeded": ActivityQuery(limit=LIMIT, result="not_succeeded"),
    "two words": ActivityQuery(limit=LIMIT, q="firefox umea"),
}
BUSY, OF_BUSY = "busy", 2 * MOST_SCANNED
"""An account with twice the entries that one search may look through."""
NOWHERE = ActivityQuery(limit=LIMIT, q="nowhere")


def entry(number: int, account: str, chance: Random) -> dict:
    """Make a sign-in; those of an account lie far apart in the collection, as they come in time."""
    at = now() - timedelta(minutes=number % 400_000)
    line = SignInLine(
        account=account,
        organization_id="contoso",
        id=f"{account}.{number}",
        at=at,
        status=chance.choice(("success", "success", "failure")),
        application=chance.choice(("Mail", "Payroll", "Wiki")),
        browser=chance.choice(("Firefox 141", "Chrome 140", "Safari 19")),
        os="Linux",
        country="SE",
        city=chance.choice(("Umeå", "Malmö", "Luleå")),
        ip="192.0.2.7",
    )
    return {**entry_of_sign_in(line, "Contoso"), "expires_at": at + timedelta(days=365)}


async def filled(database, count: int):
    """Give a history of *count* entries."""
    collection = safe(database, f"of_{count}")
    await Activity(collection).prepare()
    quick, chance = collection.with_options(write_concern=WriteConcern(w=1)), Random(count)  # noqa: S311  # no secret
    for begin in range(0, count, BATCH):
        numbers = range(begin, min(begin + BATCH, count))
        accounts = count // PER_ACCOUNT
        await quick.insert_many([entry(n, f"account{n % accounts}", chance) for n in numbers], ordered=False)
    await quick.insert_many([entry(n, BUSY, chance) for n in range(OF_BUSY)], ordered=False)
    return collection


async def plans(database, collection, query: ActivityQuery, account: str = "account7") -> list[dict]:
    """Give what the server noted of the question, as it was asked: of a search first how its end was found."""
    await database["system.profile"].drop()
    await database.command("profile", 2, filter={"op": "query", "ns": collection.full_name})
    await Activity(collection).page(account, query)
    await database.command("profile", 0)
    return await database["system.profile"].find({"ns": collection.full_name}).sort("ts").to_list()


async def bound(database, collection) -> list[list[str]]:
    """Give what a search that finds nothing reads of an account with more than it may look through."""
    end, search = await plans(database, collection, NOWHERE, BUSY)
    if end["docsExamined"] or search["docsExamined"] > MOST_SCANNED:
        raise SystemExit(f"{search['docsExamined']} documents examined, {MOST_SCANNED} were expected at most")
    return [
        [name, str(noted["keysExamined"]), str(noted["docsExamined"]), f"{noted['millis']}", noted["planSummary"]]
        for name, noted in (("where it ends", end), ("search", search))
    ]


def checked(noted: dict, query: ActivityQuery) -> None:
    """Stop where the question reads more than it shows, but for a search, which ends by itself."""
    if "IXSCAN" not in noted["planSummary"] or noted.get("hasSortStage"):
        raise SystemExit(f"not by an index: {noted['planSummary']}")
    most = PER_ACCOUNT if query.q or query.by or query.result else LIMIT + 1
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
        noted = (await plans(database, many, query))[-1]
        checked(noted, query)
        times: dict[str, list[float]] = {"few": [], "many": []}
        for _ in range(ROUNDS):
            times["few"].append(await timed(few, query, f"account{chance.randrange(FEW // PER_ACCOUNT)}"))
            times["many"].append(await timed(many, query, f"account{chance.randrange(entries // PER_ACCOUNT)}"))
        low, high = median(times["few"]), median(times["many"])
        spread = f"{quantiles(times['many'], n=20)[-1]:.2f}"
        examined = f"{noted['keysExamined']} / {noted['docsExamined']}"
        rows.append([name, f"{low:.2f}", f"{high:.2f}", spread, f"{high / low:.2f}", examined, noted["planSummary"]])
    return rows


async def main() -> None:
    """Fill, ask and print; ends with an error where a page is not found by an index or reads more than it shows."""
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
        await client.admin.command("fsync")  # what was written is still on its way to the disk
        size = (await database.command("collStats", many.name))["totalIndexSize"] / 2**20
        sys.stdout.write(
            f"{entries} entries of {entries // PER_ACCOUNT} accounts, written in {time.perf_counter() - begun:.0f} s; "
            f"indexes of {size:.0f} MB; {ROUNDS} questions each, in turns\n\n"
        )
        columns = ["", f"{FEW} (ms)", f"{entries} (ms)", "95 %", "ratio", "keys / documents", "plan"]
        sys.stdout.write(table(columns, await compared(database, few, many, entries)) + "\n\n")
        sys.stdout.write(f"A search that finds nothing among {OF_BUSY} entries of one account\n\n")
        sys.stdout.write(table(["", "keys", "documents", "ms", "plan"], await bound(database, many)) + "\n")


if __name__ == "__main__":
    uvloop.run(main())
