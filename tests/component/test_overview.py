"""Everything at a glance, also while a part of it is not there."""

import asyncio
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

import gateway.app
import gateway.settings
from onebox.house import address
from onebox.ports import free_port
from tests.component.browsing import Browser
from tests.component.putting_in import put_account, put_device
from tests.component.setting_up import add
from tests.conftest import Caller
from tests.waiting import until

DEADLINE = 0.4


@asynccontextmanager
async def silence():
    """Give a port that takes connections and never answers."""
    over = asyncio.Event()

    async def hold(_reader, writer):
        await over.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        over.set()


@asynccontextmanager
async def nothing():
    """Give a port where nobody listens."""
    yield free_port()


@asynccontextmanager
async def failure():
    """Give a port where every answer is a failure."""

    async def fail(_request):
        raise web.HTTPInternalServerError(text="Traceback: secret insides")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fail)
    async with TestServer(app) as server:
        yield server.port


@pytest.fixture
async def calling(portal, plan, http, account):
    """Run a gateway of one's own before chosen services, and call it as the account of this module."""

    @asynccontextmanager
    async def running(**ports):
        own = free_port()
        services = {name: ports.get(name.replace("-", "_"), portal.ports[name]) for name in portal.ports}
        told = plan.gateway(own, portal.provider, services) | {"overview_deadline": DEADLINE}
        async with gateway.app.running(gateway.settings.Settings(**told)):
            bearer, proof = await portal.proven(account)
            yield Caller(http, address(own), bearer, proof=proof)

    return running


async def timed(asking):
    begun = time.perf_counter()
    status, answer = await asking
    return status, answer, time.perf_counter() - begun


async def test_a_program_sees_everything(api, someone):
    await add(api, "Phone")
    status, seen = await api("GET", "/overview")
    assert status == 200
    nothing = dict.fromkeys(("name", "title", "email", "office", "picture"))
    assert seen["profile"] == {"account": someone, **nothing}
    assert seen["security_info"]["available"] is True
    assert [method["name"] for method in seen["security_info"]["content"]["methods"]] == ["Phone"]
    assert seen["activity"]["available"] is True
    assert isinstance(seen["activity"]["content"]["entries"], list)
    assert seen["devices"] == {"available": True, "content": {"devices": [], "limit": 20}}
    assert seen["organizations"]["content"]["organizations"] == []
    counted = {"terms_to_accept": 0, "services": 0, "second_step_failed_at": None}
    assert seen["privacy"] == {"available": True, "content": {"notices": [], **counted}}


async def test_a_member_sees_the_same_in_the_overview_as_by_itself(api, member, directory):
    await put_device(directory, member, "d")

    async def heard_of_both():
        return len((await api("GET", "/privacy"))[1]["notices"]) == 2

    await until(heard_of_both)
    _, seen = await api("GET", "/overview")
    assert seen["devices"]["content"] == (await api("GET", "/devices"))[1]
    assert seen["organizations"]["content"] == (await api("GET", "/organizations"))[1]
    assert seen["profile"] == seen["organizations"]["content"]["profile"]
    own = {name: {k: v for k, v in one.items() if k != "contacts"} for name, one in await notices_of(api)}
    assert seen["privacy"]["content"]["notices"] == list(own.values())
    assert len(own) == 2


async def notices_of(api):
    _, privacy = await api("GET", "/privacy")
    return [(one["organization_id"], one) for one in privacy["notices"]]


async def test_a_person_sees_their_name_too(visitor, account):
    await visitor.sign_in(account)
    status, seen = await visitor("GET", "/overview")
    assert status == 200
    assert seen["profile"]["email"] == f"{account}@contoso.example"
    assert seen["profile"]["name"].startswith("Person Number")
    assert seen["security_info"]["content"] == (await visitor("GET", "/security-info"))[1]


