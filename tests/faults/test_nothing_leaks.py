"""No number, address or code is where it should not be, after a story in which everything goes wrong that can."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from onebox.house import Plan
from onebox.ports import HOST, free_port
from onebox.provider import Provider
from onebox.token import system_token
from tests.component.looking import everything_in
from tests.conftest import SYSTEMS, Caller
from tests.faults import misfortunes
from tests.faults.conftest import spawning
from tests.faults.listening import emptied, timing, whole_log
from tests.faults.misfortunes import ADDRESS, TEXTED, WORK, Story
from tests.faults.portals import SERVICES, asking, gateway_before, started
from tests.faults.receiving import mail_server, operator
from tests.faults.searching import Needle, code, found, number, text
from tests.proving import Prover
from tests.spawning import until

HURRY = 5
WRITING = {"security-info", "organizations"}
WHERE_WORK_MAY_BE = ("_organizations", "_gateway")
"""The databases where the address at work may lie in clear: the directory's word, and a sign-in's."""
PLACES = (
    "the logs of all processes",
    "the metrics of all processes",
    "the spans",
    "the events as they came",
    "the log of events",
    "the problems",
    "the other answers",
    "the databases",
    "the logs of the servers",
)
WHERE_NO_WORK_IS_EITHER = PLACES[:6]


@dataclass
class Run:
    """Everything that the whole portal produced in the story, by where."""

    needles: list[Needle]
    produced: dict[str, bytes]
    by_database: dict[str, bytes] = field(default_factory=dict)


class Collector:
    """Take the spans that processes send on."""

    def __init__(self) -> None:
        self.spans = b""
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.spans += await request.read()
        return web.Response()


@pytest.fixture(scope="module")
async def collector() -> AsyncIterator[Collector]:
    made = Collector()
    application = web.Application()
    application.router.add_post("/v1/traces", made.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    made.url = f"http://{HOST}:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


class Stored:
    """What was in the databases of this run at any moment that was looked at."""

    def __init__(self, mongo: Any, prefix: str) -> None:
        self._mongo, self._prefix = mongo, prefix
        self.by_database: dict[str, bytes] = {}

    async def look(self) -> None:
        for name in await self._mongo.list_database_names():
            if name.startswith(self._prefix):
                own = name.removeprefix(self._prefix)
                self.by_database[own] = self.by_database.get(own, b"") + await everything_in(self._mongo, name)


async def lived(story: Story, stored: Stored, accounts: Any) -> None:
    """Let the story happen, and look into the databases after each part of it."""
    for part in (
        misfortunes.put_in(story),
        misfortunes.have_phones(story),
        misfortunes.prove(story),
        misfortunes.have_addresses(story),
        misfortunes.ask_too_often(story),
        misfortunes.break_seals(story, accounts),
    ):
        await part
        await stored.look()

    async def told() -> bool:
        return all(story.mail.to(address, codes=False) for address in (ADDRESS, WORK))

    await until(told, what="a notice to either address")
    await stored.look()


@pytest.fixture(scope="module")
async def run(
    *,
    fault_plan: Plan,
    provider: Provider,
    prover: Prover,
    http: aiohttp.ClientSession,
    mongo: Any,
    folder: Path,
    collector: Collector,
    subscriber_url: str,
    shared_database: str,
    _unused_people: Iterator[str],
) -> Run:
    """Let the whole portal live through the story, talkative, and keep what it said."""
    account, system = next(_unused_people), SYSTEMS[0]
    for name in (*SERVICES, "gateway"):
        await emptied(str(fault_plan.broker_url(name)), name)
    async with (
        mail_server() as mail,
        operator() as taking,
        timing(subscriber_url) as heard,
        spawning(fault_plan, http, shared_database) as spawn,
    ):
        talkative = {
            "log_level": "debug",
            "otel_exporter_otlp_endpoint": collector.url,
            "otel_bsp_schedule_delay": 200,
        }
        own = {
            **talkative,
            "notice_delay_seconds": 0.5,
            "code_pause_seconds": 0,
            "codes_an_hour": 12,
            **mail.settings,
            **taking.settings,
        }
        services = {
            name: spawn(name, hurry=HURRY if name in WRITING else 1, port=free_port(), **own) for name in SERVICES
        }
        gateway = gateway_before(services, fault_plan, provider, spawn, **talkative)
        processes = [*services.values(), gateway]
        await started(processes)
        (me,) = await asking(account, [gateway], provider=provider, prover=prover, http=http)
        bearer = await system_token(provider.issuer, system, provider.system_secrets[system.client_id])
        story = Story(account, me, Caller(http, gateway.url, bearer), mail, taking)
        stored = Stored(mongo, shared_database)
        await lived(story, stored, mongo[f"{shared_database}_security_info"]["accounts"])
        metrics = [await (await http.get(f"{process.url}/metrics")).read() for process in processes]
        for process in processes:
            assert await process.terminate() == 0, process.text
        kept = await whole_log(subscriber_url, {event["id"] for _, event in heard})
        servers = await asyncio.to_thread(lambda: [log.read_bytes() for log in folder.rglob("*.log")])
        problems, others = ([a for s, a in story.answers if (s >= 400) is bad] for bad in (True, False))
        parts = (
            "\n".join(process.text for process in processes).encode(),
            b"\n".join(metrics),
            collector.spans,
            json.dumps([event for _, event in heard], ensure_ascii=False).encode(),
            b"\n".join(kept),
            json.dumps(problems, ensure_ascii=False).encode(),
            json.dumps(others, ensure_ascii=False).encode(),
            b"\n".join(stored.by_database.values()),
            b"\n".join(servers),
        )
        return Run(story.needles(), dict(zip(PLACES, parts, strict=True)), stored.by_database)


@pytest.mark.parametrize("place", PLACES)
def test_none_of_it_is_in(run: Run, place: str):
    assert found(run.needles, run.produced[place]) == []


@pytest.mark.parametrize("place", WHERE_NO_WORK_IS_EITHER)
def test_the_address_at_work_is_not_in(run: Run, place: str):
    assert found(text("needle.work"), run.produced[place]) == []


def test_the_address_at_work_is_in_the_databases_where_it_belongs_and_in_no_other(run: Run):
    holding = {name for name, stored in run.by_database.items() if found(text("needle.work"), stored)}
    assert holding == {"_organizations"}


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("the logs of all processes", "a letter was refused"),
        ("the logs of all processes", "a letter has to wait"),
        ("the logs of all processes", "SealError"),
        ("the logs of all processes", '"level": "debug"'),
        ("the metrics of all processes", 'letters_sent_total{channel="call"}'),
        ("the metrics of all processes", "TYPE codes_refused_total"),
        ("the spans", "security-info sendCode"),
        ("the spans", "security_info.findAndModify"),
        ("the events as they came", "letter.abandoned.v1"),
        ("the log of events", "letter.abandoned.v1"),
        ("the problems", "too_many_sends"),
        ("the problems", "unexpected"),
        ("the other answers", "+46 •••••••53"),
        ("the databases", "o•••@home.example"),
        ("the logs of the servers", "accepting AMQP connection"),
        ("the logs of the servers", "Waiting for connections"),
    ],
)
def test_what_was_looked_through_is_what_was_produced(run: Run, place: str, what: str):
    assert what.encode() in run.produced[place]


def test_what_is_there_would_be_found(run: Run):
    assert len([needle for needle in run.needles if needle.name.startswith("the code")]) >= 10
    for haystack in ("to=+46701740651", "+46 70 174 06 51;", "0701740651", "070-174 06 51", "0046701740651"):
        assert found(number(TEXTED), haystack.encode()), haystack
    for haystack in ("code 123456.", '"123456"', "code=123456", "1, 2, 3, 4, 5, 6"):
        assert found(code("123456"), haystack.encode()), haystack
    for haystack in ("2026-01-01T00:00:00.123456Z", '"bytes":123456', "a123456", "<0.123456.0>"):
        assert not found(code("123456"), haystack.encode()), haystack
