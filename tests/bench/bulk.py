"""Measure devices in bulk: `python -m tests.bench.bulk`, of 100,000 devices (DEVICES=… for others) and a tenth.

What organizations says of accounts is written into the database of devices directly: it is not what is measured.
"""

import asyncio
import csv
import itertools
import json
import os
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import aiohttp
import uvloop

from onebox.house import Plan, address, write_definitions
from onebox.mongodb import MongoDB
from onebox.ports import free_port
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets
from onebox.systems import SYSTEMS
from onebox.token import system_token, token
from shared.connecting import close, connect
from shared.contracts.lines import MEDIA_TYPE
from tests.bench.portal import GATEWAY, SOMEONE, portal
from tests.bench.proc import cpu_seconds, memory
from tests.bench.tables import table

PER_ACCOUNT = 10
COLUMNS = ("account", "device_id", "organization_id", "name", "kind", "os", "compliance", "last_active_at", "last_city")
WATCHED = (GATEWAY, "devices", "importer")
SECONDS = 5.0
RESTING = 0.1
"""Core seconds that all processes together use in a second of rest, at most."""
DATABASE = "MongoDB"


class Peaks:
    """Watch how much memory processes take, in megabytes."""

    def __init__(self, pids):
        self.pids, self.peaks = pids, dict.fromkeys(pids, 0.0)

    async def watch(self):
        while True:
            for name, pid in self.pids.items():
                self.peaks[name] = max(self.peaks[name], memory(pid).rss or 0.0)
            await asyncio.sleep(0.05)


