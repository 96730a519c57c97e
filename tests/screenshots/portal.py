"""The portal as people get it, private to this run."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from onebox.house import Plan, Say, address, processes, write_definitions
from onebox.mongodb import MongoDB
from onebox.ports import free_port
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets


class _AsInProduction(Plan):
    """Without the languages that onebox offers to those who look for what is untranslated."""

    def gateway(self, *told: Any, **more: Any) -> dict[str, Any]:
        settings = super().gateway(*told, **more)
        settings.pop("pseudo_locale", None)
        return settings


@asynccontextmanager
async def portal(folder: Path, say: Say) -> AsyncIterator[tuple[str, Provider]]:
    """Run everything with its data in *folder*; gives the portal's address and its provider."""
    secrets, port, own = Secrets(folder), free_port(), free_port()
    async with AsyncExitStack() as stack:
        mongodb = await MongoDB.start(folder / "mongodb")
        stack.push_async_callback(mongodb.stop)
        definitions = write_definitions(folder / "rabbitmq", secrets)
        rabbitmq = await RabbitMQ.start(folder / "rabbitmq", definitions=definitions)
        stack.push_async_callback(rabbitmq.stop)
        provider = Provider.start(port=own, public_url=address(own), gateway_url=address(port))
        stack.callback(provider.stop)
        plan = _AsInProduction(secrets, mongodb, rabbitmq)
        await plan.create_users()
        await stack.enter_async_context(processes(plan, provider, port=port, say=say))
        yield address(port), provider
