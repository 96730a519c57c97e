"""A system's command that is sent again happens once, however late its echo comes."""

import asyncio

import pytest

from shared.contracts import devices, organizations, privacy, security_info
from tests.component.asking import ONE_BY_ONE, body_of, named, path_of
from tests.component.listening import event, listening
from tests.component.putting_in import LAPTOP, connect, put_account, put_device, put_service, until_at_home
from tests.waiting import until


def key(value):
    return {"headers": {"Idempotency-Key": value}}


@pytest.fixture(scope="module")
async def heard(plan):
    """All news while the tests of this module run."""
    async with listening(plan.broker_url("subscriber"), "repeated-system-commands") as listened:
        yield listened


async def news_of(heard, account, last):
    """Give the types of the news about an account, once the *last* has come."""

    def told():
        types = [event(message)["type"] for message in heard.about(account)]
        return types if last in types else None

    return await until(told)


async def test_ten_at_once_are_one_device_one_membership_and_one_account(heard, directory, someone):
    async def ten(path, wish, name):
        return await asyncio.gather(*(directory("PUT", path, wish, **key(name)) for _ in range(10)))

    path, wish = f"/system/accounts/{someone}", {"home_organization": "contoso", "profile": {"name": "Once"}}
    for answers in (await ten(path, wish, "account"), await ten(f"{path}/organizations/fabrikam", None, "membership")):
        assert {status for status, _ in answers} <= {200, 204}
        assert len({str(answer) for _, answer in answers}) == 1
    await put_device(directory, someone, "first")
    answers = await ten(f"{path}/devices/d", LAPTOP, "device")
    assert {status for status, _ in answers} == {200}
    assert len({str(answer) for _, answer in answers}) == 1
    await put_account(directory, someone, disabled=True)
    told = await news_of(heard, someone, organizations.AccountDisabledByOrganization.wire)
    assert told.count(organizations.MembershipStarted.wire) == 2

    def both_connected():
        types = [event(message)["type"] for message in heard.about(someone)]
        return types.count(devices.DeviceConnected.wire) >= 2

    await until(both_connected)
    assert [event(message)["type"] for message in heard.about(someone)].count(devices.DeviceConnected.wire) == 2


async def test_an_echo_that_comes_late_brings_nothing_back(directory, known):
    path = f"/system/accounts/{known}"
    for number, name in enumerate(("Before", "After")):
        wish = {"home_organization": "contoso", "profile": {"name": name}}
        assert (await directory("PUT", path, wish, **key(f"put-{number}")))[1]["profile"]["name"] == name
    status, record = await directory("PUT", path, wish | {"profile": {"name": "Before"}}, **key("put-0"))
    assert (status, record["profile"]["name"]) == (200, "After")

    started = {"method": "PUT", "path": f"{path}/organizations/fabrikam", **key("start")}
    assert (await directory(**started))[0] == 204
    assert (await directory("DELETE", started["path"]))[0] == 204
    assert (await directory(**started))[0] == 204
    assert (await put_account(directory, known))["organizations"] == ["contoso"]


async def test_an_echo_of_enabling_does_not_enable_what_was_disabled_since(directory, known, service):
    person, enabling = service("devices", known), f"/system/accounts/{known}/devices/d/enable"
    for _ in range(2):
        assert (await person("POST", "/devices/d/disable", {"reason": "lost"}))[1]["state"] == "disabled"
        status, device = await directory("POST", enabling, **key("enable"))
        assert status == 200
    assert device["state"] == "disabled"
    assert (await directory("POST", enabling))[1]["state"] == "active"


@pytest.mark.parametrize("endpoint", [one for one in ONE_BY_ONE if one.changes], ids=named)
async def test_an_id_stands_for_one_request_whatever_the_other_is(directory, known, endpoint):
    account, taken = f"/system/accounts/{known}", key(f"taken-{endpoint.name}")
    if endpoint in security_info.ENDPOINTS:
        path, wish = f"{account}/access-code", {"lifetime_minutes": 10 + ONE_BY_ONE.index(endpoint)}
    elif endpoint in privacy.ENDPOINTS and "account" in endpoint.path_parameters:
        path, wish = f"{account}/organizations/contoso/services/mail", connected_at(ONE_BY_ONE.index(endpoint))
        await put_service(directory, "contoso")
        await connect(directory, known, "contoso")
    elif endpoint in privacy.ENDPOINTS:
        path, wish = "/system/organizations/taken/services/mail", {"name": f"Taken by {endpoint.name}"}
    elif endpoint.path.startswith("/system/organizations"):
        path, wish = "/system/organizations/taken", {"name": f"Taken by {endpoint.name}"}
    elif "devices" in endpoint.path:
        path, wish = f"{account}/devices/d", LAPTOP | {"organization_id": "contoso", "name": endpoint.name}
    else:
        path, wish = account, {"home_organization": "contoso", "profile": {"name": f"Taken by {endpoint.name}"}}
    method = "POST" if path.endswith("/access-code") else "PUT"
    assert (await directory(method, path, wish, **taken))[0] in {200, 201, 204}
    ids = {"account": known, "organization_id": "contoso"}
    if endpoint.path.startswith("/system/organizations"):
        ids["organization_id"] = "taken"
    asked = path_of(endpoint, **ids)
    status, problem = await directory(endpoint.method, asked, body_of(endpoint, **ids), **taken)
    assert (status, problem["key"]) == (422, "command_reused")


def connected_at(minute):
    return {"connected_at": f"2026-01-01T09:{minute:02}:00Z"}


async def test_the_same_id_for_another_account_is_another_command(directory, known, someone):
    for account in (known, someone):
        wish = {"home_organization": "contoso", "profile": {"name": f"Of {account}"}}
        _, record = await directory("PUT", f"/system/accounts/{account}", wish, **key("same"))
        assert (record["account"], record["profile"]["name"]) == (account, f"Of {account}")


async def test_a_command_id_of_another_form_is_refused(directory, known):
    for id_ in ("", "a b", "x" * 65, "ä", "a.b", "$set"):
        status, problem = await directory("PUT", f"/system/accounts/{known}/organizations/fabrikam", **key(id_))
        assert (status, problem["key"], problem["errors"][0]["pointer"]) == (422, "invalid", "/Idempotency-Key")
    assert (await put_account(directory, known))["organizations"] == ["contoso"]


async def test_an_access_code_is_shown_once_whoever_asks_again(directory, system, known):
    await until_at_home(system, known)
    path = f"/system/accounts/{known}/access-code"
    answers = await asyncio.gather(*(directory("POST", path, {}, **key("code")) for _ in range(5)))
    shown = [answer["code"] for status, answer in answers if status == 201]
    assert len(shown) == 1
    assert {(status, answer["key"]) for status, answer in answers if status != 201} == {(409, "shown_once")}
    status, problem = await directory("POST", path, {}, **key("code"))
    assert (status, problem["key"]) == (409, "shown_once")
    assert shown[0] not in str(problem)
