"""One request, as a handler meets it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import to_json

from shared.contracts.problem import PreconditionFailed
from shared.deciding import Command, Decision, Rule
from shared.facts import Facts
from shared.identifying import Caller, Principal, SystemClient

State = TypeVar("State")

BRIEFLY = "X-Remember-Briefly"
"""The header by which the gateway tells a service that it, and not the caller, gave a command its id."""


def etag(body: bytes) -> str:
    """Give the entity tag of a view."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who asks, what for, and under which command id."""

    caller: Caller
    command: Command
    path: Mapping[str, str]
    query: Any = None
    if_match: str | None = None

    @property
    def principal(self) -> Principal:
        """Give the person who asks."""
        if isinstance(self.caller, SystemClient):
            raise TypeError("a system asks, no person")
        return self.caller

    @property
    def system(self) -> SystemClient:
        """Give the system that asks."""
        if isinstance(self.caller, Principal):
            raise TypeError("a person asks, no system")
        return self.caller

    @property
    def account(self) -> str:
        """Name the account: a person's own, the only one there is to them; else the one that the system names."""
        return self.path["account"] if isinstance(self.caller, SystemClient) else self.caller.account

    @property
    def conditional(self) -> bool:
        """Tell whether the caller wants to change only what they have seen."""
        return self.if_match not in {None, "*"}

    def guarding(self, rule: Rule[State], view: Callable[[State], BaseModel]) -> Rule[State]:
        """Give *rule*, refusing with `PreconditionFailed` unless the caller has seen the *view* (RFC 9110, 13.1.1)."""
        if not self.conditional:
            return rule

        def guarded(state: State, facts: Facts) -> Decision[State]:
            self.refuse_unseen(view(state))
            return rule(state, facts)

        return guarded

    def refuse_unseen(self, view: BaseModel) -> None:
        """Raise `PreconditionFailed` where the caller has seen something else than the *view*."""
        if self.conditional and etag(to_json(view)) not in [tag.strip() for tag in (self.if_match or "").split(",")]:
            raise PreconditionFailed
