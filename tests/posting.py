"""Letters of tests: boxes that hold them, a sealer without a database, and carriers that do as they are told."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, ClassVar

from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict

from shared.contracts.event import REGISTER, Event
from shared.deciding import Actor, Command, Decision
from shared.facts import Facts, now
from shared.letters import Letter, Waiting
from shared.sealing import SealError
from shared.sending import Mail, Sender, Settlement, Text
from shared.sending.sender import LEASE, Gauges
from shared.storing import Store

ADDRESS, CODE = "åsa.lindqvist@contoso.example", "71840"
"""What nobody but the carrier may see; the code is shorter than what the log hides by its looks."""


class Sent(Event):
    wire: ClassVar[str] = "profile.test.letter.sent.v1"
    letter: str


class Abandoned(Event):
    wire: ClassVar[str] = "profile.test.letter.abandoned.v1"
    letter: str
    reason: str


for _known_here_alone in (Sent, Abandoned):
    REGISTER.pop(_known_here_alone.wire)


class Box(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    written: int = 0


SETTLEMENT = Settlement(
    sent=lambda letter: Sent(letter=letter.id),
    abandoned=lambda letter, reason: Abandoned(letter=letter.id, reason=reason),
)


def letter(id_: str = "l1", **other: Any) -> Letter:
    """Give a letter that is due and good for an hour."""
    told = {
        "kind": "code",
        "channel": "mail",
        "to": ADDRESS,
        "language": "sv",
        "due_at": now(),
        "expires_at": now() + timedelta(hours=1),
        "fields": {"code": CODE},
        "about": "m1",
        **other,
    }
    return Letter(id=id_, **told)


async def write(store: Store[Box], key: str, *letters: Letter) -> None:
    """Write letters with a change of the state."""

    def rule(box: Box, _facts: Facts) -> Decision[Box]:
        return Decision(Box(written=box.written + len(letters)), letters=letters)

    named = "-".join(one.id for one in letters)
    await store.change(key, rule, command=Command(f"write-{named}", "d", Actor("user", key)))


class PaperSealer:
    """Seal for a place of an account, so that a text does not show and does not open elsewhere."""

    async def seal(self, account: str, field: str, value: str) -> bytes:
        return base64.b64encode(json.dumps([account, field, value]).encode())

    async def open(self, account: str, field: str, sealed: bytes) -> str:
        *place, value = json.loads(base64.b64decode(sealed))
        if place != [account, field]:
            raise SealError("sealed for another place")
        return str(value)


class Hand:
    """A carrier that raises what it is told to, in turn, and then takes everything; `...` makes it hang."""

    def __init__(self, *turns: Any, always: Any = None) -> None:
        self.taken: list[Any] = []
        self.asked = 0
        self._turns, self._always = list(turns), always

    async def carry(self, message: Any) -> None:
        self.asked += 1
        turn = self._turns.pop(0) if self._turns else self._always
        if turn is ...:
            await asyncio.Event().wait()
        if turn is not None:
            raise turn
        await asyncio.sleep(0)
        self.taken.append(message)


async def compose(opened: Letter, _box: Any) -> Any:
    """Write out what a letter says."""
    said = f"Your code is {opened.fields['code']}"
    if opened.channel == "mail":
        return Mail(to=opened.to, subject="Your code", text=said, html=f"<p>{said}</p>", id=opened.id)
    return Text(to=opened.to, text=said, language=opened.language, id=opened.id)


class PostOffice:
    """A shelf with its store and its sender."""

    def __init__(
        self,
        shelf: Any,
        carriers: Mapping[Any, Any],
        *,
        sealer: Any = None,
        lease: timedelta = LEASE,
        write_out: Any = compose,
    ) -> None:
        self.shelf = shelf
        self.registry = CollectorRegistry()
        self.store = Store(shelf, Box, source="/test", empty=Box, sealer=sealer or PaperSealer())  # type: ignore[arg-type]  # alike by its calls
        self.sender = Sender(
            shelf,
            self.store,
            carriers=carriers,
            compose=write_out,
            settlement=SETTLEMENT,
            gauges=Gauges(self.registry),
            lease=lease,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Send until the block ends."""
        task = asyncio.create_task(self.sender.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def waiting(self, key: str = "alice") -> list[Waiting]:
        letters: list[Waiting] = await self.shelf.letters(key)
        return letters

    async def empty(self, key: str = "alice") -> bool:
        return not await self.waiting(key)

    async def news(self, key: str = "alice") -> list[tuple[str, str | None]]:
        """Give what became of the letters, with the reason where they were given up."""
        told = [entry["event"]["data"] for entry in await self.shelf.outbox(key)]
        return [(data["letter"], data.get("reason")) for data in told]

    def metric(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0
