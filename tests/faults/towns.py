"""A town of people and services, blow after blow, and what must be so when all has settled."""

from collections import Counter
from typing import Any

from onebox.ports import HOST
from onebox.rabbitmq import RabbitMQ
from shared.contracts.problem import Unavailable
from shared.facts import now
from tests.conftest import Caller
from tests.faults.checking import Behind
from tests.faults.coming_to import (
    Outcome,
    as_believed,
    copies,
    devices_of_all,
    devices_of_one,
    differing,
    outcome_of,
    switched,
)
from tests.faults.comings_and_goings import Client, Person, Place
from tests.faults.listening import waiting_in
from tests.faults.outages import away
from tests.spawning import Spawned, until

NAMES = ("organizations", "devices", "security-info", "gateway")
BETWEEN = 25
"""Commands that are answered between two blows."""
DYING, SETTLED = 5.0, 40.0


class Town:
    """The processes, the people and their clients."""

    def __init__(self, processes: dict[str, Spawned], people: list[Person], clients: list[Client], mongo: Any) -> None:
        self.processes, self.people, self.clients, self.accounts = processes, people, clients, mongo
        self.api: dict[str, Caller] = {}

    def place(self, name: str) -> Place:
        return Place(name, f"http://{HOST}:{self.processes[name].settings['port']}")

    async def answered(self, number: int = BETWEEN) -> None:
        """Wait until so many more commands are answered."""
        before = self.given

        async def so() -> bool:
            return self.given >= before + number

        await until(so, seconds=60, what=f"the answers to {number} commands")

    @property
    def given(self) -> int:
        return sum(client.given for client in self.clients)

    async def strike(self, name: str, place: str) -> None:
        """Kill a process, let it die again where it matters, and start it."""
        await self.answered()
        process = self.processes[name]
        await process.kill9()
        await process.launch(failpoint=place)
        try:
            await process.ended(seconds=DYING)
        except TimeoutError:
            await process.kill9()  # nothing led it there
        await process.start()

    async def strike_twice(self, name: str, broker: RabbitMQ) -> None:
        """Kill a process while the broker is away."""
        await self.answered()
        async with away(broker, RabbitMQ.pause):
            await self.answered()
            await self.processes[name].launch()  # which kills the one before
            await self.answered()
        for process in self.processes.values():
            await process.until_ready()


async def wrong_about(town: Town, who: Person, outcome: Outcome) -> list[str]:
    """Tell what is not as it should be, wherever something is known of a person."""
    kept = {name: await town.accounts(name).find_one({"_id": who.account}) or {} for name in NAMES}
    belongs = {name for name, one in outcome.memberships.items() if one.status == "member"}
    ended = {name: one.ids[-1] for name, one in outcome.memberships.items() if one.status == "ended"}
    own, devices, info, standing = (kept[name] for name in NAMES)
    wrong = differing("what organizations shows", await who.memberships(town.place("organizations")), belongs)
    found = {name: one["membership"]["id"] for name, one in own.get("ended", {}).items()}
    wrong += differing("what can be restored", found, ended)
    found = {id_: (one["member"], one["id"], one["sequence"]) for id_, one in devices.get("memberships", {}).items()}
    wrong += differing("the copy of devices", found, copies(outcome, "devices"))
    found = {id_: (one["member"], one["home"], one["sequence"]) for id_, one in info.get("memberships", {}).items()}
    wrong += differing("the copy of security-info", found, copies(outcome, "security-info"))
    known = info.get("standing", {"disabled": False, "sequence": ""})
    told = (outcome.disabled, outcome.standing)
    wrong += differing("the standing at security-info", (known["disabled"], known["sequence"]), told)
    known = {"disabled": False, "told": "", **standing}
    wrong += differing("the standing at the gateway", (known["disabled"], known["told"]), told)
    status, _ = await town.api[who.account]("GET", "/devices")
    return wrong + differing("what the gateway answers", status, 403 if outcome.disabled else 200)


async def wrong_devices(town: Town, who: Person, outcome: Outcome) -> list[str]:
    """Tell which devices are not as they should be."""
    kept = (await town.accounts("devices").find_one({"_id": who.account})).get("devices", {})
    connected = {id_ for id_, one in kept.items() if not one["disconnected_at"]}
    wrong = differing("what devices shows", await who.devices(town.place("devices")), connected)
    if not who.one:
        return wrong + devices_of_all(who, outcome, kept)
    wrong += differing("what is kept", (connected, kept.keys() - connected), devices_of_one(who))
    disabled = {id_: bool(one["disabled_at"]) for id_, one in kept.items()}
    believed = {id_: value for one in who.beliefs.values() for id_, value in one.devices.items() if id_ in kept}
    known = {id_: value for id_, value in believed.items() if value is not None}
    return wrong + differing("what is disabled", {id_: disabled[id_] for id_ in known}, known)


async def settled(town: Town, queues: dict[str, str], behind: dict[str, Behind]) -> Counter[tuple[str, str]]:
    """Check everyone, as soon as nothing waits any more; give how often what was told of memberships."""
    told = Counter[tuple[str, str]]()

    async def nothing_waits() -> bool:
        waiting = [await waiting_in(url, name) for name, url in queues.items()]
        due = await town.accounts("organizations").find_one({"purge_at": {"$lt": now()}})
        return not (any(waiting) or due)

    for process in town.processes.values():
        await process.until_ready()
    await until(nothing_waits, seconds=SETTLED, what="the end of all that waits")
    for who in town.people:
        outcome = outcome_of(await behind["organizations"].news(who, seconds=SETTLED), who.taken)
        refuted = as_believed(who, outcome) if who.one else []
        assert not refuted, refuted
        told.update((what, how) for one in outcome.memberships.values() for what, how, _number in one.news)
        wrong: list[str] = []

        async def right(who: Person = who, outcome: Outcome = outcome, wrong: list[str] = wrong) -> bool:
            try:
                wrong[:] = await wrong_about(town, who, outcome) + await wrong_devices(town, who, outcome)
            except (Unavailable, KeyError) as error:
                wrong[:] = [repr(error)]
            return not wrong

        try:
            await until(right, seconds=SETTLED)
        except AssertionError:
            raise AssertionError("\n".join((who.account, *wrong))) from None
        connected, disabled = switched(await behind["devices"].news(who, seconds=SETTLED))
        kept = (await town.accounts("devices").find_one({"_id": who.account})).get("devices", {})
        assert connected == {id_ for id_, one in kept.items() if not one["disconnected_at"]}
        assert {id_: bool(one["disabled_at"]) for id_, one in kept.items()} == {
            id_: disabled.get(id_, False) for id_ in kept
        }
    return told
