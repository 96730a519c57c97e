"""A rule on its way to the accounts whose home made it, on a database of its own."""

import asyncio
from functools import partial

import pytest
from prometheus_client import CollectorRegistry

from privacy import registering
from privacy.account import Account, Home
from privacy.preferences import preferring, spreading
from privacy.preferences.spreading import Spreading
from privacy.register import Register
from shared.connecting import StoreUnavailable, safe
from shared.contracts.privacy import PreferencesChanged, PutPreferences, PutPrivacyRules
from shared.deciding import Decision
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.composing import command
from tests.waiting import until

PEOPLE = [f"person{number:03}" for number in range(230)]
ELSEWHERE = [f"elsewhere{number}" for number in range(5)]


class Town:
    """Accounts and registers in a real database, and as many processes that spread rules as a test wants."""

    def __init__(self, database):
        self.accounts, self.registers = safe(database, "accounts"), safe(database, "registers")

    def replica(self):
        """Make what a process has."""
        registry = CollectorRegistry()
        collections = self.registers, self.accounts
        made = Spreading(self._accounts(), self._registers(), of=collections, registry=registry)
        return made, registry

    def _accounts(self):
        return Store(MongoShelf(self.accounts), Account, source="/privacy", empty=Account)

    def _registers(self):
        shelf = MongoShelf(self.registers)
        return Store(shelf, Register, source="/privacy", empty=Register, account_of=lambda _key, _state: None)

    async def settled(self):
        """Let people live at home, most of them in Contoso, and choose English."""
        store = self._accounts()
        for name in (*PEOPLE, *ELSEWHERE):
            home = Home(organization_id="fabrikam" if name in ELSEWHERE else "contoso", sequence="0000000001")
            await store.change(
                name, lambda _account, _facts, home=home: Decision(Account(home=home)), command=command(f"{name}-home")
            )
            rule = partial(preferring.choose, wish=PutPreferences(language="en"))
            await store.change(name, rule, command=command(f"{name}-choice"))

    async def rules(self, name, **wish):
        rule = partial(registering.put_rules, wish=PutPrivacyRules(**wish))
        await self._registers().change("contoso", rule, command=command(name))

    async def to_spread(self):
        return await self.registers.count_documents({"to_spread": True})

    async def languages(self, people):
        """Give in which languages people read, by their accounts."""
        states = await self._accounts().read_many(people)
        return {name: preferring.holding(state).language for name, state in states.items()}

    async def told(self, name):
        """Give what is told of a person: which language held, one after the other."""
        outbox = [entry["event"] for entry in await MongoShelf(self.accounts).outbox(name)]
        return [one["data"]["language"] for one in outbox if one["type"] == PreferencesChanged.wire]

    async def all_read(self, language):
        return await self.languages(PEOPLE) == dict.fromkeys(PEOPLE, language)


@pytest.fixture
async def town(own_database):
    made = Town(own_database)
    await made.replica()[0].prepare()
    await made.settled()
    return made


async def test_a_rule_reaches_every_account_whose_home_made_it_and_no_other(town, monkeypatch):
    monkeypatch.setattr(spreading, "_PAGE", 50)
    one, registry = town.replica()
    await town.rules("lock", language="sv")
    await one.sweep()
    assert await town.all_read("sv")
    assert await town.languages(ELSEWHERE) == dict.fromkeys(ELSEWHERE, "en")
    assert await town.to_spread() == 0
    assert registry.get_sample_value("accounts_left_by_rules") == 0
    await town.rules("unlock")
    await one.sweep()
    assert await town.all_read("en")
    for name in PEOPLE:
        assert await town.told(name) == ["en", "sv", "en"]
    for name in ELSEWHERE:
        assert await town.told(name) == ["en"]


async def test_spreading_again_writes_nothing(town):
    one, _ = town.replica()
    await town.rules("lock", language="sv")
    await one.sweep()
    versions = [document["version"] async for document in town.accounts.find().sort("_id")]
    await town.registers.update_one({"_id": "contoso"}, {"$set": {"to_spread": True}})
    await one.sweep()
    assert [document["version"] async for document in town.accounts.find().sort("_id")] == versions
    assert await town.to_spread() == 0


