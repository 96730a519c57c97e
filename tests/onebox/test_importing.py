"""Importing a table of devices: what is read, what is refused in words, and what an interruption costs."""

import asyncio
import csv
import json
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from onebox.importing import sending
from onebox.importing.__main__ import main, put_in
from onebox.importing.note import Notebook
from onebox.importing.table import Table
from onebox.processes import SetupError
from shared.contracts.devices import NotAMember
from shared.contracts.lines import MEDIA_TYPE

HEAD = "account,device_id,organization_id,name,kind"


def table(folder: Path, text: str | bytes) -> Path:
    file = folder / "devices.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def many(folder, count):
    return table(folder, "\n".join([HEAD, *(f"alice,d{n},contoso,CON-{n},laptop" for n in range(1, count + 1))]))


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
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            device = json.loads(line)["device_id"]
            if illness == ("breaks off at", device):
                request.transport.close()
                return response
            result = {"line": number, "status": 200}
            if illness == ("is away at", device):
                result |= {"status": 503, "problem": {"key": "unavailable", "status": 503}}
            elif illness == ("fails at", device):
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


DIALECTS = {
    "plain": f"{HEAD}\nalice,d1,contoso,Röd,laptop\n".encode(),
    "semicolons and a mark": ("\ufeff" + HEAD.replace(",", ";") + "\r\nalice;d1;contoso;Röd;Laptop\r\n").encode(),
    "UTF-16 with tabs": f"{HEAD}\nalice,d1,contoso,Röd,laptop".replace(",", "\t").encode("utf-16"),
    "other names of the columns": b"Kind,NAME, Device ID ,Organization-ID,Account\nLAPTOP,R\xc3\xb6d,d1,contoso,alice",
    "quotes and empty lines": f'{HEAD}\n\n"alice","d1","contoso","Röd","laptop"\n,,,,\n'.encode(),
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS)
def test_a_table_is_read_in_whatever_dialect_it_comes(tmp_path, content):
    read = Table(table(tmp_path, content))
    (row,) = read.rows()
    device = {"organization_id": "contoso", "name": "Röd", "kind": "laptop"}
    assert json.loads(row.content) == {"account": "alice", "device_id": "d1", "device": device}
    assert (row.number, read.size) == (1, 1)


def test_every_column_is_sent_and_others_are_named(tmp_path):
    head = f"{HEAD},maker,model,os,os_version,join_type,compliance,compliance_reasons,registered_at,last_active_at"
    cells = (
        "Lenovo,T14,Windows,11,Joined,not_compliant,No disk encryption; Old ,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z"
    )
    file = table(tmp_path, f"{head},last_country,last_city,Owner mail\na,d,contoso,n,laptop,{cells},se,Umeå,x@y\n")
    read = Table(file)
    device = json.loads(next(read.rows()).content)["device"]
    assert read.left_out == ("owner_mail",)
    assert device["compliance_reasons"] == ["No disk encryption", "Old"]
    assert device["last_place"] == {"country": "SE", "city": "Umeå"}
    assert device["join_type"] == "joined"
    assert len(device) == 14 - 1


NO_TABLES = {
    "a missing column": ("account,device_id,name\n", "organization_id, kind"),
    "nothing at all": ("", "account"),
    "a column twice": (f"{HEAD},Name\n", "name"),
    "bytes that are no text": (HEAD.encode() + b"\n\xff\xff,d,c,n,laptop\n", "UTF-8"),
}


@pytest.mark.parametrize(("content", "told"), NO_TABLES.values(), ids=NO_TABLES)
def test_what_is_no_table_of_devices_is_told_as_such(tmp_path, monkeypatch, capsys, content, told):
    monkeypatch.setenv("TOKEN", "good")
    assert main([str(table(tmp_path, content)), "--url", "http://localhost:1"]) == 2
    assert told in capsys.readouterr().err


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


async def test_the_environment_names_who_gives_the_token(monkeypatch):
    from onebox.importing.tokens import portal_and_tokens  # noqa: PLC0415  # beside its only use

    asked = []

    async def metadata(request):
        return web.json_response({"token_endpoint": f"{request.url.origin()}/token"})

    async def give(request):
        asked.append((request.headers["Authorization"], dict(await request.post())))
        return web.json_response({"access_token": "fresh"})

    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", metadata)
    app.router.add_post("/token", give)
    async with TestServer(app) as provider:
        told = {"ISSUER": str(provider.make_url("/")), "CLIENT_ID": "importer", "CLIENT_SECRET": "s"}
        url, tokens = portal_and_tokens("https://portal.example", told)
        assert (url, await tokens()) == ("https://portal.example", "fresh")
        with pytest.raises(SetupError):
            portal_and_tokens("https://portal.example", told | {"CLIENT_SECRET": ""})
    ((authorization, form),) = asked
    assert authorization == aiohttp.encode_basic_auth("importer", "s")
    assert form == {"grant_type": "client_credentials", "client_id": "importer", "scope": "devices.write"}
