"""The portal as people get it, private to this run."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import devices.app
from onebox.accounts import DEMO_ACCOUNTS
from onebox.house import Plan, Say, address, processes, write_definitions
from onebox.mailbox import mailbox
from onebox.mongodb import MongoDB
from onebox.ports import free_port
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets
from shared.connecting import close, connect
from tests.screenshots.cast import MANY_DEVICES, PEOPLE

_UNHURRIED = {"code_pause_seconds": 540, "notice_delay_seconds": 3}
"""Settings by which buttons are still at rest when they are pictured, and several things go into one notice."""


_MORE = {devices.app.NAME: {"devices_per_account": MANY_DEVICES}}


class _AsInProduction(Plan):
    """Without the languages that onebox offers to those who look for what is untranslated."""

    def gateway(self, *told: Any, **more: Any) -> dict[str, Any]:
        settings = super().gateway(*told, **more)
        settings.pop("pseudo_locale", None)
        return settings

    def service(self, name: str, *, gateway_port: int = 8080) -> dict[str, Any]:
        return super().service(name, gateway_port=gateway_port) | _MORE.get(name, {})


@dataclass(frozen=True)
class Portal:
    """Where the portal is, its provider and its mailbox, and the methods' documents, to let time pass for them."""

    url: str
    provider: Provider
    mailbox_url: str
    accounts: Any

    async def let_time_pass(self, account: str) -> None:
        """Let the codes that were sent to an account be an hour old, so that others can be sent."""
        await self.accounts.update_one({"_id": account}, {"$set": {"sent_at": [], "last_sent": {}}})


@asynccontextmanager
async def portal(folder: Path, say: Say) -> AsyncIterator[Portal]:
    """Run everything with its data in *folder*."""
    secrets, port, own = Secrets(folder), free_port(), free_port()
    async with AsyncExitStack() as stack:
        mongodb = await MongoDB.start(folder / "mongodb")
        stack.push_async_callback(mongodb.stop)
        definitions = write_definitions(folder / "rabbitmq", secrets)
        rabbitmq = await RabbitMQ.start(folder / "rabbitmq", definitions=definitions)
        stack.push_async_callback(rabbitmq.stop)
        provider = Provider.start(
            port=own, public_url=address(own), gateway_url=address(port), accounts=(*DEMO_ACCOUNTS, *PEOPLE)
        )
        stack.callback(provider.stop)
        letters = await stack.enter_async_context(mailbox(folder / "mailbox", secret=secrets.webhook_secret))
        plan = _AsInProduction(secrets, mongodb, rabbitmq, mailbox=letters, writing=_UNHURRIED)
        await plan.create_users()
        await stack.enter_async_context(processes(plan, provider, port=port, say=say))
        client = connect(mongodb.url)
        stack.push_async_callback(close, client)
        yield Portal(address(port), provider, letters.url, client["security_info"]["accounts"])
