"""Organizations as a directory puts them in and a person finds them."""

import asyncio

import pytest

from tests.component.asking import organization
from tests.component.looking import kept_of
from tests.component.putting_in import LAPTOP, put_account, put_device
from tests.waiting import until

MOST = 100


async def seen_by(api):
    status, seen = await api("GET", "/organizations")
    assert status == 200
    return seen


async def test_a_person_finds_their_profile_and_organizations(member, api):
    seen = await seen_by(api)
    assert seen["profile"] == {
        "account": member,
        "name": "Member Person",
        "title": "Tester",
        "email": None,
        "office": None,
        "picture": None,
    }
    assert [(one["id"], one["home"], one["can_leave"]) for one in seen["organizations"]] == [
        ("contoso", True, False),
        ("fabrikam", False, True),
    ]
    assert seen["organizations"][0]["contacts"][0]["email"] == "privacy@contoso.example"


async def test_who_is_in_no_directory_has_no_organizations_and_leaves_none(api, someone, directory):
    seen = await seen_by(api)
    assert seen["organizations"] == []
    assert set(seen["profile"].values()) == {someone, None}
    status, problem = await api("POST", "/organizations/contoso/leave")
    assert (status, problem["key"]) == (404, "organization_not_found")
    for method in ("PUT", "DELETE"):
        status, problem = await directory(method, f"/system/accounts/{someone}/organizations/fabrikam")
        assert (status, problem["key"]) == (404, "account_not_found")


async def test_the_directory_knows_better_than_the_sign_in_and_what_it_leaves_out_the_sign_in_told(
    visitor, directory, someone
):
    await visitor.sign_in(someone)
    told = (await seen_by(visitor))["profile"]
    assert told["name"].startswith("Person Number")
    assert told["email"] == f"{someone}@contoso.example"

    profile = {"name": "By Directory", "title": "Tester", "email": "by@directory.example", "office": "One"}
    shown = {"account": someone, "picture": None, **profile}
    await put_account(directory, someone, profile=profile)
    assert (await seen_by(visitor))["profile"] == shown
    await visitor.sign_out()
    await visitor.sign_in(someone)
    assert (await seen_by(visitor))["profile"] == shown

    record = await put_account(directory, someone, profile={"name": "By Directory"})
    known = {"account": someone, "name": "By Directory", "title": None, "office": None, "picture": None}
    assert record["profile"] == known | {"email": None}, "what sign-ins told is for the person alone"
    assert (await seen_by(visitor))["profile"] == known | {"email": told["email"]}
    await put_account(directory, someone, profile={})
    assert (await seen_by(visitor))["profile"] == told


async def test_an_account_at_home_elsewhere_is_still_a_member_of_the_organization_before(member, api, directory):
    record = await put_account(directory, member, home_organization="fabrikam")
    assert (record["home_organization"], record["organizations"]) == ("fabrikam", ["contoso", "fabrikam"])
    seen = await seen_by(api)
    assert [(one["id"], one["home"], one["can_leave"]) for one in seen["organizations"]] == [
        ("fabrikam", True, False),
        ("contoso", False, True),
    ]

    async def noted():
        _, privacy = await api("GET", "/privacy")
        return [(one["organization_id"], one["home"]) for one in privacy["notices"]] == [
            ("fabrikam", True),
            ("contoso", False),
        ]

    await until(noted)
    status, problem = await directory("DELETE", f"/system/accounts/{member}/organizations/fabrikam")
    assert (status, problem["key"]) == (409, "home_organization")
    assert (await api("POST", "/organizations/contoso/leave"))[0] == 204


