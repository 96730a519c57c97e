"""security-info ends over its letters, by `kill -9` or in order: none is lost, none comes more than twice."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.contracts import security_info as contract
from shared.contracts.problem import Unavailable
from tests.faults.checking import Behind
from tests.faults.conftest import spawning
from tests.faults.people import Holder, Wish
from tests.faults.receiving import MailServer, Operator, mail_server, operator
from tests.spawning import Spawned, until

NUMBER = "+46701740605"
USUAL_LEASE, SHORT_LEASE = 45.0, 2.0
"""Seconds after which what the dead one had in its hands is taken up."""
DRAIN = 4.0


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with mail_server() as made:
        yield made


async def dies_over(wish: Wish, process: Spawned) -> bool:
    """Send a command over which, or over whose letters, the process dies; tell whether it was answered."""
    try:
        answered = (await wish(process)).ok
    except Unavailable:
        answered = False
    assert await process.ended() < 0
    assert process.died_by_sigkill
    return answered


async def settled(accounts, who: Holder) -> None:
    """Wait until no letter and no news of the account waits."""

    async def nothing_waits() -> bool:
        document = await accounts.find_one({"_id": who.account})
        return not (document["letters"] or document["outbox"])

    await until(nothing_waits, seconds=USUAL_LEASE + 20, what="the end of every letter")


PLACES = ("before a letter is sent", "after a letter is sent", "after save")


@pytest.mark.parametrize(
    "lease",
    [SHORT_LEASE, pytest.param(USUAL_LEASE, marks=[pytest.mark.long, pytest.mark.timeout(300)])],
    ids=["short lease", "usual lease"],
)
async def test_codes_and_notices_come_once_or_twice_and_are_the_same(
    *, lease: float, fault_plan, http, holder, mongo, database, listener, subscriber_url
):
    """One process, database, mail server and operator for each place where it dies, side by side."""

    async def one(place: str, own: str) -> None:
        accounts = mongo[f"{own}_security_info"]["accounts"]
        behind = Behind(accounts, listener, subscriber_url)
        async with mail_server() as mail, operator() as taking, spawning(fault_plan, http, own) as spawn:
            told = {"notice_delay_seconds": 0.5, "code_pause_seconds": 0, **mail.settings, **taking.settings}
            process = spawn("security-info", lease=lease, **told)
            await letters_of_one_that_dies(
                place, holder(), process, mail=mail, taking=taking, accounts=accounts, behind=behind
            )

    async with asyncio.TaskGroup() as group:
        for number, place in enumerate(PLACES):
            group.create_task(one(place, f"{database}_{number}"))


async def letters_of_one_that_dies(
    place: str, who: Holder, process: Spawned, *, mail: MailServer, taking: Operator, accounts: Any, behind: Behind
) -> None:
    """Let it die over a code, and over a notice; nothing is lost, and only what it had just sent comes again."""
    twice = place == "after a letter is sent"
    await process.start(failpoint=place)
    adding = who.add_phone(NUMBER)
    answered = await dies_over(adding, process)
    assert answered or place == "after save"
    assert len(taking.taken) == twice
    await process.start()
    phone = (await adding(process)).read(contract.CodeSetup)
    code = await taking.code(NUMBER, seconds=USUAL_LEASE + 20)
    await settled(accounts, who)
    assert len(taking.times) == 1
    assert max(taking.times.values()) == 1 + twice
    assert len({told["text"] for told in taking.taken}) == 1
    assert (await who.type_code(phone.method_id, code)(process)).ok

    address = f"{who.account}@home.example"
    setup = (await who.add_address(address)(process)).read(contract.CodeSetup)
    assert (await who.type_code(setup.method_id, await mail.code(address))(process)).ok
    app = await who.started(process)
    await settled(accounts, who)
    before = set(taking.times)
    await process.kill9()
    await process.start(failpoint=place)
    confirming = who.confirm(app)
    await dies_over(confirming, process)
    await process.start()
    assert (await confirming(process)).ok
    await settled(accounts, who)
    by_text = [times for id_, times in taking.times.items() if id_ not in before]
    by_mail = [len(texts) for texts in mail.to(address, codes=False).values()]
    assert len(by_text) == len(by_mail) == 1, "the app was added, and each place is told once, whatever happened"
    assert max(by_text + by_mail) == 1 + twice
    told = [event["type"].split(".", 2)[2] for event in await behind.news(who)]
    assert told.count("code.sent.v1") == 2
    assert told.count("notice.sent.v1") == 3, "and the phone was told of the address"


async def test_a_stop_while_the_mail_server_hangs_is_in_time_and_loses_no_letter(
    *, spawn, holder, mail: MailServer, mongo, database
):
    who, accounts = holder(), mongo[f"{database}_security_info"]["accounts"]
    process = spawn(
        "security-info",
        lease=SHORT_LEASE,
        drain_seconds=DRAIN,
        notice_delay_seconds=0.5,
        code_pause_seconds=0,
        **mail.settings,
    )
    await process.start()
    address, other = (f"{place}.{who.account}@home.example" for place in ("old", "new"))
    setup = (await who.add_address(address)(process)).read(contract.CodeSetup)
    assert (await who.type_code(setup.method_id, await mail.code(address))(process)).ok
    await settled(accounts, who)
    await mail.leave("hangs")
    mail.box.asked.clear()
    assert await who.registered(process)
    assert (await who.change_address(setup.method_id, other)(process)).ok

    async def both_hang() -> bool:
        return mail.box.asked.count("MAIL") >= 2

    await until(both_hang, what="the code and the notice at the mail server")
    begun = time.monotonic()
    assert await process.terminate() == 0
    assert time.monotonic() - begun < DRAIN + 1
    assert "letters are left for the next start" in process.text
    assert '"level": "error"' not in process.text
    assert not mail.to(other, codes=True)
    await mail.come()
    await process.start()
    assert (await who.type_code(setup.method_id, await mail.code(other))(process)).ok
    await settled(accounts, who)
    assert [len(texts) for texts in mail.to(address, codes=False).values()] == [1, 1], "the app, and then the change"
    assert [len(texts) for texts in mail.to(other, codes=True).values()] == [1]
