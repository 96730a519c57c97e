"""Gateways in front of services that run as processes, and who asks at them."""

from collections.abc import Iterable, Mapping

import aiohttp

from onebox.house import Plan
from onebox.ports import HOST, free_port
from onebox.provider import Provider
from onebox.token import token
from tests.conftest import PEOPLE, Caller
from tests.faults.conftest import Spawn
from tests.proving import Prover, session_of
from tests.spawning import Spawned

SERVICES = ("security-info", "devices", "organizations", "privacy")
_NOWHERE = 1
"""A port where nothing listens."""


def gateway_before(
    services: Mapping[str, Spawned], plan: Plan, provider: Provider, spawn: Spawn, **more: object
) -> Spawned:
    """Make a gateway that asks these services, each of which has a port of its own already."""
    ports = {name: services[name].settings["port"] if name in services else _NOWHERE for name in SERVICES}
    told = plan.gateway(free_port(), provider, ports)
    own = {name: value for name, value in told.items() if name not in plan.process("gateway")}
    return spawn("gateway", **own, **more)


async def started(processes: Iterable[Spawned]) -> None:
    """Start processes side by side."""
    processes = list(processes)
    for process in processes:
        await process.launch()
    for process in processes:
        await process.until_ready()


async def asking(
    account: str, gateways: Iterable[Spawned], *, provider: Provider, prover: Prover, http: aiohttp.ClientSession
) -> list[Caller]:
    """Give the API of each gateway as the account calls it, with a token and a proof that is good for it."""
    bearer = await token(provider.issuer, account, people=PEOPLE)
    proof = prover.header(account, session_of(bearer))
    return [Caller(http, f"http://{HOST}:{process.port}", bearer, proof=proof) for process in gateways]