async def test_an_organization_that_changes_is_shown_as_it_is_now(member, api, directory):
    await directory("PUT", "/system/organizations/changing", {"name": "Before"})
    await directory("PUT", f"/system/accounts/{member}/organizations/changing")
    after = organization("changing") | {"name": "After"}
    status, record = await directory("PUT", "/system/organizations/changing", after)
    assert (status, record["name"], record["id"]) == (200, "After", "changing")
    shown = next(one for one in (await seen_by(api))["organizations"] if one["id"] == "changing")
    assert (shown["name"], shown["privacy_statement"]) == ("After", "https://changing.example/privacy")
    assert shown["contacts"] == record["contacts"]

    async def declared():
        _, privacy = await api("GET", "/privacy")
        notice = next((one for one in privacy["notices"] if one["organization_id"] == "changing"), None)
        return notice and notice["organization_name"] == "After" and notice

    notice = await until(declared)
    assert notice == {
        "organization_id": "changing",
        "organization_name": "After",
        "home": False,
        "statement": "https://changing.example/privacy",
        "contacts": record["contacts"],
    }


async def test_what_is_put_in_again_changes_nothing(mongo, member, directory):
    path = f"/system/accounts/{member}"
    wish = {"home_organization": "contoso", "profile": {"name": "Member Person", "title": "Tester"}}
    before = await kept_of(mongo, member, "contoso", "fabrikam")
    for _ in range(2):
        for address, body in (
            (path, wish),
            (f"{path}/organizations/fabrikam", None),
            (f"{path}/organizations/contoso", None),
            ("/system/organizations/contoso", organization("contoso")),
        ):
            status, answer = await directory("PUT", address, body)
            assert status in {200, 204}, answer
    assert (await directory("DELETE", f"{path}/organizations/changing"))[0] in {204, 404}
    after = await kept_of(mongo, member, "contoso", "fabrikam")
    assert after["organizations.accounts"] == before["organizations.accounts"]
    assert after["organizations.organizations"] == before["organizations.organizations"]
    (kept,) = await mongo["organizations"]["accounts"].find({"_id": member}).to_list(None)
    assert kept["sequence"] == 3  # the profile and two memberships


async def test_a_membership_is_ended_by_the_directory_once(member, api, directory):
    path = f"/system/accounts/{member}/organizations/fabrikam"
    for _ in range(2):
        assert (await directory("DELETE", path))[0] == 204
    assert [one["id"] for one in (await seen_by(api))["organizations"]] == ["contoso"]
    status, problem = await api("POST", "/organizations/fabrikam/leave")
    assert (status, problem["key"]) == (404, "organization_not_found")


async def test_leaving_an_organization_disconnects_its_devices_and_drops_its_notice(member, api, directory):
    await put_device(directory, member, "d1")
    await put_device(directory, member, "d2", organization_id="contoso")
    assert {one["id"] for one in (await api("GET", "/devices"))[1]["devices"]} == {"d1", "d2"}

    async def shown():
        _, privacy = await api("GET", "/privacy")
        return privacy["notices"] if len(privacy["notices"]) == 2 else None

    notices = await until(shown)
    assert [one["organization_id"] for one in notices] == ["contoso", "fabrikam"]
    assert notices[0]["contacts"][0]["name"] == "Privacy office"

    status, _ = await api("POST", "/organizations/fabrikam/leave")
    assert status == 204

    async def gone():
        _, devices = await api("GET", "/devices")
        _, privacy = await api("GET", "/privacy")
        return [one["id"] for one in devices["devices"]] == ["d2"] and len(privacy["notices"]) == 1

    await until(gone)
    status, problem = await api("POST", "/organizations/contoso/leave")
    assert (status, problem["key"]) == (409, "home_organization")
    status, problem = await api("POST", "/organizations/fabrikam/leave")
    assert (status, problem["key"]) == (404, "organization_not_found")
    status, problem = await directory("PUT", f"/system/accounts/{member}/devices/d1", LAPTOP)
    assert (status, problem["key"]) == (409, "not_a_member")


