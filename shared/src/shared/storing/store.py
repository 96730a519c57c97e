"""Load, decide, save: the one way to change state."""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar
from weakref import WeakValueDictionary

from opentelemetry.propagate import inject
from pydantic import BaseModel

from shared.connecting import StoreUnavailable
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.contracts.problem import ChangedMeanwhile, CommandReused, Remembered, TooManyChanges, Unavailable
from shared.deciding import Command, Decision, Rule
from shared.facts import Facts
from shared.failpoints import failpoint
from shared.letters import Letter, Waiting
from shared.sealing import Sealer, secrets_of
from shared.storing.letters import filed, opened
from shared.storing.shelf import Filed, LettersFull, OutboxFull, Shelf

PATIENCE = 2.0
"""Seconds after which a change that keeps losing against others is given up; a try under way gets one more."""
COMMAND_MEMORY = timedelta(hours=24)
BRIEF_MEMORY = timedelta(seconds=30)
"""For commands that nobody but we ourselves can send again: longer than any try of ours takes."""
MOST_COMMANDS = 500
"""Commands that one document remembers, so that it stays small; of more in a day the oldest are forgotten.

Refusing them instead would let whoever has one session of an account keep its owner from acting.
"""

State = TypeVar("State", bound=BaseModel | None)
Opens: TypeAlias = Iterable[str] | Callable[[State], Iterable[str]]
"""Where the secrets lie that a rule needs, or what tells it by the state."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[State]):
    """What a command came to: the state it left and the answer its rule gave."""

    state: State
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Wish(Generic[State]):
    """A change on its way: the same facts for every try."""

    key: str
    rule: Rule[State]
    command: Command
    facts: Facts
    opens: Callable[[State], Iterable[str]]


class Store(Generic[State]):
    """Keep aggregates of one kind, announce their changes, and carry each command out once."""

    def __init__(
        self,
        shelf: Shelf,
        kind: type[BaseModel],
        *,
        source: str,
        empty: Callable[[], State],
        sealer: Sealer | None = None,
        account_of: Callable[[str, State], str | None] = lambda key, _state: key,
        draw: Callable[[], Facts] = Facts,
    ) -> None:
        """Keep *kind* on *shelf*; *empty* is the state of a key that has no document yet."""
        self._shelf = shelf
        self._kind = kind
        self._source = source
        self._empty = empty
        self._sealer = sealer
        self._account_of = account_of
        self._draw = draw
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.on_saved: Callable[[str], None] = lambda _key: None
        self.on_written: Callable[[str], None] = lambda _key: None

    async def read(self, key: str, *, opens: Iterable[str] = (), without: Sequence[str] = ()) -> State:
        """Give the state, with the secrets at the places *opens* opened; one document is read.

        Fields *without* are not read, and stand in the state as in an empty one.
        """
        try:
            state = self._state(await self._shelf.load(key, commands=False, without=without))
            await self._open(key, state, opens)
        except StoreUnavailable as error:
            raise Unavailable from error
        return state

    async def read_many(self, keys: Sequence[str], *, without: Sequence[str] = ()) -> dict[str, State]:
        """Give the states of those *keys* that have a document, in one read, with no secret opened; see `read`."""
        try:
            found = await self._shelf.load_many(keys, without=without) if keys else {}
        except StoreUnavailable as error:
            raise Unavailable from error
        return {key: self._state(document) for key, document in found.items()}

    async def change(
        self,
        key: str,
        rule: Rule[State],
        *,
        command: Command,
        opens: Opens[State] = (),
    ) -> Outcome[State]:
        """Carry *command* out by *rule*, once.

        *opens* names the places of the secrets that the rule needs, or tells them by the state. The rule runs again
        after a version conflict, with the same facts. Raises the rule's problem (saved
        first where the rule says so), `CommandReused` where the id stands for another request,
        `ChangedMeanwhile` or `Unavailable` when it could not be done in `PATIENCE` seconds.
        """
        wish = _Wish(key, rule, command, self._draw(), opens if callable(opens) else lambda _state: opens)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        turn = self._turns.setdefault(key, asyncio.Lock())
        try:
            async with asyncio.timeout_at(deadline):
                await turn.acquire()
        except TimeoutError as error:
            raise Unavailable from error
        try:
            return await self._until(deadline, wish)
        finally:
            turn.release()

    async def _until(self, deadline: float, wish: _Wish[State]) -> Outcome[State]:
        pause = 0.002
        while True:
            try:
                async with asyncio.timeout_at(deadline + 1):
                    if outcome := await self._once(wish):
                        return outcome
                lost: type[Exception] = ChangedMeanwhile
            except (OutboxFull, LettersFull) as error:
                raise TooManyChanges(retry_after=60) from error
            except (StoreUnavailable, TimeoutError):
                lost = Unavailable
            if asyncio.get_running_loop().time() + pause > deadline:
                raise lost
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # jitter is no secret
            pause = min(pause * 2, 0.2)

    async def _once(self, wish: _Wish[State]) -> Outcome[State] | None:
        """Try once; None after losing against another change."""
        key, command, facts = wish.key, wish.command, wish.facts
        document = await self._shelf.load(key, commands=True)
        state = self._state(document)
        commands = document.get("commands", {}) if document else {}
        if done := commands.get(command.id):
            self.on_saved(key)  # whoever saved it may have died before saying so
            return self._again(state, command, done)
        await self._open(key, state, wish.opens(state))
        before = _encoded(state)
        decision = wish.rule(state, facts)
        account = self._account_of(key, decision.state)
        await self._seal(account, decision.state)
        fields = {
            name: value
            for name, value in _encoded(decision.state).items()
            if name not in before or before[name] != value
        }
        if not (fields or decision.news or decision.letters or decision.settled):
            return self._told(decision)
        sequence = document.get("sequence", 0) if document else 0
        filed = Filed(
            fields={**fields, "sequence": sequence + len(decision.news)},
            command_id=command.id,
            command={
                "at": facts.now,
                "digest": command.digest,
                "answer": dict(decision.answer),
                "refusal": decision.refusal.document() if decision.refusal else None,
                **({"brief": True} if command.brief else {}),
            },
            forget=_outlived(commands, facts.now),
            news=self._news(wish, account, decision.news, sequence),
            letters=await self._letters(account, decision.letters),
            settled=decision.settled,
        )
        if not await self._shelf.save(key, document["version"] if document else 0, filed):
            return None
        failpoint("after save")
        if decision.news:
            self.on_saved(key)
        if decision.letters:
            self.on_written(key)
        return self._told(decision)

    def _state(self, document: Mapping[str, Any] | None) -> State:
        if document is None:
            return self._empty()
        return self._kind.model_validate(document)  # type: ignore[return-value]  # State is kind, or None where empty

    def _again(self, state: State, command: Command, done: Mapping[str, Any]) -> Outcome[State]:
        if done["digest"] != command.digest:
            raise CommandReused
        if done["refusal"]:
            raise Remembered(said=done["refusal"])
        return Outcome(state, done["answer"])

    @staticmethod
    def _told(decision: Decision[State]) -> Outcome[State]:
        if decision.refusal:
            raise decision.refusal
        return Outcome(decision.state, decision.answer)

    async def _open(self, key: str, state: State, opens: Iterable[str]) -> None:
        wanted = set(opens)
        if not wanted:
            return
        account = self._account_of(key, state)
        for place, secret in secrets_of(state):
            if place in wanted and secret.sealed and self._sealer and account is not None:
                secret.open_with(await self._sealer.open(account, place, secret.sealed))

    async def _seal(self, account: str | None, state: State) -> None:
        for place, secret in secrets_of(state):
            if secret.sealed is None and self._sealer:
                if account is None:
                    raise TypeError("a secret is sealed with its account's key")
                secret.seal_with(await self._sealer.seal(account, place, secret.value))

    async def _letters(self, account: str | None, letters: Sequence[Letter]) -> list[dict[str, Any]]:
        """Seal letters: where one goes and what it says are an account's secrets."""
        if letters and (account is None or self._sealer is None):
            raise TypeError("a letter is sealed with its account's key")
        return [await filed(letter, str(account), self._sealer) for letter in letters if self._sealer]

    async def opened(self, letter: Waiting) -> tuple[Letter, State]:
        """Open a letter that waits, to send it, and give the state; raises `SealError` for one from elsewhere."""
        state = self._state(await self._shelf.load(letter.key, commands=False))
        account = self._account_of(letter.key, state)
        if self._sealer is None or account is None:
            raise TypeError("a letter is sealed with its account's key")
        return await opened(letter, account, self._sealer), state

    def _news(
        self, wish: _Wish[State], account: str | None, news: Sequence[Event], sequence: int
    ) -> list[dict[str, Any]]:
        command, facts = wish.command, wish.facts
        carrier: dict[str, str] = {}
        inject(carrier)
        entries = []
        for index, event in enumerate(news):
            envelope = Envelope(
                id=facts.id("event", index),
                source=self._source,
                subject=wish.key,
                type=event.wire,
                time=facts.now,
                sequence=f"{sequence + index + 1:010}",
                account=account,
                correlationid=command.correlation or command.id,
                causationid=command.id,
                traceparent=carrier.get("traceparent"),
                authtype=command.actor.kind,
                authid=command.actor.id,
                clientbrowser=command.actor.client.browser,
                clientos=command.actor.client.os,
                clientcountry=command.actor.client.country,
                clientcity=command.actor.client.city,
                data=event.model_dump(mode="json"),
            )
            entries.append(
                {
                    "id": envelope.id,
                    "at": facts.now,
                    "event": envelope.model_dump(mode="json", exclude_none=True),
                }
            )
        return entries


def _encoded(state: BaseModel | None) -> dict[str, Any]:
    return state.model_dump() if state is not None else {}


def _outlived(commands: Mapping[str, Mapping[str, Any]], moment: datetime) -> list[str]:
    """Name the commands that need no remembering; where too many are left, the oldest, those without a key first."""
    gone = [name for name, command in commands.items() if _is_outlived(command, moment)]
    left = [name for name in commands if name not in gone]
    left.sort(key=lambda name: (not commands[name].get("brief"), commands[name]["at"]))
    surplus = len(left) - (MOST_COMMANDS - 1)
    return [*gone, *left[: max(0, surplus)]]


def _is_outlived(command: Mapping[str, Any], moment: datetime) -> bool:
    return bool(command["at"] < moment - (BRIEF_MEMORY if command.get("brief") else COMMAND_MEMORY))
