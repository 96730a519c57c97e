"""The carriers of a process, as its settings say."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from shared.letters import Channel
from shared.sending.carrying import Carrier
from shared.sending.mail import MailCarrier
from shared.sending.webhook import WebhookCarrier
from shared.settings import SendingSettings


@asynccontextmanager
async def carriers(settings: SendingSettings) -> AsyncIterator[Mapping[Channel, Carrier]]:
    """Open the carriers that the settings name, until the block ends; a named provider would be one more here."""
    found: dict[Channel, Carrier] = {}
    server = settings.mail_server()
    if server and settings.mail_from:
        found["mail"] = MailCarrier(**server, sender=settings.mail_from, sender_name=settings.brand_name)
    if settings.webhook_url is None or settings.webhook_secret is None:
        yield found
        return
    async with aiohttp.ClientSession() as session:
        secret = settings.webhook_secret.get_secret_value().encode()
        webhook = WebhookCarrier(settings.webhook_url, secret, session=session)
        yield found | {"text": webhook, "call": webhook}
