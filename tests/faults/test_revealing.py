"""A recovery key is shown: once in the history and once by letter for each command, whatever breaks; nowhere else."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from onebox.ports import free_port
from shared.contracts import devices as contract
from tests.component.looking import everything_in
from tests.faults.listening import emptied
from tests.faults.members import HOME
from tests.faults.portals import gateway_before, started
from tests.faults.receiving import mail_server
from tests.faults.revealing import Desk, Owner, lost, told
from tests.spawning import until

pytestmark = pytest.mark.timeout(240)
GATHER, LEASE = 2.0, 2.0
"""Seconds for which a notice waits for what follows, and for which a letter is one sender's."""
SHOWN = "You were shown a recovery key of the device “{}”"
DEVICE = "laptop-{}"


@pytest.fixture
def database(shared_database: str) -> str:
    return shared_database


@pytest.fixture(scope="module")
async def desk(*, shared_spawn, fault_plan, provider, mongo, shared_database) -> AsyncIterator[Desk]:
    urls = {name: str(fault_plan.broker_url(name)) for name in ("devices", "organizations", "privacy")}
    for name, url in urls.items():
        await emptied(url, name)

    def accounts(name: str) -> Any:
        return mongo[f"{shared_database}_{name}"]["accounts"]

    async with mail_server() as mail:
        letters = {"notice_delay_seconds": GATHER, "lease": LEASE, **mail.settings}
        processes = {
            "organizations": shared_spawn("organizations", port=free_port(), **letters),
            "devices": shared_spawn("devices", port=free_port()),
            "privacy": shared_spawn("privacy", port=free_port()),
        }
        processes["gateway"] = gateway_before(processes, fault_plan, provider, shared_spawn)
        await started(processes.values())
        yield Desk(processes, mail, accounts, urls)


def key_of(who: Owner, number: int = 1) -> str:
    """Give a recovery key that is nobody else's."""
    return "-".join(f"{int(who.account.removeprefix('person')):03}{number}{group:02}" for group in range(11, 19))


@pytest.fixture
async def owner(*, desk: Desk, signer, prover, http, listener, _unused_people) -> Owner:
    """Someone of whom there is nothing to tell any more, with two recovery keys of a laptop."""
    who = Owner(next(_unused_people), signer=signer, prover=prover, http=http)
    for wish in (who.organization(HOME), who.known()):
        assert (await wish.insisted(desk.processes["organizations"])).ok
    devices, device = desk.processes["devices"], device_of(who)
    await who.put_as_soon_as_known(devices, device, HOME)
    for number, key_id in enumerate(("one", "two"), 1):
        assert (await who.put_key(device, key_id, key_of(who, number))(devices)).ok
    await desk.quiet(who)
    return who


def device_of(who: Owner) -> str:
    return DEVICE.format(who.account)


def sentence(who: Owner) -> str:
    return SHOWN.format(device_of(who).title())


async def shown_again(who: Owner, desk: Desk, wish: Any, number: int = 1) -> None:
    """Ask twice more by the same command: the same key is shown, to be kept by nobody."""
    for _ in range(2):
        answer = await wish.insisted(desk.processes["devices"])
        assert answer.read(contract.RevealedKey).key == key_of(who, number)
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.fixture
def counted(desk: Desk, behind_devices, prover, provider, http):
    """Check what was told of a person's keys: so many events, entries of the history, and lines of letters."""

    async def count(who: Owner, number: int, *, letters: list[int]) -> None:
        events = await told(behind_devices, who)
        assert len(events) == number

        async def entered() -> bool:
            return len(await desk.history(who, prover, provider, http)) >= number

        await until(entered, what="the history")
        await desk.quiet(who)
        entries = await desk.history(who, prover, provider, http)
        assert sorted(entry["id"] for entry in entries) == sorted(event["id"] for event in events)
        assert {entry["facts"]["key_id"] for entry in entries} == {event["data"]["key_id"] for event in events}
        assert desk.lines(who, sentence(who)) == letters

    return count


