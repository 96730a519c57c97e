"""Which system may do what, at the portal's door and at the services' own; the matrix is made from the tables."""

from contextlib import asynccontextmanager

import pytest

import gateway.app
import gateway.settings
from onebox.house import address
from onebox.ports import free_port
from shared.identifying import SystemClient
from tests.component.asking import (
    BEHIND_FOR_PERSONS,
    BEHIND_FOR_SYSTEMS,
    BEHIND_ONE_BY_ONE,
    EXPOSED_TO_PERSONS,
    EXPOSED_TO_SYSTEMS,
    ONE_BY_ONE,
    body_of,
    named,
    organization,
    path_of,
)
from tests.component.looking import kept_of
from tests.component.putting_in import connect, put_account, put_device, put_service, until_at_home
from tests.conftest import SYSTEMS, Caller

SCOPES = sorted({endpoint.scope for endpoint in EXPOSED_TO_SYSTEMS})
WITHOUT = {scope: f"no-{scope}" for scope in SCOPES}
"""The system that lacks exactly this scope."""


@pytest.fixture(scope="module")
async def ids(directory, system, _unused_people):
    """An account at home in Contoso with a device of Contoso, as systems name them."""
    account = next(_unused_people)
    await put_account(directory, account)
    await put_device(directory, account, "d", organization_id="contoso")
    await until_at_home(system, account)
    await put_service(directory, "contoso")
    await connect(directory, account, "contoso")
    return {"account": account, "device_id": "d", "organization_id": "contoso"}


@pytest.fixture(autouse=True)
async def there_again(request, directory, ids):
    """The device and the service, which some test may have deleted, are there for the next, and connected."""
    yield
    if "deleteService" in request.node.name:
        await put_service(directory, "contoso")
    if "delete" in request.node.name or "echo" in request.node.name:
        await connect(directory, ids["account"], "contoso")
    if "deleteDevice" in request.node.name:
        await put_device(directory, ids["account"], "d", organization_id="contoso")


@pytest.fixture(scope="module")
def who_is(portal):
    """Give a system as the gateway would vouch for it, with what is changed."""

    def named_so(name, **changed):
        system = next(one for one in SYSTEMS if one.name == name)
        told = {"scopes": system.scopes, "organizations": system.organizations} | changed
        return SystemClient(client_id=system.client_id, **told)

    return named_so


@pytest.fixture
def at_the_portal(system):
    """Ask at the portal as a system."""

    async def asking(name, endpoint, **ids):
        ask = await system(name)
        return await ask(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))

    return asking


@pytest.fixture
def at_the_service(service):
    """Ask at a service's own door as a system for which the gateway vouches."""

    async def asking(door, client, **ids):
        name, endpoint = door
        ask = service(name, client)
        return await ask(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))

    return asking


@pytest.fixture
async def unchanged(mongo, ids):
    """Nothing is kept differently after the test than it was before."""
    before = await kept_of(mongo, ids["account"], ids["organization_id"], "fabrikam")
    assert all(
        before[place]
        for place in ("devices.accounts", "organizations.accounts", "organizations.organizations", "privacy.accounts")
    )
    yield
    assert await kept_of(mongo, ids["account"], ids["organization_id"], "fabrikam") == before


@pytest.mark.parametrize("endpoint", EXPOSED_TO_SYSTEMS, ids=named)
async def test_a_persons_token_opens_no_door_for_systems(unchanged, program, ids, endpoint):
    status, problem = await program(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))
    assert (status, problem["key"]) == (403, "not_allowed")


@pytest.mark.parametrize("endpoint", EXPOSED_TO_SYSTEMS, ids=named)
async def test_a_persons_browser_opens_no_door_for_systems(unchanged, signed_in, ids, endpoint):
    status, problem = await signed_in(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids))
    assert (status, problem["key"]) == (403, "not_allowed")


@pytest.mark.parametrize("endpoint", EXPOSED_TO_PERSONS, ids=named)
async def test_a_systems_token_stands_for_no_person(at_the_portal, endpoint):
    status, problem = await at_the_portal("all", endpoint)
    assert (status, problem["key"]) == (401, "not_signed_in")