async def test_who_is_put_in_again_in_time_has_the_notice_and_the_devices_as_they_were(member, api, directory):
    await put_device(directory, member, "d1")
    await api("PATCH", "/devices/d1", {"name": "Kitchen laptop"})
    await api("POST", "/devices/d1/disable", {"reason": "lost"})
    assert (await api("POST", "/organizations/fabrikam/leave"))[0] == 204

    async def let_go():
        return (await api("GET", "/devices"))[1]["devices"] == []

    await until(let_go)
    for ask in (("PATCH", "/devices/d1", {"name": "x"}), ("POST", "/devices/d1/disable", LOST)):
        status, problem = await api(*ask)
        assert (status, problem["key"]) == (404, "device_not_found")
    assert (await directory("PUT", f"/system/accounts/{member}/organizations/fabrikam"))[0] == 204

    async def as_before():
        _, privacy = await api("GET", "/privacy")
        seen = [(one["name"], one["state"]) for one in (await api("GET", "/devices"))[1]["devices"]]
        return seen == [("Kitchen laptop", "disabled")] and len(privacy["notices"]) == 2

    await until(as_before)


LOST = {"reason": "lost"}


async def test_a_change_of_what_one_has_not_seen_is_refused(member, api, portal, http):
    async def tag():
        async with http.get(f"{portal.url}/api/organizations", headers=api._headers) as response:
            return response.headers["ETag"]

    seen = await tag()
    leave = ("POST", "/organizations/fabrikam/leave")
    status, problem = await api(*leave, headers={"If-Match": '"another"'})
    assert (status, problem["key"]) == (412, "precondition_failed")
    assert await tag() == seen
    assert (await api(*leave, headers={"If-Match": seen}))[0] == 204
    assert await tag() != seen


async def test_a_disabled_account_is_let_in_again_when_it_is_enabled(member, api, visitor, directory):
    await visitor.sign_in(member)
    record = await put_account(directory, member, disabled=True)
    assert record["disabled"] is True

    async def refused():
        return (await api("GET", "/overview"))[0] == 403 and (await visitor("GET", "/overview"))[0] == 401

    await until(refused)
    record = await put_account(directory, member)
    assert record["disabled"] is False

    async def let_in():
        return (await api("GET", "/overview"))[0] == 200

    await until(let_in)
    assert (await visitor("GET", "/overview"))[0] == 401, "a session that was ended stays so"


async def test_an_account_has_a_hundred_organizations_and_not_one_more(directory, someone, service, mongo):
    for start in range(0, MOST + 1, 25):
        names = [f"many-{number}" for number in range(start, min(start + 25, MOST + 1))]
        put = (directory("PUT", f"/system/organizations/{name}", {"name": name}) for name in names)
        assert {status for status, _ in await asyncio.gather(*put)} == {200}
    await put_account(directory, someone, home_organization="many-0")
    path = f"/system/accounts/{someone}"
    for number in range(1, MOST):
        assert (await directory("PUT", f"{path}/organizations/many-{number}"))[0] == 204
    kept = await kept_of(mongo, someone)
    for method, address, body in (
        ("PUT", f"{path}/organizations/many-{MOST}", None),
        ("PUT", path, {"home_organization": f"many-{MOST}"}),
    ):
        status, problem = await directory(method, address, body)
        assert (status, problem["key"], problem["limit"]) == (409, "membership_limit_reached", MOST)
    assert (await kept_of(mongo, someone))["organizations.accounts"] == kept["organizations.accounts"]
    assert len((await seen_by(service("organizations", someone)))["organizations"]) == MOST
    assert (await directory("DELETE", f"{path}/organizations/many-1"))[0] == 204
    assert (await directory("PUT", path, {"home_organization": f"many-{MOST}"}))[0] == 200


@pytest.mark.parametrize("id_", ["a.b", "a:b", "A-1_2", "x" * 64, "9"])
async def test_ids_of_organizations_are_kept_as_they_are(directory, someone, service, id_):
    assert (await directory("PUT", f"/system/organizations/{id_}", {"name": "Strange"}))[1]["id"] == id_
    person = f"strange-{id_}"
    await put_account(directory, person, home_organization=id_)
    seen = await seen_by(service("organizations", person))
    assert [one["id"] for one in seen["organizations"]] == [id_]

    async def noticed():
        _, notices = await service("privacy", person)("GET", "/privacy/parts")
        return [(one["organization_id"], one["organization_name"]) for one in notices["notices"]] == [(id_, "Strange")]

    await until(noticed)
    device = await put_device(directory, person, id_, organization_id=id_)
    assert (device["id"], device["organization_id"]) == (id_, id_)
