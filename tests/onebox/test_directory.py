"""A directory that is put in through the public endpoints, and what is said when it cannot be."""

import asyncio
import io
import os
import re
import subprocess
import sys
import time
import zipfile
from collections import defaultdict
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from aiohttp import web

from onebox import accounts, directory
from onebox.directory import Progress, counted, put_in, put_in_once, wishes
from onebox.directory_clerk import NEWS_SECONDS
from onebox.directory_file import Directory, parsed, read
from onebox.ports import HOST, free_port
from onebox.processes import SetupError
from onebox.token import note_running
from shared.connecting import safe
from tests.conftest import Caller
from tests.waiting import until

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "deploy/onebox/src/onebox/demo.yaml"
SMALL = """\
organizations:
  contoso:
    name: Contoso
    contacts:
      - {role: help, email: help@contoso.example}
accounts:
  alice:
    home_organization: contoso
    devices:
      d1: {organization_id: contoso, name: D1, kind: laptop,
           os_version: "11"}
"""


@dataclass
class Cast:
    """The demo directory, played by people whom the tests' provider can sign in, in organizations of their own."""

    content: dict
    people: dict[str, str]
    organizations: dict[str, str]
    file: Path

    @property
    def directory(self):
        return Directory.model_validate(self.content)


@pytest.fixture
def cast(_unused_people, database, tmp_path):
    content = yaml.safe_load(DEMO.read_text())
    people = {name: next(_unused_people) for name in content["people"]}
    organizations = {name: f"{database}-{name}" for name in content["organizations"]}
    for account in content["accounts"].values():
        account["home_organization"] = organizations[account["home_organization"]]
        account["memberships"] = [organizations[name] for name in account.get("memberships", ())]
        for device in account["devices"].values():
            device["organization_id"] = organizations[device["organization_id"]]
    for kind, names in (("people", people), ("accounts", people), ("organizations", organizations)):
        content[kind] = {names[name]: value for name, value in content[kind].items()}
    file = tmp_path / "directory.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    return Cast(content, people, organizations, file)


@pytest.fixture
def person(portal, http):
    async def of(account):
        return Caller(http, portal.url, await portal.token(account))

    return of


@pytest.fixture
def put(portal):
    """Put in as the directory, and give what was refused and what was said."""

    async def by(content, system="all", *, url=portal.url, patience=20):
        said = []
        token = await portal.system_token(system)
        return await put_in(content, url=url, token=token, say=said.append, patience=patience), said

    return by