async def test_an_overview_that_one_has_is_not_sent_again(portal, http, program):
    for _ in range(2):
        async with http.get(f"{portal.url}/api/overview", headers=program._headers) as response:
            tag = response.headers["ETag"]
    async with http.get(f"{portal.url}/api/overview", headers={**program._headers, "If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")


@pytest.mark.parametrize("outage", [silence, nothing, failure])
async def test_without_privacy_only_the_history_is_missing(calling, outage):
    async with outage() as port, calling(privacy=port) as api:
        await api("GET", "/security-info")  # the provider is asked about the token before anything is timed
        status, seen, seconds = await timed(api("GET", "/overview"))
        assert status == 200
        assert seconds < DEADLINE + 0.5
        assert seen["activity"] == {"available": False, "content": None}
        assert seen["security_info"]["available"] is True
        assert (await add(api))["method_id"]
        status, problem = await api("GET", "/activity", timeout=aiohttp.ClientTimeout(total=8))
        assert (status, problem["key"]) in {(503, "unavailable"), (500, "unexpected")}
        assert "secret insides" not in str(problem)


SECTIONS = {
    "security_info": ("security_info",),
    "devices": ("devices",),
    "organizations": ("organizations",),
    "privacy": ("privacy", "activity"),
}
"""Which sections of the overview are a service's."""


@pytest.mark.parametrize("outage", [silence, nothing, failure])
@pytest.mark.parametrize("service", SECTIONS)
async def test_without_a_service_only_its_sections_are_missing(calling, service, outage):
    async with outage() as port, calling(**{service: port}) as api:
        await api("GET", "/nothing")  # the provider is asked about the token before anything is timed
        status, seen, seconds = await timed(api("GET", "/overview"))
        assert status == 200
        assert seconds < DEADLINE + 0.5
        for section in (section for several in SECTIONS.values() for section in several):
            if section in SECTIONS[service]:
                assert seen[section] == {"available": False, "content": None}
            else:
                assert seen[section]["available"] is True
        assert "secret insides" not in str(seen)


@pytest.mark.parametrize("outage", [silence, nothing, failure])
async def test_without_organizations_the_notices_are_there_and_their_contacts_are_not(
    calling, directory, account, outage
):
    await put_account(directory, account)
    async with calling() as api:

        async def shown():
            return await notices_of(api)

        ((_, notice),) = await until(shown)
        assert notice["contacts"][0]["email"] == "privacy@contoso.example"
    async with outage() as port, calling(organizations=port) as api:
        await api("GET", "/nothing")
        status, privacy, seconds = await timed(api("GET", "/privacy"))
        assert status == 200
        assert seconds < DEADLINE + 0.5
        assert privacy["notices"] == [notice | {"contacts": None}]


async def test_without_privacy_there_are_no_notices_to_show(calling):
    async with nothing() as port, calling(privacy=port) as api:
        status, problem = await api("GET", "/privacy")
        assert (status, problem["key"]) == (503, "unavailable")


async def test_without_organizations_the_profile_is_what_the_sign_in_told(calling, portal, account):
    async with silence() as port, calling(organizations=port) as api, Browser(portal) as browser:
        await browser.sign_in(account)
        cookie = {"Cookie": f"profile={browser.session}"}
        async with api._http.get(f"{api._url}/api/overview", headers=cookie) as response:
            seen = await response.json()
        assert seen["organizations"]["available"] is False
        assert seen["profile"]["email"] == f"{account}@contoso.example"
        assert seen["profile"]["name"].startswith("Person Number")
        assert seen["profile"]["title"] is None


async def test_with_no_service_at_all_there_is_still_an_answer(calling):
    async with silence() as port, calling(**dict.fromkeys(SECTIONS, port)) as api:
        await api("GET", "/nothing")
        _, _, first = await timed(api("GET", "/overview"))
        status, seen, seconds = await timed(api("GET", "/overview"))
        assert status == 200
        assert max(first, seconds) < DEADLINE + 0.5
        assert [seen[part]["available"] for several in SECTIONS.values() for part in several] == [False] * 5