@pytest.mark.parametrize("endpoint", EXPOSED_TO_SYSTEMS, ids=named)
async def test_a_system_needs_the_scope_and_is_told_which(unchanged, at_the_portal, ids, endpoint):
    status, problem = await at_the_portal(WITHOUT[endpoint.scope], endpoint, **ids)
    assert (status, problem["key"], problem["scope"]) == (403, "missing_scope", endpoint.scope)


@pytest.mark.parametrize("name", ["fabrikam", "nobody"])
@pytest.mark.parametrize("endpoint", ONE_BY_ONE, ids=named)
async def test_a_system_does_not_speak_for_another_organization(unchanged, at_the_portal, ids, endpoint, name):
    status, problem = await at_the_portal(name, endpoint, **ids)
    assert (status, problem["key"]) == (403, "organization_not_yours")


async def test_a_system_does_not_move_away_what_is_of_another_organization(unchanged, system, ids):
    ask, account = await system("fabrikam"), f"/system/accounts/{ids['account']}"
    for path, wish in (
        (account, {"home_organization": "fabrikam"}),
        (f"{account}/devices/d", {"organization_id": "fabrikam", "name": "Mine", "kind": "phone"}),
    ):
        assert await refused(ask("PUT", path, wish)) == (403, "organization_not_yours"), path


async def test_a_system_does_not_give_away_what_is_of_its_own_organization(unchanged, system, ids):
    ask, account = await system("contoso"), f"/system/accounts/{ids['account']}"
    for path, wish in (
        (account, {"home_organization": "fabrikam"}),
        (f"{account}/devices/d", {"organization_id": "fabrikam", "name": "Mine", "kind": "phone"}),
        (f"{account}/organizations/fabrikam", None),
    ):
        assert await refused(ask("PUT", path, wish)) == (403, "organization_not_yours"), path


async def test_who_speaks_for_no_organization_does_not_learn_which_there_are(system, ids):
    ask = await system("nobody")
    for endpoint in EXPOSED_TO_SYSTEMS:
        if "account" in endpoint.path_parameters and (endpoint.request or "organization_id" in endpoint.path):
            asked = ids | {"organization_id": "nowhere"}
            answer = await refused(ask(endpoint.method, path_of(endpoint, **asked), body_of(endpoint, **asked)))
            assert answer == (403, "organization_not_yours"), endpoint.name


async def test_an_echo_of_another_systems_command_is_no_way_round_the_binding(system, service, ids):
    refused = {(403, "organization_not_yours"), (422, "command_reused")}
    answers = (refused, {(422, "command_reused")})
    for endpoint in ONE_BY_ONE:
        path, body = path_of(endpoint, **ids), body_of(endpoint, **ids)
        headers = {"headers": {"Idempotency-Key": f"echo-{endpoint.name}"}}
        if "name" in (body or {}):  # only what changes something is remembered
            body |= {"name": "Contoso, echoed"}
        elif "profile" in (body or {}):
            body |= {"profile": {"name": "Echoed"}}
        if endpoint.name == "enableDevice":
            disabling = {"reason": "lost"}
            assert (await service("devices", ids["account"])("POST", "/devices/d/disable", disabling))[0] == 200
        status, _ = await (await system("contoso"))(endpoint.method, path, body, **headers)
        assert status in {200, 201, 204, 409}, endpoint.name
        status, problem = await (await system("fabrikam"))(endpoint.method, path, body, **headers)
        assert (status, (problem or {}).get("key")) in answers[endpoint.name == "deleteDevice"], endpoint.name
        if endpoint.name == "deleteDevice":
            await put_device(await system("contoso"), ids["account"], "d", organization_id="contoso")
        if endpoint.name == "deleteService":
            await put_service(await system("contoso"), "contoso")
    status, _ = await (await system("contoso"))("PUT", "/system/organizations/contoso", organization("contoso"))
    assert status == 200  # as other tests know it