async def run(file, *options, token="", folder=None):
    """Run the command beside this process, in which the portal runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "onebox.directory", str(file), *options),
        cwd=folder,
        env={**os.environ, "TOKEN": token},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def versions(mongo, cast):
    """Look how often what was put in has changed, and how much news there was of it."""
    found = {}
    for database, collection, keys in (
        ("organizations", "organizations", cast.organizations),
        ("organizations", "accounts", cast.people),
        ("devices", "accounts", cast.people),
    ):
        async for kept in mongo[database][collection].find({"_id": {"$in": list(keys.values())}}):
            found[database, collection, kept["_id"]] = (kept["version"], kept["sequence"])
    return found


async def test_the_demo_directory_is_what_its_people_find(cast, put, person):
    refused, said = await put(cast.directory)
    assert refused == []
    assert re.fullmatch(r"directory: 5 organizations, 5 accounts, 6 memberships, 32 devices: all as .* s", said[-1])
    for account, told in cast.content["accounts"].items():
        caller = await person(account)
        if told.get("disabled"):

            async def kept_out(caller=caller):
                status, problem = await caller("GET", "/organizations")
                return (status, problem.get("key")) == (403, "account_disabled")

            await until(kept_out)
            continue
        _, seen = await caller("GET", "/organizations")
        assert seen["profile"] | told["profile"] == seen["profile"]
        belongs_to = {told["home_organization"], *told["memberships"]}
        assert {one["id"] for one in seen["organizations"]} == belongs_to
        assert [one["id"] for one in seen["organizations"] if one["home"]] == [told["home_organization"]]
        for one in seen["organizations"]:
            declared = cast.content["organizations"][one["id"]]
            assert (one["name"], one["privacy_statement"]) == (declared["name"], declared.get("privacy_statement"))
            assert len(one["contacts"]) == len(declared.get("contacts", ()))
        _, seen = await caller("GET", "/devices")
        devices = {one["id"]: one for one in seen["devices"]}
        assert devices.keys() == told["devices"].keys()
        for id_, device in told["devices"].items():
            assert {name: devices[id_][name] for name in device} == {
                name: value if isinstance(value, str) else value.isoformat().replace("+00:00", "Z")
                for name, value in device.items()
            }

        async def noticed(caller=caller, belongs_to=belongs_to):
            _, seen = await caller("GET", "/privacy")
            statements = {one["organization_id"]: one["statement"] for one in seen["notices"]}
            return statements == {
                id_: cast.content["organizations"][id_].get("privacy_statement") for id_ in belongs_to
            }

        await until(noticed)


async def test_whom_the_directory_does_not_know_finds_nothing_and_no_error(cast, put, person):
    await put(cast.directory)
    unknown = await person(cast.people["dalia"])
    assert (await unknown("GET", "/devices"))[1]["devices"] == []
    assert (await unknown("GET", "/organizations"))[1]["organizations"] == []
    assert (await unknown("GET", "/privacy"))[1]["notices"] == []


async def test_putting_the_same_in_again_changes_nothing_and_is_quick(cast, put, mongo, portal):
    await put(cast.directory)
    before = await versions(mongo, cast)
    assert len(before) == 15
    code, out, err = await run(cast.file, "--url", portal.url, token=await portal.system_token("all"))
    assert (code, err) == (0, "")
    assert float(re.search(r"all as it says, after ([0-9.]+) s", out)[1]) < 10
    assert await versions(mongo, cast) == before


async def test_what_people_did_stays_until_the_directory_says_something_else(cast, person, portal, mongo, database):
    said = []
    noted = safe(mongo[database], "notes")

    async def start(content):
        await put_in_once(
            content, noted=noted, url=portal.url, token=lambda: portal.system_token("all"), say=said.append
        )
        return said[-1]

    assert "all as it says" in await start(cast.directory)
    alice, left = await person(cast.people["alice"]), cast.organizations["northwind"]
    assert (await alice("PATCH", "/devices/a-phone", {"name": "My phone"}))[0] == 200
    assert (await alice("POST", "/devices/CON-PC-0007/disable", {"reason": "lost"}))[0] == 200
    assert (await alice("POST", f"/organizations/{left}/leave"))[0] == 204

    async def belongs():
        return left in {one["id"] for one in (await alice("GET", "/organizations"))[1]["organizations"]}

    assert await start(cast.directory) == "directory: put in by an earlier start"
    assert not await belongs()

    cast.content["accounts"][cast.people["alice"]]["profile"]["title"] = "Director"
    assert "all as it says" in await start(cast.directory)
    assert await belongs()
    devices = {one["id"]: one for one in (await alice("GET", "/devices"))[1]["devices"]}
    assert devices["a-phone"]["name"] == "My phone"
    assert devices["CON-PC-0007"]["state"] == "disabled"
    assert (await alice("GET", "/organizations"))[1]["profile"]["title"] == "Director"


async def test_a_start_at_which_something_is_refused_is_not_noted(cast, portal, mongo, database):
    said = []
    noted = safe(mongo[database], "notes")
    for system in ("no-devices", "all"):
        await put_in_once(
            cast.directory,
            noted=noted,
            url=portal.url,
            token=lambda system=system: portal.system_token(system),
            say=said.append,
        )
    assert sum("missing_scope" in line for line in said) == 32
    assert "all as it says" in said[-1]


async def test_what_is_refused_is_told_and_the_rest_is_put_in(cast, portal, person):
    code, out, err = await run(cast.file, "--url", portal.url, token=await portal.system_token("no-devices"))
    assert code == 1
    assert "16 of 48 as it says" in out
    bob = cast.people["bob"]
    assert f"PUT /api/system/accounts/{bob}/devices/CON-LT-1188: 403 missing_scope: The access token" in err
    assert err.count("\n") == 32
    assert len((await (await person(bob))("GET", "/organizations"))[1]["organizations"]) == 1


async def test_devices_do_not_wait_for_news_of_a_membership_that_was_refused(cast, put):
    begun = time.monotonic()
    refused, _ = await put(cast.directory, "no-organizations")
    assert time.monotonic() - begun < NEWS_SECONDS
    keys = defaultdict(set)
    for refusal in refused:
        keys[refusal.wish.endpoint.name].add(refusal.problem.key)
    assert keys == {
        "putOrganization": {"missing_scope"},
        "putAccount": {"organization_not_found"},
        "startMembership": {"organization_not_found"},
        "putDevice": {"not_a_member"},
    }
    assert len(refused) == 48


@pytest.mark.parametrize("whose", ["nobody's", "a person's"])
async def test_a_wrong_token_is_one_sentence_and_nothing_is_put_in(cast, portal, mongo, whose):
    token = "nonsense" if whose == "nobody's" else await portal.token("bob")
    code, out, err = await run(cast.file, "--url", portal.url, token=token)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "does not take this token" in err
    assert "0 of 48 are in" in err
    assert not await versions(mongo, cast)


async def test_in_onebox_the_command_finds_the_portal_and_gets_its_token_by_itself(cast, portal, tmp_path):
    (tmp_path / ".data").mkdir()
    found = {"provider": portal.provider.issuer, "gateway": portal.url, "systems": portal.provider.system_secrets}
    note_running(tmp_path / ".data", **found)
    code, out, err = await run(cast.file, folder=tmp_path)
    assert (code, err) == (0, "")
    assert "all as it says" in out

    code, out, err = await run(cast.file, "--url", "https://portal.example", folder=tmp_path)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "onebox's own is for onebox alone" in err

    (tmp_path / "token").write_text(await portal.system_token("nobody") + "\n")
    code, _, err = await run(cast.file, "--token-from", "token", folder=tmp_path)
    assert (code, "organization_not_yours" in err) == (1, True)


@asynccontextmanager
async def door(target, *, slammed):
    """Lead to *target*, but not the first *slammed* who knock; gives the address and what became of each knock."""
    knocks, within = [], set()

    async def pass_on(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()

    async def let_in(reader, writer):
        knocks.append(len(knocks) < slammed)
        if knocks[-1]:
            writer.transport.abort()
            return
        within.add(asyncio.current_task())
        back, there = await asyncio.open_connection(HOST, target)
        try:
            with suppress(OSError):
                await asyncio.gather(pass_on(reader, there), pass_on(back, writer))
        finally:
            for side in (writer, there):
                side.transport.abort()
                with suppress(OSError):
                    await side.wait_closed()

    server = await asyncio.start_server(let_in, HOST, 0)
    try:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}", knocks
    finally:
        server.close()
        for one in within:
            one.cancel()
        await asyncio.gather(*within, return_exceptions=True)


async def test_a_portal_that_is_away_for_a_moment_is_waited_for(cast, put, portal):
    async with door(portal.ports["gateway"], slammed=20) as (url, knocks):
        refused, said = await put(cast.directory, url=url)
    assert sum(knocks) == 20
    assert refused == []
    assert "all as it says" in said[-1]


async def test_a_portal_that_stays_away_is_given_up(cast, put):
    begun = time.monotonic()
    with pytest.raises(SetupError, match=r"does not answer .* 0 of 48 are in"):
        await put(cast.directory, url=f"http://localhost:{free_port()}", patience=0.5)
    assert time.monotonic() - begun < 10


@asynccontextmanager
async def answering(answer):
    """Serve what *answer* makes of the path, the number of the try and the key; gives the address."""
    tries = defaultdict(int)

    async def handle(request):
        tries[request.path] += 1
        return answer(request.path, tries[request.path], request.headers["Idempotency-Key"])

    app = web.Application()
    app.router.add_put("/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [429, 503])
async def test_who_is_asked_to_wait_waits_and_sends_the_same_command(status):
    came = defaultdict(list)

    def answer(path, number, key):
        came[path].append((time.monotonic(), key))
        return web.Response(status=status, headers={"Retry-After": "1"}) if number == 1 else web.json_response({})

    async with answering(answer) as url:
        assert await put_in(parsed(SMALL.encode(), "small"), url=url, token="t", say=lambda _line: None) == []
    assert len(came) == 3
    for (first, key), (second, same_key) in came.values():
        assert second - first >= 1
        assert key == same_key
    assert len({several[0][1] for several in came.values()}) == 3


async def test_devices_that_have_not_heard_of_a_membership_yet_are_asked_again():
    problem = {"status": 409, "key": "not_a_member", "title": "Not a member"}

    def answer(path, number, _key):
        early = "/devices/" in path and number < 4
        return web.json_response(problem, status=409) if early else web.json_response({})

    async with answering(answer) as url:
        assert await put_in(parsed(SMALL.encode(), "small"), url=url, token="t", say=lambda _line: None) == []


async def test_what_is_never_available_is_told_in_bounded_time():
    many = yaml.safe_load(SMALL)
    many["organizations"] |= {f"o{n}": {"name": "O"} for n in range(30)}
    begun = time.monotonic()
    async with answering(lambda *_: web.Response(status=503)) as url:
        refused = await put_in(Directory.model_validate(many), url=url, token="t", say=lambda _line: None, patience=1)
    assert {refusal.problem.status for refusal in refused} == {503}
    assert len(refused) == 33
    assert time.monotonic() - begun < 3


async def test_names_of_any_kind_come_to_the_account_that_they_name(put, mongo, database):
    names = [f"{database}{end}" for end in ("/../x", "%2F", " å?b#c", "é;,=")] + ["..", "."]
    content = Directory.model_validate(
        {
            "organizations": {database: {"name": "Odd names"}},
            "accounts": {
                name: {"home_organization": database, "devices": {"a.b:c": {"organization_id": database} | LAPTOP}}
                for name in names
            },
        }
    )
    assert not [wish.path for of_kind in wishes(content).values() for wish in of_kind if "." in wish.path]
    assert (await put(content))[0] == []
    for place in ("organizations", "devices"):
        kept = [one["_id"] async for one in mongo[place]["accounts"].find({"_id": {"$in": names}})]
        assert sorted(kept) == sorted(names)


LAPTOP = {"name": "Laptop", "kind": "laptop"}
MISTAKES = {
    ("    name: Contoso", "    nickname: C"): "line 2: organizations > contoso > name is missing, and there are 1 more",
    ("    home_org", "    nickname: Al\n    home_org"): "line 8: accounts > alice > nickname is not known here",
    ("kind: laptop", "kind: toaster"): "line 10: accounts > alice > devices > d1 > kind is to be 'laptop', 'desktop'",
    ('"11"', "11"): "line 11: accounts > alice > devices > d1 > os_version is to be text: numbers",
    ('"11"', "null, last_active_at: 2026-01-01 10:00:00"): "line 11: .* > last_active_at needs a time zone",
    (", email: help@contoso.example", ""): "line 5: .* > contacts > 0 needs an email, a telephone or a page",
    ("help@contoso.example", "help"): "line 5: .* > email is not right",
    ("    contacts", "    privacy_statement: http://x.example\n    contacts"): "line 4: .* is to be an https address",
    ("home_organization: contoso", "home_organization: fabrikam"): "line 8: .* is none of the organizations",
    (
        "    devices",
        "    memberships: [fabrikam]\n    devices",
    ): "line 9: .*memberships > 0 is none of the organizations",
    ("organization_id: contoso", "organization_id: fabrikam"): "line 10: .* is no organization of the account",
    ("      d1:", "      d/1:"): "line 10: accounts > alice > devices > d/1 has characters that are not taken",
    ("accounts:", "organizations:"): "line 6 is not YAML that can be read: “organizations” stands there twice",
    ("accounts:", "accounts: ["): "line .* is not YAML that can be read",
    (SMALL, ""): "is empty",
    (SMALL, "- list"): "line 1: the file is to be a mapping",
}


@pytest.mark.parametrize(("change", "sentence"), MISTAKES.items(), ids=MISTAKES.values())
def test_a_mistake_in_the_file_is_one_sentence_with_its_place(change, sentence):
    assert change[0] in SMALL
    with pytest.raises(SetupError, match=f"^file.yaml(, )?.*{sentence}") as raised:
        parsed(SMALL.replace(*change, 1).encode(), "file.yaml")
    assert "\n" not in str(raised.value)


def test_that_file_is_right_without_a_mistake():
    assert counted(wishes(parsed(SMALL.encode(), "small"))) == "1 organization, 1 account, 1 device"


async def test_a_mistake_ends_the_command_before_anything_is_asked(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(SMALL.replace("laptop", "toaster"))
    code, out, err = await run(file, "--url", f"http://localhost:{free_port()}", token="t")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "wrong.yaml, line 10:" in err
    code, _, err = await run(tmp_path / "nothing.yaml", token="t")
    assert (code, err) == (1, f"{tmp_path / 'nothing.yaml'} cannot be read: No such file or directory.\n")


@pytest.mark.parametrize("address", ["http://portal.example", "https://portal.example/x", "portal.example", "http://["])
def test_a_token_does_not_go_where_others_could_read_it(address):
    with pytest.raises(SetupError, match="is no portal's https address"):
        directory._safe(address)


def test_an_address_that_is_safe_is_taken():
    assert directory._safe("https://portal.example/") == "https://portal.example"
    assert directory._safe("http://localhost:8080") == "http://localhost:8080"


def test_a_terminal_has_one_line_that_is_written_anew(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdout", terminal)
    said = []
    progress = Progress("2 devices", 2, said.append)
    progress.step()
    progress.step()
    progress.clear()
    assert terminal.getvalue().split("\r") == [
        "",
        "directory: 2 devices … 1/2\x1b[K",
        "directory: 2 devices … 2/2\x1b[K",
        "\x1b[K",
    ]
    assert said == []


def test_everyone_of_the_demo_has_a_situation_and_only_addresses_that_are_nobodys():
    names = [person.user_name for person in accounts.DEMO_ACCOUNTS]
    assert names[:3] == ["alice", "bob", "chandra"]
    assert all(person.situation.endswith(".") for person in accounts.DEMO_ACCOUNTS)
    known = read(DEMO).accounts
    assert set(known) < set(names)
    hosts = re.findall(r"(?:@|https?://)([\w.-]+)", DEMO.read_text())
    assert len(hosts) > 10
    assert all(host.endswith(".example") for host in hosts)


def test_the_demo_directory_is_in_the_wheel(tmp_path):
    build = f"from flit_core.buildapi import build_wheel; build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT / "deploy/onebox", check=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    assert zipfile.ZipFile(wheel).read("onebox/demo.yaml") == DEMO.read_bytes()
