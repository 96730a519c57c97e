"""Importing a table of devices: what is refused in words, and what an interruption costs."""

import asyncio
import csv
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from onebox.importing import sending
from onebox.importing.__main__ import main, put_in
from onebox.importing.note import Notebook
from onebox.importing.table import Table
from shared.contracts.devices import NotAMember
from shared.contracts.lines import MEDIA_TYPE
from tests.onebox.tables import HEAD, many, table


class Portal:
    """Answer lines as the portal does, and be as ill as a test wants."""

    def __init__(self):
        self.requests, self.done, self.ill = [], {}, []
        self.refuse = set()
        app = web.Application()
        app.router.add_post("/api/system/devices/bulk", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request):
        assert request.content_type == MEDIA_TYPE
        key = request.headers["Idempotency-Key"]
        self.requests.append((request.headers["Authorization"], key))
        illness = self.ill.pop(0) if self.ill else None
        if isinstance(illness, int):
            return web.json_response(
                {"title": "No.", "detail": "Not now.", "key": "x"}, status=illness, headers={"Retry-After": "0"}
            )
        lines = (await request.read()).split(b"\n")
        response = web.StreamResponse(headers={"Content-Type": MEDIA_TYPE})
        await response.prepare(request)
        held_back = False
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            device = json.loads(line)["device_id"]
            if illness == ("breaks off at", device):
                request.transport.close()
                return response
            result = {"line": number, "status": 200}
            if held_back or illness == ("is away at", device):
                held_back = True
                result |= {"status": 503, "problem": {"key": "unavailable", "status": 503}}
            elif illness == ("fails at", device):
                held_back = True
                result |= {"status": 500, "problem": {"key": "unexpected", "status": 500}}
            elif device in self.refuse:
                result |= {"status": 409, "problem": NotAMember().document()}
            else:
                self.done.setdefault((key, number), []).append(device)
            await response.write(json.dumps(result).encode() + b"\n")
        return response


