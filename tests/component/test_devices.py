"""Devices as device management puts them in and a person finds them."""

import asyncio

from devices.model import DEFAULT_LIMIT
from tests.component.looking import kept_of
from tests.component.putting_in import LAPTOP, put_device


async def listed(api):
    status, seen = await api("GET", "/devices")
    assert status == 200
    return seen["devices"]


async def test_a_device_is_renamed_and_disabled_and_only_a_system_enables_it(member, api, directory):
    await put_device(directory, member, "d1")
    status, device = await api("PATCH", "/devices/d1", {"name": "Kitchen laptop"})
    assert (status, device["name"]) == (200, "Kitchen laptop")
    status, device = await api("POST", "/devices/d1/disable", {"reason": "lost"})
    assert (status, device["state"], device["disabled_reason"]) == (200, "disabled", "lost")
    status, again = await api("POST", "/devices/d1/disable", {"reason": "stolen"})
    assert (status, again) == (200, device | {"disabled_reason": "stolen"}), "the first moment stays"
    put = await put_device(directory, member, "d1", os_version="12")
    assert (put["name"], put["state"], put["os_version"]) == ("Kitchen laptop", "disabled", "12")
    assert put["disabled_at"] == device["disabled_at"]
    for _ in range(2):
        status, device = await directory("POST", f"/system/accounts/{member}/devices/d1/enable")
        assert (status, device["state"], device["disabled_at"], device["disabled_reason"]) == (
            200,
            "active",
            None,
            None,
        )


async def test_what_management_leaves_out_is_unknown_from_then_on(member, api, directory):
    told = {
        "maker": "Contoso",
        "model": "X1",
        "join_type": "joined",
        "compliance": "compliant",
        "last_active_at": "2026-03-01T10:00:00+01:00",
    }
    first = await put_device(directory, member, "d1", **told)
    assert first | told | {"last_active_at": "2026-03-01T09:00:00Z"} == first
    assert await listed(api) == [first]
    await put_device(directory, member, "d1")
    (device,) = await listed(api)
    assert [device[name] for name in told] == [None, None, None, "unknown", None]
    assert device["connected_at"] == first["connected_at"]


async def test_the_most_recently_active_device_is_listed_first_and_one_never_seen_last(member, api, directory):
    for id_, at in (("old", "2026-01-01T00:00:00Z"), ("never", None), ("new", "2026-02-01T00:00:00+05:00")):
        await put_device(directory, member, id_, last_active_at=at)
    assert [one["id"] for one in await listed(api)] == ["new", "old", "never"]


async def test_a_device_of_another_organization_is_another_device_which_inherits_nothing(member, api, directory):
    await put_device(directory, member, "d1")
    await api("PATCH", "/devices/d1", {"name": "Kitchen laptop"})
    moved = await put_device(directory, member, "d1", organization_id="contoso", name="CON-1")
    assert (moved["organization_id"], moved["name"]) == ("contoso", "CON-1")
    assert (await api("POST", "/organizations/fabrikam/leave"))[0] == 204
    assert [one["id"] for one in await listed(api)] == ["d1"]


async def test_a_change_of_what_one_has_not_seen_is_refused(member, api, portal, http, directory):
    await put_device(directory, member, "d1")

    async def tag():
        async with http.get(f"{portal.url}/api/devices", headers=api._headers) as response:
            return response.headers["ETag"]

    seen = await tag()
    async with http.get(f"{portal.url}/api/devices", headers={**api._headers, "If-None-Match": seen}) as response:
        assert response.status == 304
    assert (await api("PATCH", "/devices/d1", {"name": "A"}, headers={"If-Match": seen}))[0] == 200
    for ask in (("PATCH", "/devices/d1", {"name": "B"}), ("POST", "/devices/d1/disable", {"reason": "lost"})):
        status, problem = await api(*ask, headers={"If-Match": seen})
        assert (status, problem["key"]) == (412, "precondition_failed")
    (device,) = await listed(api)
    assert (device["name"], device["state"]) == ("A", "active")
    for wanted in (await tag(), "*"):
        assert (await api("PATCH", "/devices/d1", {"name": "B"}, headers={"If-Match": wanted}))[0] == 200
    await put_device(directory, member, "d1", compliance="not_compliant")
    assert (await api("PATCH", "/devices/d1", {"name": "C"}, headers={"If-Match": wanted}))[0] == 200


async def test_an_account_has_as_many_devices_as_it_may_and_not_one_more(mongo, member, api, directory):
    path = f"/system/accounts/{member}/devices"
    await put_device(directory, member, "n0")
    put = (directory("PUT", f"{path}/n{number}", LAPTOP) for number in range(1, DEFAULT_LIMIT))
    assert {status for status, _ in await asyncio.gather(*put)} == {200}
    before = await kept_of(mongo, member)
    for _ in range(2):
        status, problem = await directory("PUT", f"{path}/one-more", LAPTOP)
        assert (status, problem["key"], problem["limit"]) == (409, "device_limit_reached", DEFAULT_LIMIT)
    assert await kept_of(mongo, member) == before
    assert (await directory("PUT", f"{path}/n7", LAPTOP | {"os": "Linux"}))[1]["os"] == "Linux"
    assert len(await listed(api)) == DEFAULT_LIMIT


async def test_a_device_of_an_organization_that_one_does_not_belong_to_is_refused(mongo, member, directory):
    await put_device(directory, member, "d1")
    await directory("PUT", "/system/organizations/foreign", {"name": "Foreign"})
    before = await kept_of(mongo, member)
    for id_ in ("d1", "d2"):
        for organization in ("foreign", "nowhere"):
            wish = LAPTOP | {"organization_id": organization}
            status, problem = await directory("PUT", f"/system/accounts/{member}/devices/{id_}", wish)
            assert (status, problem["key"]) == (409, "not_a_member")
    assert await kept_of(mongo, member) == before
    for account in (member, "nobody-at-all"):
        status, problem = await directory("POST", f"/system/accounts/{account}/devices/d9/enable")
        assert (status, problem["key"]) == (404, "device_not_found")
