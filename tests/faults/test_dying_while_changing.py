"""security-info ends as by `kill -9` at each place where it matters, and nothing is lost or done twice."""

import asyncio

from shared.contracts import security_info as contract
from shared.contracts.problem import Unavailable
from tests.faults.checking import Behind, history_of, what
from tests.faults.conftest import spawning
from tests.faults.people import Holder, Wish
from tests.spawning import Spawned


async def repeated(wish: Wish, process: Spawned):
    """Send a command; where the process dies over it, start it again and send the same command again."""
    try:
        answer = await wish(process)
    except Unavailable:
        assert await process.ended() < 0
        assert process.died_by_sigkill
        await process.start()
        answer = await wish(process)
    assert answer.ok, answer.body
    return answer


async def changed(who: Holder, process: Spawned, setup: contract.AuthenticatorAppSetup) -> list[str]:
    """Give commands in a row until the process has died over one; give the names that were acknowledged."""
    first, launched, names = setup.method_id, process.launches, []
    await repeated(who.confirm(setup), process)
    async with asyncio.timeout(20):
        while process.launches == launched:
            names.append(f"Name {len(names)}")
            await repeated(who.rename(first, names[-1]), process)
    second = (await repeated(who.add("Second"), process)).read(contract.AuthenticatorAppSetup)
    await repeated(who.confirm(second), process)
    await repeated(who.remove(first), process)
    assert process.launches == launched + 1
    return names


PLACES = ("after save", "before publish", "before confirm", "before pull")


async def test_what_was_acknowledged_is_there_and_happened_once(
    *, fault_plan, http, spawn, holder, mongo, database, listener, subscriber_url
):
    """One process and database for each place where it dies, side by side; the history of all is kept by one."""
    readers = spawn("privacy")
    await readers.launch()

    async def one(place: str, own: str) -> None:
        behind = Behind(mongo[f"{own}_security_info"]["accounts"], listener, subscriber_url)
        async with spawning(fault_plan, http, own) as spawn_own:
            await lived_through_it(place, holder(), spawn_own("security-info"), behind, readers)

    async with asyncio.TaskGroup() as group:
        for number, place in enumerate(PLACES):
            group.create_task(one(place, f"{database}_{number}"))


async def lived_through_it(place: str, who: Holder, process: Spawned, behind: Behind, readers: Spawned) -> None:
    if place == "after save":  # the start of a setup is saved too, and should not be where it dies
        await process.start()
        setup = await who.started(process)
        await process.kill9()
        await process.start(failpoint=place)
    else:
        await process.start(failpoint=place)
        setup = await who.started(process)
    names = await changed(who, process, setup)
    assert await who.names(process) == ["Second"]
    news = await behind.news(who)
    assert what(news) == [
        ("method.added.v1", "Phone"),
        ("default-method.changed.v1", "Phone"),
        *(("method.renamed.v1", name) for name in names),
        ("method.added.v1", "Second"),
        ("method.removed.v1", ["Phone", *names][-1]),
        ("default-method.changed.v1", "Second"),
    ]
    await readers.until_ready()
    await history_of(who, readers, news)
