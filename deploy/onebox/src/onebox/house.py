"""All of My Profile in one process, each part the real one, each from its own settings."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

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
from onebox import mailbox
from onebox.documents import CONSUMERS, PUBLISHERS, broker_definitions
from onebox.mongodb import MongoDB
from onebox.mongodb_users import create_users, database_of
from onebox.ports import HOST, free_port, remembered, require_free
from onebox.processes import SetupError
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import SUBSCRIBER, Secrets
from onebox.systems import bindings
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


class Plan:
    """Give each process the settings that it would get from its environment."""

    def __init__(
        self,
        secrets: Secrets,
        mongodb: MongoDB,
        rabbitmq: RabbitMQ | None,
        *,
        attestation_roots: Path | None = None,
    ) -> None:
        self._secrets = secrets
        self._attestation_roots = attestation_roots
        self._mongodb = mongodb
        self._rabbitmq = rabbitmq
        self._one_user = "AMQP_URL" in os.environ

    def process(self, name: str) -> dict[str, Any]:
        """Give what every process that owns data is told."""
        return {
            "mongo_url": self.mongo_url(name, database_of(name)),
            "mongo_driver": os.environ.get("MONGO_DRIVER", "pymongo"),
            "amqp_url": self.broker_url(name) or "amqp://none",
            "one_broker_user": self._one_user,
            "local_master_key": self._secrets.master_key(name),
            "allow_old_mongodb": True,
        }

    def service(self, name: str, *, gateway_port: int = 8080) -> dict[str, Any]:
        """Give what a service is told; keys are registered for the pages on *gateway_port*."""
        told = {
            **self.process(name),
            "gateway_keys": self._secrets.gateway_keys,
            "proof_keys": self._secrets.proof_keys,
            "port": 0,
        }
        if name == security_info.app.NAME:
            told |= {
                "proof_key": self._secrets.proof_key,
                "relying_party_id": "localhost",
                "origins": (address(gateway_port),),
            }
            if self._attestation_roots:
                told["attestation_roots"] = str(self._attestation_roots)
        return told

    def gateway(self, port: int, provider: Provider, services: Mapping[str, int]) -> dict[str, Any]:
        """Give what the gateway is told; *services* are their ports."""
        return {
            **self.process("gateway"),
            "port": port,
            "public_url": address(port),
            "issuer": provider.issuer,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "signing_key": self._secrets.signing_key,
            "issue_time_as_auth_time": True,
            "system_clients": bindings(provider.systems),
            "change_password_url": provider.password_page,
            "pseudo_locale": True,
            "styleguide": True,
            **{f"{name.replace('-', '_')}_url": f"http://{HOST}:{taken}" for name, taken in services.items()},
        }

    async def create_users(self, databases: Mapping[str, str] | None = None) -> None:
        """Make each process's user of the database server; *databases* may name others than the processes' own."""
        if not self._mongodb.one_user:
            await create_users(self._mongodb.url, self._secrets.mongodb_passwords, databases)

    def mongo_url(self, process: str, database: str) -> str:
        """Give the database server's address for the user that a process is in *database*."""
        if self._mongodb.one_user:
            return self._mongodb.url
        return self._mongodb.user_url(process, self._secrets.mongodb_passwords[process], database)

    def broker_url(self, user: str) -> str | None:
        """Give the broker's address for one of its users."""
        if self._rabbitmq is None:
            return None
        if self._one_user:
            return self._rabbitmq.url()
        return self._rabbitmq.url(user, self._secrets.broker_passwords[user])


def address(port: int) -> str:
    """Give the address on this machine as browsers must write it: WebAuthn wants a name, not a number."""
    return f"http://localhost:{port}"


@asynccontextmanager
async def house(folder: Path, *, port: int, say: Say) -> AsyncIterator[House]:
    """Run everything with its data in *folder* and the portal on *port*; *say* hears of each step as it happens."""
    require_free(port)
    url = address(port)
    secrets = Secrets(folder)
    async with AsyncExitStack() as stack:
        # The two servers and the provider's slow import get ready side by side.
        provider_port = await _remembered_port(folder)
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
        plan = Plan(secrets, mongodb, rabbitmq)
        await plan.create_users()
        if rabbitmq is not None and "AMQP_URL" in os.environ:
            await declare(rabbitmq.url())
        await stack.enter_async_context(processes(plan, provider, port=port, broker=broker, say=say))
        mailbox_port = await stack.enter_async_context(_mailbox(folder / "mailbox"))
        yield House(
            url=url,
            provider=provider,
            mailbox_url=address(mailbox_port),
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


async def _remembered_port(folder: Path) -> int:
    """Choose the provider's port, the one of last time if it is free: it is part of the issuer's name."""
    file = folder / "provider-port"
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


@asynccontextmanager
async def _mailbox(folder: Path) -> AsyncIterator[int]:
    runner = web.AppRunner(mailbox.application(folder), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


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
