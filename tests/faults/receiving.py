"""The other side of letters: a mail server that can go away in three ways, and an operator's webhook."""

import hmac
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal

from aiohttp import web

from onebox.ports import HOST, free_port
from shared.sending.webhook import SIGNATURE, signature
from tests.arriving import code_in
from tests.component.smtp import Mailbox, serving
from tests.spawning import until

Outage = Literal["refuses", "hangs", "says 451"]
SECRET = "the webhook's secret in the tests of faults"
MAIL_FROM = "no-reply@my-profile.example"


class MailServer:
    """A mail server whose port stays, whatever happens to it."""

    def __init__(self) -> None:
        self.box = Mailbox()
        self.port = free_port()
        self._open: Any = None

    @property
    def settings(self) -> dict[str, str]:
        """Give what a service is told of it."""
        return {"smtp_url": f"smtp://{HOST}:{self.port}", "mail_from": MAIL_FROM}

    async def come(self) -> None:
        """Take mail."""
        self.box.answers.clear()
        self.box.hangs.clear()
        if self._open is None:
            self._open = serving(self.box, port=self.port)
            await self._open.__aenter__()

    async def leave(self, outage: Outage) -> None:
        """Take none any more, in one of the ways of mail servers."""
        if outage == "refuses":
            await self.close()
        elif outage == "hangs":
            self.box.hangs.add("MAIL")
        else:
            self.box.answers["MAIL"] = "451 4.3.2 not now"

    async def close(self) -> None:
        """Close the port."""
        if self._open is not None:
            await self._open.__aexit__(None, None, None)
            self._open = None

    def to(self, address: str, *, codes: bool) -> dict[str, list[str]]:
        """Give the texts of the codes, or of the notices, that came to an address, by their Message-ID."""
        found: dict[str, list[str]] = {}
        for mail in self.box.mails:
            text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every mail of ours has one
            if mail["To"] == address and bool(re.search(r"(?m)^\s*\d{6}\s*$", text)) is codes:
                found.setdefault(str(mail["Message-ID"]), []).append(text)
        return found

    async def code(self, address: str, *, after: int = 0) -> str:
        """Wait for the code that comes to an address when there were *after* already."""

        async def come() -> list[list[str]] | None:
            codes = list(self.to(address, codes=True).values())
            return codes if len(codes) > after else None

        return code_in((await until(come, what=f"code {after + 1} by mail"))[-1][0])


class Operator:
    """Take texts and calls, and answer as *answers* says: with a status, and the request itself as the body."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.refused: list[dict[str, str]] = []
        self.answers: Callable[[dict[str, str]], int] = lambda _told: 202
        self.url = ""

    @property
    def settings(self) -> dict[str, str]:
        """Give what a service is told of it."""
        return {"webhook_url": self.url, "webhook_secret": SECRET}

    @property
    def times(self) -> Counter[str]:
        """Give how often each message was taken, by its id."""
        return Counter(told["id"] for told in self.taken)

    def to(self, number: str) -> list[dict[str, str]]:
        """Give what was taken for a number."""
        return [told for told in self.taken if told["to"] == number]

    async def code(self, number: str, *, after: int = 0, seconds: float = 20) -> str:
        """Wait for the code that comes to a number when *after* messages had come already."""

        async def come() -> dict[str, str] | None:
            distinct = list({told["id"]: told for told in self.to(number)}.values())
            return distinct[-1] if len(distinct) > after else None

        return code_in((await until(come, seconds=seconds, what=f"message {after + 1} by webhook"))["text"])

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        signed = request.headers[SIGNATURE]
        at = int(signed.partition(",")[0].removeprefix("t="))
        assert hmac.compare_digest(signed, signature(SECRET.encode(), body, at))
        told = await request.json()
        assert request.headers["Idempotency-Key"] == told["id"]
        status = self.answers(told)
        (self.taken if status < 300 else self.refused).append(told)
        return web.Response(status=status, body=body)


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """Run a mail server until the block ends."""
    made = MailServer()
    await made.come()
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def operator() -> AsyncIterator[Operator]:
    """Run a webhook until the block ends."""
    made = Operator()
    application = web.Application()
    application.router.add_post("/", made.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    made.url = f"http://{HOST}:{runner.addresses[0][1]}/"
    try:
        yield made
    finally:
        await runner.cleanup()
