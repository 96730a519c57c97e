"""Many things done to many devices in one request, at the portal's door and behind it."""

import asyncio
import json
import signal
from contextlib import asynccontextmanager

import aiohttp
import pytest

import gateway.app
import gateway.settings
from onebox.house import address
from onebox.ports import free_port
from shared.contracts.devices import DeviceComplianceChanged, DeviceConnected
from shared.contracts.lines import MEDIA_TYPE
from tests.component.listening import event, listening
from tests.component.putting_in import put_account, put_device
from tests.spawning import Spawned
from tests.waiting import until

PATH = "/system/devices/bulk"
DEVICE = {"organization_id": "contoso", "name": "CON-1", "kind": "laptop"}


def put(account, device_id, **changed):
    return {"account": account, "device_id": device_id, "device": DEVICE | changed}


def note(account, device_id, **activity):
    return {"account": account, "device_id": device_id, "do": "activity", "activity": activity}


def do(what, account, device_id):
    return {"account": account, "device_id": device_id, "do": what}


def as_lines(wishes):
    return b"".join(json.dumps(wish).encode() + b"\n" for wish in wishes)


@pytest.fixture(scope="module")
async def account(directory, _unused_people):
    """An account at home in Contoso, of which devices has heard."""
    name = next(_unused_people)
    await put_account(directory, name)
    await put_device(directory, name, "first", organization_id="contoso")
    return name


@pytest.fixture
def bulk(portal, http, system):
    """Send lines as a system; gives the results."""

    async def sending(wishes, *, name="all", key=None, url=portal.url):
        headers = {"Content-Type": MEDIA_TYPE, **(await system(name))._headers}
        headers |= {"Idempotency-Key": key} if key else {}
        content = wishes if isinstance(wishes, bytes) else as_lines(wishes)
        async with http.post(f"{url}/api{PATH}", data=content, headers=headers) as response:
            assert (response.status, response.content_type) == (200, MEDIA_TYPE)
            assert response.headers["Cache-Control"] == "no-store"
            return [json.loads(line) for line in (await response.read()).splitlines()]

    return sending


@pytest.fixture
def kept(mongo, account):
    """Give the document in which an account's devices lie, without the news that is on its way."""

    async def looking(name=account):
        return await mongo["devices"]["accounts"].find_one({"_id": name}, {"outbox": 0})

    return looking


def said(results):
    return [(one["line"], one["status"], (one["problem"] or {}).get("key")) for one in results]


async def test_lines_do_what_requests_one_by_one_do(bulk, kept, account):
    results = await bulk(
        [
            put(account, "a", os="Windows"),
            note(account, "a", last_active_at="2026-11-20T09:00:00Z", last_place={"country": "SE", "city": "Umeå"}),
            put(account, "b"),
            do("delete", account, "b"),
            do("enable", account, "a"),
            put(account, "a", os="Linux"),
        ]
    )
    statuses = [200, 204, 200, 204, 200, 200]
    assert said(results) == [(n, status, None) for n, status in enumerate(statuses, 1)]
    devices = (await kept())["devices"]
    assert (devices["a"]["os"], "b" in devices) == ("Linux", False)


async def test_the_lines_of_one_account_are_done_in_their_order(bulk, kept, account):
    wishes = [put(account, f"o{n % 3}", name=f"Name {n}") for n in range(60)]
    assert {one["status"] for one in await bulk(wishes)} == {200}
    devices = (await kept())["devices"]
    assert [devices[f"o{n}"]["name"] for n in range(3)] == ["Name 57", "Name 58", "Name 59"]


async def test_each_line_that_is_refused_says_why_and_the_others_are_done(bulk, kept, account):
    results = await bulk(
        b"{\n"
        + as_lines([put(account, "w1"), put("nobody-knows", "w"), put(account, "w", kind="toaster"), {}])
        + b"\n"
        + as_lines([put(account, "w", organization_id="fabrikam"), note(account, "nowhere", compliance="compliant")])
        + b"x" * 20_000
        + b"\n"
        + json.dumps(put(account, "w2")).encode()
    )
    assert said(results) == [
        (1, 400, "malformed"),
        (2, 200, None),
        (3, 409, "not_a_member"),
        (4, 422, "invalid"),
        (5, 422, "invalid"),
        (7, 409, "not_a_member"),
        (8, 404, "device_not_found"),
        (9, 413, "too_large"),
        (10, 200, None),
    ]
    assert results[3]["problem"]["errors"][0]["pointer"] == "/device/kind"
    assert {"w1", "w2"} <= (await kept())["devices"].keys()


@pytest.mark.parametrize("name", ["fabrikam", "nobody"])
async def test_each_line_is_held_against_what_the_system_speaks_for(bulk, kept, account, name):
    await bulk([put(account, "bound")])
    before = await kept()
    wishes = [put(account, "bound"), put(account, "new"), note(account, "bound", compliance="unknown")]
    results = await bulk([*wishes, do("delete", account, "bound"), do("enable", account, "bound")], name=name)
    assert {one["status"] for one in results} == {403}
    assert {one["problem"]["key"] for one in results} == {"organization_not_yours"}
    assert await kept() == before


