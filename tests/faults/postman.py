"""A process that sends the letters of one collection by a webhook: what a service's sender is, without the service."""

import asyncio
import os
import sys
from datetime import timedelta

import aiohttp

from shared.connecting import close, connect, safe
from shared.observing import log_to_stderr
from shared.sealing import Sealer
from shared.sending import WebhookCarrier
from shared.storing.mongo import MongoShelf
from tests.posting import PostOffice

MASTER = {"local": {"key": bytes(range(96))}}


async def main() -> None:
    """Send until killed."""
    log_to_stderr()
    database = os.environ["DATABASE"]
    client = connect(os.environ["MONGO_URL"])
    shelf = MongoShelf(safe(client[database], "boxes"))
    sealer = Sealer(client, vault=f"{database}.keys", kms=MASTER, master=None)
    try:
        async with aiohttp.ClientSession() as session:
            carrier = WebhookCarrier(os.environ["WEBHOOK"], b"secret", session=session)
            lease = timedelta(seconds=float(os.environ["LEASE"]))
            post = PostOffice(shelf, {"text": carrier}, sealer=sealer, lease=lease)
            sys.stderr.write("sending\n")
            await post.sender.run()
    finally:
        await sealer.close()
        await close(client)


if __name__ == "__main__":
    asyncio.run(main())
