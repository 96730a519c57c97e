"""The local mailbox: whatever the services send to people arrives here, and a page shows it as they would get it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from onebox.mailbox.keeping import Letters
from onebox.mailbox.page import application
from onebox.mailbox.smtp import receiving_mail
from onebox.mailbox.webhook import Webhook
from onebox.ports import HOST


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mailbox is: its page, and where services hand e-mails, texts and calls in."""

    url: str
    smtp_url: str
    webhook_url: str


@asynccontextmanager
async def mailbox(folder: Path, *, secret: str, port: int = 0) -> AsyncIterator[Mailbox]:
    """Run a mailbox that keeps letters in *folder*, its page on *port*; *secret* signs texts and calls."""
    letters = Letters(folder)
    async with AsyncExitStack() as stack:
        smtp_port = await stack.enter_async_context(receiving_mail(letters))
        runner = web.AppRunner(application(letters, Webhook(letters, secret.encode())), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, HOST, port).start()
        taken = runner.addresses[0][1]
        yield Mailbox(
            url=f"http://localhost:{taken}",
            smtp_url=f"smtp://{HOST}:{smtp_port}",
            webhook_url=f"http://{HOST}:{taken}/webhook",
        )
