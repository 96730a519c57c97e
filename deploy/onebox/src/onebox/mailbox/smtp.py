"""An SMTP server (RFC 5321) on this machine that delivers everything into the mailbox."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from onebox.mailbox.keeping import Letters
from onebox.ports import HOST

LARGEST = 1_048_576
"""Bytes of an e-mail."""
_TAKEN = "250 Delivered"
_LATER = "451 4.3.0 The mailbox cannot be written now"

# Its log quotes every command, so every address.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class _Server(SMTP):
    """One connection, which is among *open_* while it lasts."""

    def __init__(self, handler: object, open_: set["_Server"]) -> None:
        super().__init__(
            handler,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="mailbox",
            loop=asyncio.get_running_loop(),
        )
        self._open = open_

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        """End the connection at once."""
        if self.transport is not None:
            self.transport.abort()  # type: ignore[attr-defined]  # sockets' transports have it


class _Delivery:
    """Deliver an e-mail to each of those whom its envelope names."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # the server's name for it
        """Keep an e-mail, and answer when it is on the disk."""
        try:
            for to in dict.fromkeys(envelope.rcpt_tos):
                await self._letters.keep("mail", to, envelope.original_content or b"")
        except OSError:
            return _LATER
        return _TAKEN


@asynccontextmanager
async def receiving_mail(letters: Letters) -> AsyncIterator[int]:
    """Take e-mails until the block ends; gives the port."""
    open_: set[_Server] = set()
    delivery = _Delivery(letters)
    listening = await asyncio.get_running_loop().create_server(lambda: _Server(delivery, open_), HOST, 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for connection in tuple(open_):
            connection.hang_up()
        await listening.wait_closed()