@pytest.mark.parametrize("name", ["all", "contoso"])
@pytest.mark.parametrize("endpoint", ONE_BY_ONE, ids=named)
async def test_a_system_is_let_in_for_its_own_organizations(at_the_portal, ids, endpoint, name):
    status, answer = await at_the_portal(name, endpoint, **ids)
    assert status in {200, 201, 204, 409}, answer
    assert status != 409 or answer["key"] == "home_organization"


@pytest.fixture
async def elsewhere(portal, plan):
    """Run a gateway of one's own with other bindings, and give its address."""

    @asynccontextmanager
    async def running(bindings):
        port = free_port()
        told = plan.gateway(port, portal.provider, portal.ports) | {"system_clients": bindings}
        async with gateway.app.running(gateway.settings.Settings(**told)):
            yield address(port)

    return running


@pytest.mark.parametrize("bindings", [{}, {"system-other": {"organizations": ["*"]}}], ids=["none", "another"])
async def test_where_it_is_not_known_a_system_is_let_in_nowhere(unchanged, elsewhere, http, portal, ids, *, bindings):
    async with elsewhere(bindings) as url:
        ask = Caller(http, url, await portal.system_token("all"))
        for endpoint in EXPOSED_TO_SYSTEMS:
            answer = await refused(ask(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids)))
            assert answer == (403, "not_allowed"), endpoint.name
        for endpoint in EXPOSED_TO_PERSONS:
            answer = await refused(ask(endpoint.method, path_of(endpoint), body_of(endpoint)))
            assert answer == (401, "not_signed_in"), endpoint.name


@pytest.mark.parametrize("door", BEHIND_FOR_SYSTEMS, ids=named)
async def test_a_service_lets_no_person_in_where_systems_are(unchanged, at_the_service, ids, door):
    assert await refused(at_the_service(door, ids["account"], **ids)) == (403, "not_allowed")


@pytest.mark.parametrize("door", BEHIND_FOR_PERSONS, ids=named)
async def test_a_service_lets_no_system_in_where_persons_are(unchanged, at_the_service, who_is, ids, door):
    assert await refused(at_the_service(door, who_is("all"), **ids)) == (403, "not_allowed")
    as_if = who_is("all").model_copy(update={"client_id": ids["account"]})
    assert await refused(at_the_service(door, as_if, **ids)) == (403, "not_allowed")


@pytest.mark.parametrize("door", BEHIND_FOR_SYSTEMS, ids=named)
async def test_a_service_asks_for_the_scope_itself(unchanged, at_the_service, who_is, ids, door):
    scope = door[1].scope
    others = tuple(one for one in SCOPES if one != scope)
    for scopes in (others, (), (f"{scope}s", scope.upper(), "*", scope.split(".")[0])):
        status, problem = await at_the_service(door, who_is("all", scopes=scopes), **ids)
        assert (status, problem["key"], problem["scope"]) == (403, "missing_scope", scope)


@pytest.mark.parametrize("door", BEHIND_ONE_BY_ONE, ids=named)
async def test_a_service_asks_for_the_binding_itself(unchanged, at_the_service, who_is, ids, door):
    for organizations in (("fabrikam",), (), ("contos", "contoso2", "Contoso", "con*", "")):
        client = who_is("all", organizations=organizations)
        assert await refused(at_the_service(door, client, **ids)) == (403, "organization_not_yours")


@pytest.mark.parametrize("door", BEHIND_ONE_BY_ONE, ids=named)
async def test_a_service_lets_a_system_in_that_has_scope_and_binding(at_the_service, who_is, ids, door):
    client = who_is("contoso", scopes=(door[1].scope,))
    status, answer = await at_the_service(door, client, **ids)
    assert status in {200, 201, 204, 409}, answer
    assert status != 409 or answer["key"] == "home_organization"


async def refused(asking):
    status, problem = await asking
    return status, problem["key"]


def test_each_scope_is_lacked_by_one_system():
    for scope, name in WITHOUT.items():
        system = next(one for one in SYSTEMS if one.name == name)
        assert {*system.scopes, scope} == set(SCOPES)
        assert scope not in system.scopes
    assert len(SCOPES) == 7