ALONE, BOTH = 1, 2
"""How often a letter says it that tells one thing, and one that tells two."""
BLOWS = [
    ("devices", "after save"),
    ("organizations", "after a letter is sent"),
    *(
        pytest.param(*blow, marks=pytest.mark.long)
        for blow in (
            ("devices", "before publish"),
            ("devices", "before confirm"),
            ("devices", "before pull"),
            ("organizations", "during a reaction"),
            ("organizations", "after save"),
            ("organizations", "after a reaction"),
            ("organizations", "before a letter is sent"),
            ("privacy", "during a reaction"),
            ("privacy", "after a reaction"),
        )
    ),
]


@pytest.mark.parametrize(("name", "place"), BLOWS)
async def test_one_that_dies_over_it_shows_and_tells_it_once(desk: Desk, owner: Owner, counted, name: str, place: str):
    await desk.again(name, failpoint=place)
    wish = owner.reveal(device_of(owner))
    await lost(wish, desk.processes["devices"])
    await desk.died(name)
    await shown_again(owner, desk, wish)
    await counted(owner, 1, letters=[ALONE])


async def test_ten_answers_that_are_lost_are_one_key_shown(desk: Desk, owner: Owner, counted):
    wish = owner.reveal(device_of(owner))
    await asyncio.gather(*(lost(wish, desk.processes["devices"]) for _ in range(10)))
    await shown_again(owner, desk, wish)
    await counted(owner, 1, letters=[ALONE])


async def test_two_keys_are_two_entries_and_one_letter_that_tells_both(desk: Desk, owner: Owner, counted):
    device = device_of(owner)
    wishes = [owner.reveal(device, key_id) for key_id in ("one", "two")]
    for wish in wishes:
        await lost(wish, desk.processes["devices"])
    for number, wish in enumerate(wishes, 1):
        await shown_again(owner, desk, wish, number)
    await counted(owner, 2, letters=[BOTH])


async def test_one_key_by_two_commands_is_two_entries_and_two_letters(desk: Desk, owner: Owner, counted):
    for number in (1, 2):
        wish = owner.reveal(device_of(owner))
        await shown_again(owner, desk, wish)
        await counted(owner, number, letters=[ALONE] * number)


async def test_a_command_of_before_does_not_show_a_key_that_was_put_in_since(desk: Desk, owner: Owner, counted):
    devices, device, wish = desk.processes["devices"], device_of(owner), owner.reveal(device_of(owner))
    await shown_again(owner, desk, wish)
    assert (await owner.put_key(device, "one", key_of(owner, 3))(devices)).ok
    again = await wish(devices)
    assert not again.ok, "it would be shown, and nobody be told"
    assert key_of(owner, 3).encode() not in again.body
    await counted(owner, 1, letters=[ALONE])
    await shown_again(owner, desk, owner.reveal(device), 3)
    await counted(owner, 2, letters=[ALONE, ALONE])


async def test_the_key_is_nowhere_but_in_the_answer(
    *, desk: Desk, owner: Owner, counted, listener, http, mongo, database, prover, provider
):
    devices, device = desk.processes["devices"], device_of(owner)
    await shown_again(owner, desk, owner.reveal(device))
    await counted(owner, 1, letters=[ALONE])
    lists = [
        await owner.call(devices, contract.GET_DEVICES),
        await owner.call(devices, contract.GET_RECOVERY_KEYS, path={"device_id": device}),
        await owner.put(device, HOME)(devices),
        await owner.put_key(device, "one", key_of(owner))(devices),
    ]
    assert all(answer.ok for answer in lists)
    metrics = [await (await http.get(f"{process.url}/metrics")).read() for process in desk.processes.values()]
    said = {
        "the other answers": b"\n".join(answer.body for answer in lists),
        "the history": json.dumps(await desk.history(owner, prover, provider, http)).encode(),
        "the events": json.dumps(await listener.heard(owner.account)).encode(),
        "the letters": b"\n".join(desk.written()),
        "the logs": desk.logs().encode(),
        "the metrics": b"\n".join(metrics),
        "the databases": b"\n".join(
            [await everything_in(mongo, f"{database}_{name.replace('-', '_')}") for name in desk.processes]
        ),
    }
    device_is_in = {where for where, all_of_it in said.items() if owner.account.encode() in all_of_it}
    assert device_is_in >= {"the other answers", "the history", "the events", "the letters", "the databases"}
    assert b'"ready"' in said["the logs"]
    parts = (key_of(owner), key_of(owner).replace("-", ""))
    assert {where for where, all_of_it in said.items() if any(part.encode() in all_of_it for part in parts)} == set()