async def test_two_processes_at_once_tell_each_person_once(town):
    one, two = (town.replica()[0] for _ in range(2))
    await town.rules("lock", language="sv")
    await asyncio.gather(one.sweep(), two.sweep())
    assert await town.all_read("sv")
    assert [await town.told(name) for name in PEOPLE] == [["en", "sv"]] * len(PEOPLE)


async def test_who_goes_on_after_an_interruption_leaves_out_who_knows(town, monkeypatch):
    monkeypatch.setattr(spreading, "_PAGE", 40)
    first, _ = town.replica()
    await town.rules("lock", language="sv")
    real, reached = first._accounts.change, []

    async def dying(account, rule, **given):
        if len(reached) >= 100:
            raise StoreUnavailable
        reached.append(account)
        return await real(account, rule, **given)

    monkeypatch.setattr(first._accounts, "change", dying)
    with pytest.raises(StoreUnavailable):
        await first.sweep()
    assert await town.to_spread() == 1
    second, _ = town.replica()
    real_second, left = second._accounts.change, []

    async def noted(account, rule, **given):
        left.append(account)
        return await real_second(account, rule, **given)

    monkeypatch.setattr(second._accounts, "change", noted)
    await second.sweep()
    assert sorted(left) == sorted(set(PEOPLE) - set(reached))
    assert await town.all_read("sv")


async def test_an_account_that_fails_holds_no_other_up_and_is_tried_again(town, monkeypatch):
    one, registry = town.replica()
    await town.rules("lock", language="sv")
    real = one._accounts.change
    broken = {PEOPLE[0], PEOPLE[-1]}

    async def failing(account, rule, **given):
        if account in broken:
            raise ValueError("a document that nobody can read")
        return await real(account, rule, **given)

    monkeypatch.setattr(one._accounts, "change", failing)
    await one.sweep()
    assert {name for name, language in (await town.languages(PEOPLE)).items() if language == "en"} == broken
    assert (await town.to_spread(), registry.get_sample_value("accounts_left_by_rules")) == (1, 2)
    monkeypatch.undo()
    await one.sweep()
    assert await town.all_read("sv")
    assert (await town.to_spread(), registry.get_sample_value("accounts_left_by_rules")) == (0, 0)


async def test_a_rule_that_changes_meanwhile_is_spread_in_the_end_whoever_is_late(town, monkeypatch):
    late, _ = town.replica()
    await town.rules("lock", language="sv")
    old = await late.lock_of("contoso")
    await town.rules("unlock")
    soon, _ = town.replica()
    await soon.sweep()

    async def known_of_old(_organization_id):
        return old

    monkeypatch.setattr(late, "lock_of", known_of_old)
    await late._spread("contoso")
    assert await town.all_read("en"), "an older rule that comes late holds nowhere"
    assert await town.to_spread() == 0


async def test_who_moves_in_while_a_rule_changes_is_under_it(town):
    one, _ = town.replica()
    store = town._accounts()
    mover = ELSEWHERE[0]
    before = await one.lock_of("contoso")
    await town.rules("lock", language="sv")
    await one.sweep()

    def moves(account, _facts):
        home = Home(organization_id="contoso", sequence="0000000002")
        return Decision(account.model_copy(update={"home": home}))

    rule = partial(preferring.at_home, rule=moves, lock=before)
    await store.change(mover, rule, command=command("moves"))
    assert (await town.languages([mover]))[mover] == "en", "what was read of the rule was old by then"
    await one.settle(mover)
    await one.settle(mover)
    assert (await town.languages([mover]))[mover] == "sv"
    assert await town.told(mover) == ["en", "sv"]


async def test_a_rule_that_was_changed_here_is_spread_at_once(town):
    one, _ = town.replica()
    running = asyncio.create_task(one.run())
    try:
        await town.rules("lock", language="sv")
        one.nudge()
        await until(partial(town.all_read, "sv"))
    finally:
        running.cancel()
