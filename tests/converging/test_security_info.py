"""Whatever is done to an account's security info, in whatever order, what must hold does."""

import uuid
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from security_info.methods import Reachable
from security_info.model import SecurityInfo
from shared.connecting import safe
from shared.contracts.problem import Problem
from shared.deciding import Actor, Command, Decision, Rule
from shared.facts import Facts
from shared.sealing import Sealer
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.converging.conftest import RealDatabase
from tests.converging.living import Life
from tests.converging.steadily import steadily

MASTER = {"local": {"key": bytes(range(96))}}
STEPS = 40


class InMind:
    """An account that is kept nowhere."""

    def __init__(self) -> None:
        self._info = SecurityInfo()

    def read(self) -> SecurityInfo:
        return self._info

    def change(self, rule: Rule[SecurityInfo], facts: Facts, _opens: Any) -> Decision[SecurityInfo]:
        decision = rule(self._info, facts)
        self._info = decision.state
        return decision


class Stored:
    """An account in the real store, sealed, with one clock and chance that the caller sets."""

    def __init__(self, real: RealDatabase, shelf: MongoShelf, sealer: Sealer) -> None:
        self._real = real
        self._name = f"alice{real.tag()}"
        self._facts = Facts()
        self._store = Store(
            shelf, SecurityInfo, source="/t", empty=SecurityInfo, sealer=sealer, draw=lambda: self._facts
        )

    def read(self) -> SecurityInfo:
        info: SecurityInfo = self._real.run(self._store.read(self._name))
        return info.changed(
            methods={id_: _comparable(method) for id_, method in info.methods.items()},
            challenges={
                id_: one.model_copy(update={"sent": one.sent and _without(one.sent, "code")})
                for id_, one in info.challenges.items()
            },
        )

    def change(self, rule: Rule[SecurityInfo], facts: Facts, opens: Any) -> Decision[SecurityInfo]:
        self._facts, decided = facts, list[Decision[SecurityInfo]]()

        def watched(info: SecurityInfo, facts: Facts) -> Decision[SecurityInfo]:
            decided.append(rule(info, facts))
            return decided[-1]

        command = Command(uuid.uuid4().hex, "", Actor("user", self._name))
        try:
            self._real.run(self._store.change(self._name, watched, command=command, opens=opens))
        except Problem as problem:
            if not decided or decided[-1].refusal is not problem:
                raise
        return decided[-1]


def _comparable(method: Any) -> Any:
    """Let two copies of one method be equal: what is sealed is compared elsewhere."""
    if isinstance(method, Reachable):
        change = method.change and method.change.model_copy(update={"target": _without(method.change.target, "value")})
        sent = method.sent and _without(method.sent, "code")
        return method.with_changes(target=_without(method.target, "value"), change=change, sent=sent)
    return method.with_changes(**{name: None for name in ("key", "codes", "answers") if hasattr(method, name)})


def _without(part: Any, name: str) -> Any:
    return part.model_copy(update={name: None})


@pytest.fixture(scope="module")
def shelf_and_sealer(real: RealDatabase) -> Any:
    async def made() -> tuple[MongoShelf, Sealer]:
        database = await real.connect()
        sealer = Sealer(database.client, vault=f"{database.name}.keys", kms=MASTER, master=None)
        await sealer.prepare()
        shelf = MongoShelf(safe(database, "accounts"))
        await shelf.prepare()
        return shelf, sealer

    shelf, sealer = real.run(made())
    yield shelf, sealer
    real.run(sealer.close())


def steps(examples: int) -> settings:
    """Give so many lives of so many steps, tried as steadily as everything here."""
    return settings(steadily(examples=examples), stateful_step_count=STEPS)


def test_the_rules_hold():
    run_state_machine_as_test(lambda: Life(InMind()), settings=steps(300))


def test_the_rules_hold_in_the_store(real: RealDatabase, shelf_and_sealer: Any):
    run_state_machine_as_test(lambda: Life(Stored(real, *shelf_and_sealer)), settings=steps(15))
