"""A mail server that is away for ten minutes: news does not wait, codes expire, notices come afterwards, once."""

import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts import security_info as contract
from tests.faults.conftest import spawning
from tests.faults.listening import timing
from tests.faults.people import Holder
from tests.faults.receiving import MailServer, Outage, mail_server
from tests.spawning import Spawned, until

AWAY = 600.0
ROUNDS = 8
"""Things to tell while it is away, each apart from the others: as many notices wait as may, nearly."""
CODE_IS_GOOD = 300.0
GATHER, LONGEST_PAUSE = 30.0, 300.0
OUTAGES: tuple[Outage, ...] = ("refuses", "hangs", "says 451")


class Story:
    """One person, one process and one mail server, in a hurry or not."""

    def __init__(self, who: Holder, process: Spawned, mail: MailServer, heard: list[Any], *, hurry: float) -> None:
        self.who, self.process, self.mail, self.heard, self.hurry = who, process, mail, heard, hurry
        self.address = f"old.{who.account}@home.example"

    def of(self, kind: type[Any], /, **data: Any) -> list[float]:
        """Give when news came that says so."""
        return [
            at
            for at, event in tuple(self.heard)
            if event.get("account") == self.who.account
            and event["type"] == kind.wire
            and data.items() <= event["data"].items()
        ]

    async def hears(self, kind: type[Any], /, *, seconds: float = 20, **data: Any) -> float:
        """Wait for news that says so and give when it came."""

        async def came() -> list[float]:
            return self.of(kind, **data)

        return float((await until(came, seconds=seconds, what=f"{kind.__name__} {data}"))[0])

    async def round(self, name: str) -> list[float]:
        """Add and remove an app; give after how many seconds a subscriber knew of each."""
        setup = await self.who.started(self.process, name)
        begun = time.monotonic()
        assert (await self.who.confirm(setup)(self.process)).ok
        added = await self.hears(contract.MethodAdded, method_id=setup.method_id) - begun
        begun = time.monotonic()
        assert (await self.who.remove(setup.method_id)(self.process)).ok
        return [added, await self.hears(contract.MethodRemoved, method_id=setup.method_id) - begun]

    async def reachable(self) -> str:
        """Have an e-mail address as a method."""
        setup = (await self.who.add_address(self.address)(self.process)).read(contract.CodeSetup)
        code = await self.mail.code(self.address)
        assert (await self.who.type_code(setup.method_id, code)(self.process)).ok
        return setup.method_id

    def notices(self) -> Counter[str]:
        """Give how often each notice came."""
        return Counter({id_: len(texts) for id_, texts in self.mail.to(self.address, codes=False).items()})


async def told(story: Story, outage: Outage, accounts: Any) -> str:
    """Let the mail server go away and come back; give the figures of it."""
    hurry, who, process, mail = story.hurry, story.who, story.process, story.mail
    method_id = await story.reachable()
    well = [latency for n in range(3) for latency in await story.round(f"Well {n}")]

    async def none_waits() -> bool:
        return not (await accounts.find_one({"_id": who.account}))["letters"]

    await until(none_waits, seconds=GATHER / hurry + 15, what="every notice of when all was well")
    before = set(story.notices())
    assert before
    await mail.leave(outage)
    begun, new = time.monotonic(), f"new.{who.account}@home.example"
    assert (await who.change_address(method_id, new)(process)).ok
    meanwhile = []
    for number in range(ROUNDS):
        meanwhile += await story.round(f"Away {number}")
        await asyncio.sleep(max(0, begun + (number + 1) * AWAY / ROUNDS / hurry - time.monotonic()))
    abandoned = await story.hears(contract.LetterAbandoned, kind="code", channel="mail", reason="expired") - begun
    kept = (await accounts.find_one({"_id": who.account}))["letters"]
    assert {letter["kind"] for letter in kept} == {"notice"}
    assert set(story.notices()) == before, "nothing came while it was away"
    assert ROUNDS <= len(kept) <= ROUNDS + 2
    tries = max(letter["attempts"] for letter in kept)
    await mail.come()
    back = time.monotonic()
    assert not mail.to(new, codes=True)
    assert (await who.send_again(method_id)(process)).ok
    assert (await who.type_code(method_id, await mail.code(new))(process)).ok

    await until(none_waits, seconds=LONGEST_PAUSE / hurry + 15, what="every notice")
    after = time.monotonic() - back
    came = {id_: times for id_, times in story.notices().items() if id_ not in before}
    late = {id_.strip("<>").partition("@")[0] for id_ in came}
    assert {letter["id"] for letter in kept} <= late
    assert len(late) == len(kept) + 1, "and the one that tells of the change"
    assert set(came.values()) == {1}
    texts = "\n".join(text for (text,) in mail.to(story.address, codes=False).values())
    assert all(f"Away {number}" in text_of(texts) for number in range(ROUNDS))
    assert len(mail.to(new, codes=True)) == 1, "the code that expired never comes"
    assert CODE_IS_GOOD / hurry - 0.5 <= abandoned <= CODE_IS_GOOD / hurry + 5
    assert 5 <= tries <= 8, "as many attempts as in ten minutes"
    assert statistics.median(meanwhile) <= 3 * statistics.median(well) + 0.1
    assert max(meanwhile) < 3
    return (
        f"{outage}: code given up after {abandoned:.1f} s; {len(came)} notices, each once, {after:.1f} s after it was "
        f"back, the oldest after {tries} attempts; news at a subscriber after {1000 * statistics.median(well):.0f} ms "
        f"(at most {1000 * max(well):.0f}) before, {1000 * statistics.median(meanwhile):.0f} ms "
        f"(at most {1000 * max(meanwhile):.0f}) meanwhile"
    )


def text_of(mails: str) -> str:
    """Give what mails say in one line: what is quoted may be broken over lines."""
    return " ".join(mails.split())


@pytest.mark.parametrize(
    "hurry", [40, pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(1200)])], ids=["hurried", "real"]
)
async def test_news_goes_on_codes_expire_and_notices_come_once_when_it_is_back(
    *, hurry: int, fault_plan, http, holder: Callable[[], Holder], mongo, database, subscriber_url
):
    """One process, database and mail server for each way to be away, side by side."""
    own = {"notice_delay_seconds": GATHER / hurry, "code_pause_seconds": 30 / hurry}

    async def one(outage: Outage, heard: list[Any]) -> str:
        name = f"{database}_{OUTAGES.index(outage)}"
        async with mail_server() as mail, spawning(fault_plan, http, name) as spawn:
            process = spawn("security-info", hurry=hurry, **own, **mail.settings)
            await process.start()
            story = Story(holder(), process, mail, heard, hurry=hurry)
            return await told(story, outage, mongo[f"{name}_security_info"]["accounts"])

    async with timing(subscriber_url) as heard, asyncio.TaskGroup() as group:
        figures = [group.create_task(one(outage, heard)) for outage in OUTAGES]
    sys.stdout.write("\n".join(one.result() for one in figures) + "\n")