def accounts(devices):
    return [SOMEONE, *(f"bulk{n}" for n in range(devices // PER_ACCOUNT - 1))]


def write_export(file, devices):
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        # An export is in the order of devices, not of accounts.
        for number, account in itertools.product(range(PER_ACCOUNT), accounts(devices)):
            row = (account, f"d{number}", "contoso", f"CON-{number}", "laptop", "Windows", "compliant")
            writer.writerow([*row, "2026-11-20T09:00:00Z", "Umeå"])


async def imported(file, url, bearer, pids):
    """Import as an operator does; gives devices a second, the peaks of memory, and core ms for a device."""
    begun, worked = time.perf_counter(), {name: cpu_seconds(pid) or 0.0 for name, pid in pids.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "onebox.importing", str(file), "--url", url),
        env={**os.environ, "TOKEN": bearer},
        stdout=asyncio.subprocess.DEVNULL,
    )
    peaks = Peaks({name: pid for name, pid in {**pids, "importer": process.pid}.items() if name in WATCHED})
    watching = asyncio.create_task(peaks.watch())
    try:
        code = await process.wait()
    finally:
        watching.cancel()
        if process.returncode is None:
            process.kill()
    assert code == 0, f"the importer ended with {code}"
    with file.open() as rows:
        count = sum(1 for _ in rows) - 1
    work = {name: ((cpu_seconds(pid) or 0.0) - worked[name]) / count * 1000 for name, pid in pids.items()}
    return count / (time.perf_counter() - begun), peaks.peaks, work


async def listed(http, url, bearer, count):
    """Give the median of milliseconds in which one account's devices are listed."""
    taken = []
    for _ in range(200):
        begun = time.perf_counter()
        async with http.get(f"{url}/api/devices", headers={"Authorization": f"Bearer {bearer}"}) as response:
            assert len((await response.json())["devices"]) == count
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


async def noted_in_bulk(http, url, bearer, devices, hour):
    """Tell of activity of each device once, in one request; gives lines a second."""
    lines = (
        {"account": account, "device_id": f"d{n}", "do": "activity", "activity": {"last_active_at": hour}}
        for n, account in itertools.product(range(PER_ACCOUNT), accounts(devices))
    )

    async def body():
        while part := list(itertools.islice(lines, 100)):
            yield b"".join(json.dumps(line).encode() + b"\n" for line in part)

    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": MEDIA_TYPE}
    begun, answered = time.perf_counter(), 0
    async with http.post(f"{url}/api/system/devices/bulk", data=body(), headers=headers) as response:
        async for line in response.content:
            assert b'"status":204' in line, line
            answered += 1
    assert answered == devices
    return devices / (time.perf_counter() - begun)


async def noted_one_by_one(http, url, bearer, devices):
    """Tell of activity over eight connections for some seconds; gives requests a second."""
    which, answered = itertools.cycle(accounts(devices)), 0
    end = time.perf_counter() + SECONDS

    async def asking():
        nonlocal answered
        while time.perf_counter() < end:
            path = f"/api/system/accounts/{next(which)}/devices/d1/activity"
            wish = {"last_active_at": f"2026-11-21T09:00:00.{answered % 1_000_000:06}Z"}
            async with http.post(url + path, json=wish, headers={"Authorization": f"Bearer {bearer}"}) as response:
                assert response.status == 204, await response.text()
            answered += 1

    await asyncio.gather(*(asking() for _ in range(8)))
    return answered / SECONDS


async def rest(pids):
    """Wait until processes have next to nothing to do, the news that they hear included; gives the seconds."""
    begun, worked = time.perf_counter(), float("inf")
    async with asyncio.timeout(900):
        while worked > RESTING:
            before = sum(cpu_seconds(pid) or 0.0 for pid in pids)
            await asyncio.sleep(1)
            worked = sum(cpu_seconds(pid) or 0.0 for pid in pids) - before
    return time.perf_counter() - begun


async def bench(folder, devices):
    secrets, port, own = Secrets(folder), free_port(), free_port()
    url = address(port)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)))
        mongodb = await MongoDB.start(folder / "mongodb")
        stack.push_async_callback(mongodb.stop)
        definitions = write_definitions(folder / "rabbitmq", secrets)
        rabbitmq = await RabbitMQ.start(folder / "rabbitmq", definitions=definitions)
        stack.push_async_callback(rabbitmq.stop)
        provider = Provider.start(port=own, public_url=address(own), gateway_url=url)
        stack.callback(provider.stop)
        plan = Plan(secrets, mongodb, rabbitmq)
        await plan.create_users()
        running = await stack.enter_async_context(portal(plan, provider, port, http))
        pids = {one.name: one._process.pid for one in running if one.name in WATCHED} | {DATABASE: mongodb.pid}
        small = devices // 10
        client = connect(mongodb.url)
        stack.push_async_callback(close, client)
        place = client["devices"]["accounts"]
        membership = {"sequence": "0000000001", "member": True, "id": "m"}
        told = {"version": 1, "sequence": 0, "memberships": {"contoso": membership}}
        await place.insert_many([{"_id": name, **told} for name in accounts(devices)])
        all_ = next(system for system in SYSTEMS if system.name == "all")

        async def bearer():
            return await system_token(provider.issuer, all_, provider.system_secrets[all_.client_id])

        someone = await token(provider.issuer, SOMEONE)
        before = await listed(http, url, someone, 0)  # what is done for the first time takes memory of its own
        still = {name: memory(pid).rss for name, pid in pids.items()}
        sizes = (f"{still.get(name, 0):.0f}" for name in WATCHED)
        rows = [("at rest", "", *sizes, f"{before:.1f}", *("" for _ in pids))]
        for size in (small, devices):
            file = folder / f"{size}.csv"
            write_export(file, size)
            speed, peaks, work = await imported(file, url, await bearer(), pids)
            meanwhile = await listed(http, url, someone, PER_ACCOUNT)
            drained = await rest([one._process.pid for one in running])
            listing = await listed(http, url, someone, PER_ACCOUNT)
            _say(f"{size:,}: listing took {meanwhile:.1f} ms while news went around, for {drained:.0f} s more.")
            sizes = (f"{peaks[name]:.0f}" for name in WATCHED)
            works = (f"{work[name]:.2f}" for name in pids)
            rows.append((f"{size:,} devices", f"{speed:.0f}", *sizes, f"{listing:.1f}", *works))
        heads = ("import", "devices a second", *(f"{name}, peak RSS MB" for name in WATCHED), "list one account, ms")
        _say(table((*heads, *(f"{name}, core ms each" for name in pids)), rows))
        sizes = [await _largest(place)]
        hours = [f"2026-11-20T1{n}:00:00Z" for n in range(3)]
        lines = [await noted_in_bulk(http, url, await bearer(), small, hour) for hour in hours]
        sizes.append(await _largest(place))
        single = await noted_one_by_one(http, url, await bearer(), small)
        rows = [
            ("in bulk", f"{median(lines):.0f}", f"{median(lines) / single:.1f}"),
            ("one by one", f"{single:.0f}", "1"),
        ]
        _say(table(("activity", "a second", "of one by one"), rows))
        _say(f"The largest document: {sizes[0]} bytes when it was put in, {sizes[1]} after three rounds of activity.")
        _say(f"Listing reads by: {await _way(client)}.")


async def _largest(place):
    cursor = await place.aggregate([{"$group": {"_id": None, "most": {"$max": {"$bsonSize": "$$ROOT"}}}}])
    return (await cursor.to_list(1))[0]["most"]


async def _way(client):
    asked = {"find": "accounts", "filter": {"_id": SOMEONE}, "limit": 1}
    plan = await client["devices"].command({"explain": asked, "verbosity": "executionStats"})
    stats = plan["executionStats"]
    stage = str(plan["queryPlanner"]["winningPlan"])
    way = next((name for name in ("EXPRESS_IXSCAN", "IDHACK", "IXSCAN", "COLLSCAN") if name in stage), stage)
    return f"{way}, {stats['totalKeysExamined']} key and {stats['totalDocsExamined']} document examined"


def _say(text):
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


async def main():
    devices = int(os.environ.get("DEVICES", "100000"))
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder:
        await bench(Path(folder), devices)


if __name__ == "__main__":
    uvloop.run(main())
