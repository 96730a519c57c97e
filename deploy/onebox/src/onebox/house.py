"""All of My Profile in one process, each part the real one, each from its own settings."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import devices.app
import devices.settings
import gateway.app
import gateway.settings
import organizations.app
import organizations.settings
import privacy.app
import privacy.settings
import security_info.app
import security_info.settings
from onebox.documents import CONSUMERS, PUBLISHERS, broker_definitions
from onebox.mailbox import mailbox
from onebox.mongodb import MongoDB
from onebox.plan import Plan, address
from onebox.ports import free_port, remembered, require_free
from onebox.processes import SetupError
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import SUBSCRIBER, Secrets
from shared.brokering import Broker
from shared.brokering.dialing import dial
from shared.brokering.local import LocalBroker
from shared.connecting import close, connect
from shared.documenting.definitions import definitions

Say = Callable[[str], None]


@dataclass(frozen=True)
class House:
    """Where everything is while it runs."""

    url: str
    provider: Provider
    mailbox_url: str
    mongodb: MongoDB
    rabbitmq: RabbitMQ | None
    subscriber_url: str | None
    secrets: Secrets


@asynccontextmanager
async def house(folder: Path, *, port: int, say: Say) -> AsyncIterator[House]:
    """Run everything with its data in *folder* and the portal on *port*; *say* hears of each step as it happens."""
    require_free(port)
    url = address(port)
    secrets = Secrets(folder)
    async with AsyncExitStack() as stack:
        # The two servers and the provider's slow import get ready side by side.
        provider_port = _remembered_port(folder / "provider-port")
        starting = asyncio.gather(
            _started(stack, "MongoDB", MongoDB.start(folder / "mongodb"), say),
            _started(stack, "RabbitMQ", _rabbitmq(folder, secrets), say),
            asyncio.to_thread(Provider.start, port=provider_port, public_url=address(provider_port), gateway_url=url),
            return_exceptions=True,
        )
        mongodb, rabbitmq, provider = await starting
        if isinstance(provider, BaseException):
            raise provider
        stack.callback(provider.stop)
        say(f"identity provider: ready at {provider.issuer}")
        if isinstance(mongodb, BaseException):
            raise mongodb
        broker: Broker | None = None
        if isinstance(rabbitmq, SetupError):
            say(f"RabbitMQ: {rabbitmq} Events stay inside this process (a fallback for laptops).")
            rabbitmq, broker = None, await _local_broker(stack, mongodb)
        elif isinstance(rabbitmq, BaseException):
            raise rabbitmq
        mailbox_port = _remembered_port(folder / "mailbox-port")
        letters = await stack.enter_async_context(
            mailbox(folder / "mailbox", secret=secrets.webhook_secret, port=mailbox_port)
        )
        plan = Plan(secrets, mongodb, rabbitmq, mailbox=letters)
        await plan.create_users()
        if rabbitmq is not None and "AMQP_URL" in os.environ:
            await declare(rabbitmq.url())
        await stack.enter_async_context(processes(plan, provider, port=port, broker=broker, say=say))
        yield House(
            url=url,
            provider=provider,
            mailbox_url=letters.url,
            mongodb=mongodb,
            rabbitmq=rabbitmq,
            subscriber_url=plan.broker_url(SUBSCRIBER),
            secrets=secrets,
        )


@asynccontextmanager
async def processes(
    plan: Plan, provider: Provider, *, port: int, broker: Broker | None = None, say: Say = lambda _step: None
) -> AsyncIterator[dict[str, int]]:
    """Run the services and the gateway, the gateway on *port*; gives the port of each."""
    ports: dict[str, int] = {}
    async with AsyncExitStack() as stack:
        for service in (security_info, devices, organizations, privacy):
            settings = service.settings.Settings(**plan.service(service.app.NAME, gateway_port=port))
            ports[service.app.NAME] = await stack.enter_async_context(service.app.running(settings, broker))
            say(f"{service.app.NAME}: ready")
        told = gateway.settings.Settings(**plan.gateway(port, provider, ports))
        ports["gateway"] = await stack.enter_async_context(gateway.app.running(told, broker))
        say("gateway: ready")
        yield ports


def write_definitions(folder: Path, secrets: Secrets) -> Path:
    """Write the broker's definitions with this installation's users, and give the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "definitions.json"
    file.touch(mode=0o600)
    file.write_bytes(broker_definitions(secrets.broker_passwords))
    return file


async def _rabbitmq(folder: Path, secrets: Secrets) -> RabbitMQ:
    if os.environ.get("LOCAL_BROKER"):
        raise SetupError("None was asked for (LOCAL_BROKER).")
    definition = write_definitions(folder / "rabbitmq", secrets)
    return await RabbitMQ.start(folder / "rabbitmq", definitions=definition)


async def _started(stack: AsyncExitStack, name: str, starting: Any, say: Say) -> Any:
    begun = asyncio.get_running_loop().time()
    server = await starting
    stack.push_async_callback(server.stop)
    say(f"{name}: ready after {asyncio.get_running_loop().time() - begun:.1f} s")
    return server


def _remembered_port(file: Path) -> int:
    """Choose the port of last time if it is free: the provider's is part of its name, and pages stay open."""
    kept = file.read_text() if file.exists() else ""
    port = remembered(int(kept)) if kept.isdecimal() else free_port()
    file.write_text(str(port))
    return port


async def _local_broker(stack: AsyncExitStack, mongodb: MongoDB) -> LocalBroker:
    client = connect(mongodb.url)
    stack.push_async_callback(close, client)
    graves = client["onebox"]["dead_letters"]

    async def bury(queue: str, event: Mapping[str, Any]) -> None:
        await graves.update_one({"_id": f"{queue} {event['id']}"}, {"$set": {"event": dict(event)}}, upsert=True)

    broker = LocalBroker(bury)
    for queue, names in CONSUMERS.items():
        if names:
            broker.expect(queue)
    return broker


async def declare(url: str) -> None:
    """Declare in a broker that was given what a broker of our own loads from its definitions."""
    wanted = definitions(CONSUMERS, PUBLISHERS)
    async with await dial(url) as connection:
        channel = await connection.channel()
        for exchange in wanted["exchanges"]:
            await channel.declare_exchange(exchange["name"], exchange["type"], durable=True)
        queues = {
            queue["name"]: await channel.declare_queue(queue["name"], durable=True, arguments=queue["arguments"])
            for queue in wanted["queues"]
        }
        for binding in wanted["bindings"]:
            await queues[binding["destination"]].bind(binding["source"], binding["routing_key"])
