"""The shape of a rule: `(state, facts) → Decision`, pure, so that it may run again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from shared.contracts.envelope import Client
from shared.contracts.event import Event
from shared.contracts.problem import Problem
from shared.facts import Facts
from shared.letters import Letter

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and through what: goes out with the news of what they did."""

    kind: Literal["user", "administrator", "system"]
    id: str
    client: Client = field(default_factory=Client)


@dataclass(frozen=True, slots=True)
class Command:
    """One wish, carried out once: *digest* tells whether a repeated id stands for the same request.

    A *brief* one, whose id its sender does not know, is remembered only as long as we may try it again ourselves.
    """

    id: str
    digest: str
    actor: Actor
    correlation: str | None = None
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Decision(Generic[State]):
    """What a rule decided: the state from now on and the news of it.

    *answer* is small, holds no secret, is kept with the command's id and given again to a repeated command. *letters*
    are written with the state; *settled* names those that were sent or given up; one decision has only either. A
    *refusal* here is saved together with the state (one attempt less) before it is raised; a rule that has nothing to
    remember raises the problem itself.
    """

    state: State
    answer: Mapping[str, Any] = field(default_factory=dict)
    news: tuple[Event, ...] = ()
    refusal: Problem | None = None
    letters: tuple[Letter, ...] = ()
    settled: tuple[str, ...] = ()


Rule: TypeAlias = Callable[[State, Facts], Decision[State]]