@pytest.fixture
async def portal(monkeypatch):
    monkeypatch.setattr(sending, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(sending, "AT_ONCE", 10)
    portal = Portal()
    async with portal.server:
        yield portal


@pytest.fixture
def import_(portal):
    """Import a file as `make import-devices` does; gives the exit status."""

    async def token():
        return "good"

    async def importing(file, patience=5.0):
        url = str(portal.server.make_url("")).rstrip("/")
        return await put_in(Table(file), file, url=url, tokens=token, patience=patience)

    return importing


def report(file):
    with file.with_name("devices.csv.refused.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def once(portal):
    """Give the devices that are in, in order; each line was always the same."""
    assert all(len(set(devices)) == 1 for devices in portal.done.values())
    return [devices[0] for devices in portal.done.values()]


@pytest.mark.parametrize("address", ["http://portal.example", "https://portal.example/path", "nothing"])
def test_a_token_goes_nowhere_where_it_could_be_read(tmp_path, monkeypatch, capsys, address):
    monkeypatch.setenv("TOKEN", "good")
    assert main([str(many(tmp_path, 1)), "--url", address]) == 2
    assert "https" in capsys.readouterr().err


async def test_all_are_put_in_in_batches(import_, portal, tmp_path):
    file = many(tmp_path, 35)
    assert await import_(file) == 0
    assert once(portal) == [f"d{n}" for n in range(1, 36)]
    assert len(portal.requests) == len({key for _, key in portal.requests}) == 4
    assert {token for token, _ in portal.requests} == {"Bearer good"}
    assert list(tmp_path.iterdir()) == [file]


async def test_what_is_refused_stands_in_a_report_with_its_reason(import_, portal, tmp_path):
    rows = [
        "alice,d1,contoso,One,laptop",
        "alice,d2,contoso,Two,toaster",
        "=cmd,d3,contoso,Three,laptop",
        "a,d4,c,x,laptop,y",
    ]
    file = table(tmp_path, "\n".join([HEAD, *rows, "alice,d5,contoso,Five,phone", ",,contoso,Six,phone"]))
    portal.refuse = {"d3"}
    assert await import_(file) == 1
    assert once(portal) == ["d1", "d5"]
    told = report(file)
    assert [(one["line"], one["device_id"], one["key"]) for one in told] == [
        ("3", "d2", "invalid"),
        ("4", "d3", "not_a_member"),
        ("5", "d4", "too_many_cells"),
        ("7", "", "invalid"),
    ]
    assert told[1]["account"] == "'=cmd"
    assert "kind: " in told[0]["reason"]
    assert all(len(one["reason"]) > 20 for one in told)
    portal.refuse = set()
    assert await import_(many(tmp_path, 1)) == 0
    assert not (tmp_path / "devices.csv.refused.csv").exists()


ILLNESSES = [("breaks off at", "d15"), ("is away at", "d15"), ("fails at", "d15"), 503, 429, 502]


@pytest.mark.parametrize("illness", ILLNESSES, ids=str)
async def test_where_the_portal_is_away_it_is_tried_again_from_there(import_, portal, tmp_path, illness):
    portal.ill = [None, illness, illness]
    assert await import_(many(tmp_path, 30)) == 0
    assert sorted(set(once(portal))) == sorted(f"d{n}" for n in range(1, 31))
    assert len(portal.done) == 30
    keys = [key for _, key in portal.requests]
    assert keys[1] == keys[2] == keys[3]


async def test_a_row_on_which_the_portal_always_fails_does_not_end_the_others(import_, portal, tmp_path):
    portal.ill = [("fails at", "d5")] * 3
    file = many(tmp_path, 12)
    assert await import_(file) == 1
    assert [one["device_id"] for one in report(file)] == ["d5"]
    assert len(portal.done) == 11


async def test_an_interrupted_import_goes_on_where_it_was(import_, portal, tmp_path):
    file = many(tmp_path, 30)
    portal.refuse = {"d3", "d25"}
    portal.ill = [None, ("breaks off at", "d15"), *[503] * 50]
    assert await import_(file, patience=0.2) == 1
    assert json.loads((tmp_path / "devices.csv.import.json").read_text())["answered"] == 14
    with (tmp_path / "devices.csv.refused.csv").open("a") as half:
        half.write("what was written when it died")
    portal.ill = []
    assert await import_(file) == 1
    assert [one["device_id"] for one in report(file)] == ["d3", "d25"]
    assert len(portal.done) == 28
    assert not (tmp_path / "devices.csv.import.json").exists()
    keys = {key.partition("-")[0] for _, key in portal.requests}
    assert len(keys) == 1


async def test_another_table_or_another_import_of_the_same_is_another_run(import_, portal, tmp_path):
    file = many(tmp_path, 30)
    portal.ill = [None, *[503] * 50]
    assert await import_(file, patience=0.2) == 1
    portal.ill = []
    assert await import_(many(tmp_path, 12)) == 0
    assert await import_(many(tmp_path, 12)) == 0
    assert len({key.partition("-")[0] for _, key in portal.requests}) == 3


async def test_a_token_that_is_refused_ends_it_at_once(import_, portal, tmp_path, capsys):
    portal.ill = [401]
    assert await import_(many(tmp_path, 3)) == 2
    assert len(portal.requests) == 1
    assert "401" in capsys.readouterr().err


async def test_a_cancelled_import_keeps_its_note(import_, portal, tmp_path):
    file = many(tmp_path, 30)
    portal.ill = [None, *[503] * 1000]
    task = asyncio.create_task(import_(file))
    async with asyncio.timeout(5):
        while len(portal.requests) < 3:  # noqa: ASYNC110  # the portal sets no event
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert Notebook(file, digest=Table(file).digest, url=str(portal.server.make_url("")).rstrip("/")).goes_on