async def test_lines_sent_again_with_their_key_are_answered_again_and_done_once(plan, bulk, kept, account):
    async with listening(plan.broker_url("subscriber"), "bulk-again") as heard:
        wishes = [put(account, "again", name=f"Again {n}") for n in range(3)]
        wishes += [note(account, "again", compliance=how) for how in ("not_compliant", "compliant")]
        first = await bulk(wishes, key="again")
        after = await kept()
        assert await bulk(wishes, key="again") == first
        assert (await kept())["version"] == after["version"]
        # As if the answer had broken off after two: they are counted, and not sent again.
        assert await bulk(b"\n\n" + as_lines(wishes[2:]), key="again") == first[2:]
        assert (await kept())["version"] == after["version"]
        assert said(await bulk([do("delete", account, "again")], key="again")) == [(1, 422, "command_reused")]
        await bulk([do("delete", account, "again")])

        def told():
            types = [event(message)["type"] for message in heard.about(account)]
            return types if types and types[-1].endswith("disconnected.v1") else None

        types = await until(told)
        assert types.count(DeviceConnected.wire) == 1
        assert types.count(DeviceComplianceChanged.wire) == 2


async def test_lines_without_a_key_make_no_document_grow(mongo, bulk, kept, account):
    for round_ in range(3):
        wishes = [note(account, "first", last_active_at=f"2026-11-20T{9 + round_:02}:{n:02}:00Z") for n in range(60)]
        assert {one["status"] for one in await bulk(wishes)} == {204}
        place = mongo["devices"]["accounts"]
        document = await kept()
        brief = [name for name, one in document["commands"].items() if one.get("brief")]
        assert len(brief) >= 60
        for name in brief:  # as if a while had passed
            moment = document["commands"][name]["at"].replace(year=2025)
            await place.update_one({"_id": account}, {"$set": {f"commands.{name}.at": moment}})
        await bulk([note(account, "first", last_active_at=f"2026-11-20T{9 + round_:02}:59:59Z")])
        assert not set(brief) & (await kept())["commands"].keys()


async def test_anything_but_ndjson_is_refused_before_anything(portal, http, directory, kept, account):
    before = await kept()
    for kind in ("application/json", "text/plain"):
        headers = {"Content-Type": kind, **directory._headers}
        content = as_lines([put(account, "kind")])
        async with http.post(f"{portal.url}/api{PATH}", data=content, headers=headers) as response:
            problem = await response.json(content_type=None)
            assert (response.status, problem["key"]) == (415, "wrong_content_type")
            assert problem["title"]
    headers = {"Content-Type": MEDIA_TYPE, "Idempotency-Key": "a b", **directory._headers}
    async with http.post(f"{portal.url}/api{PATH}", data=b"", headers=headers) as response:
        assert response.status == 422
    assert await kept() == before


@pytest.fixture
async def alone(plan, portal, http):
    """A gateway, and the devices behind it, in a process of its own that may be ended."""

    @asynccontextmanager
    async def running():
        port = free_port()
        devices = Spawned("devices", plan.service("devices"), http)
        try:
            await devices.start()
            told = plan.gateway(port, portal.provider, {**portal.ports, "devices": devices.port})
            async with gateway.app.running(gateway.settings.Settings(**told)):
                yield devices, address(port)
        finally:
            await devices.kill9()

    return running


async def heard_until(response, count, then):
    """Give the results that come until the answer breaks off, and do something after so many."""
    got = []
    try:
        async for line in response.content:
            got.append(json.loads(line))
            if len(got) == count:
                then()
    except aiohttp.ClientPayloadError:
        return got
    raise AssertionError(f"it ended as if it were whole, after {len(got)} lines")


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
async def test_an_answer_breaks_off_where_the_service_ends(*, alone, bulk, directory, http, kept, account, sign):
    wishes = [put(account, f"s{n % 5}", name=f"{sign.name} {n}") for n in range(3000)]

    async def lines():
        for start in range(0, 3000, 100):
            yield as_lines(wishes[start : start + 100])
        await asyncio.Event().wait()  # the request does not end: only the service can

    async with alone() as (devices, url):
        headers = {"Content-Type": MEDIA_TYPE, "Idempotency-Key": f"broken-{sign.name}", **directory._headers}
        async with http.post(f"{url}/api{PATH}", data=lines(), headers=headers) as response:
            assert response.status == 200
            got = await heard_until(response, 20, lambda: devices.signal(sign))
        assert await devices.ended() == (-signal.SIGKILL if sign is signal.SIGKILL else 0)
        assert said(got) == [(n, 200, None) for n in range(1, len(got) + 1)]
        assert 20 <= len(got) < 3000
        async with http.post(f"{url}/api{PATH}", data=as_lines(wishes), headers=headers) as response:
            assert (response.status, (await response.json(content_type=None))["key"]) == (503, "unavailable")
    rest = await bulk(b"\n" * len(got) + as_lines(wishes[len(got) : len(got) + 200]), key=f"broken-{sign.name}")
    assert said(rest) == [(n, 200, None) for n in range(len(got) + 1, len(got) + 201)]
    names = {device["name"] for device in (await kept())["devices"].values()}
    assert {f"{sign.name} {n}" for n in range(len(got) + 195, len(got) + 200)} <= names
