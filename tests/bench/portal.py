"""The portal as in production, every process by itself, with someone in it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from pydantic_core import to_json

from onebox.house import Plan, address
from onebox.provider import Provider
from onebox.secrets import PROCESSES
from onebox.token import token
from tests.component.setting_up import add
from tests.conftest import Caller
from tests.spawning import Spawned
from tests.waiting import until

GATEWAY = "gateway"
SERVICES = tuple(name for name in PROCESSES if name != GATEWAY)
RENAMES = 20
PATIENCE = 5
SOMEONE = "alice"


@asynccontextmanager
async def portal(
    plan: Plan, provider: Provider, port: int, http: aiohttp.ClientSession
) -> AsyncIterator[list[Spawned]]:
    """Run the services and the gateway, the gateway last and on *port*."""
    running: list[Spawned] = []
    try:
        for name in SERVICES:
            running.append(Spawned(name, plan.service(name), http))
            await running[-1].start()
        ports = {service.name: int(service.port or 0) for service in running}
        told = plan.gateway(port, provider, ports)
        tables = {name: to_json(value).decode() for name, value in told.items() if isinstance(value, Mapping)}
        # An environment holds texts; and an overview of fewer sections, because a busy machine was late, counts less.
        running.append(Spawned(GATEWAY, {**told, **tables, "overview_deadline": PATIENCE}, http))
        await running[-1].start()
        yield running
    finally:
        for process in reversed(running):
            await process.kill9()


async def moved_in(provider: Provider, port: int, http: aiohttp.ClientSession) -> Mapping[str, str]:
    """Give someone three authenticator apps and some history; gives the headers of their requests."""
    bearer = await token(provider.issuer, SOMEONE)
    api = Caller(http, address(port), bearer)
    for name in ("Phone", "Tablet", "Spare phone"):
        method = (await add(api, name))["method_id"]
    for number in range(RENAMES):
        status, answer = await api("PATCH", f"/security-info/methods/{method}", {"name": f"Spare phone {number}"})
        assert status == 200, answer

    async def remembered() -> bool:
        status, history = await api("GET", "/activity?limit=100")
        assert status == 200, history
        return len(history["entries"]) > RENAMES

    await until(remembered)
    return {"Authorization": f"Bearer {bearer}"}
