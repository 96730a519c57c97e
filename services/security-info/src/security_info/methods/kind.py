"""What is common to all types of methods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from security_info.locking import Tries
from shared.contracts import security_info as contract

SETUP_LIFETIME = timedelta(minutes=15)
SETUP_ATTEMPTS = 5
PROOF = "proof"
"""The purpose of proving who one is to the portal; tries for it are counted apart from those at sign-ins."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of method: how many there may be, what it serves, and what it is called where nobody named it.

    *counts_for* are the purposes for which it satisfies what an organization requires; *further* names one that is not
    the first, where it has a name of its own.
    """

    type: contract.MethodType
    limit: int
    purposes: tuple[str, ...]
    counts_for: frozenset[str]
    names: Mapping[str, str]
    proves: bool = False
    can_be_default: bool = False
    can_be_renamed: bool = True
    further: Mapping[str, str] = field(default_factory=dict)

    def named(self, language: str) -> str:
        """Give the word for it in *language*."""
        return self.names.get(language, self.names["en"])


class Method(BaseModel):
    """A method of any type; until it is confirmed it has attempts left and counts for nothing.

    A *managed* one was put in by the organization, which alone changes it.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    type: str
    name: str
    started_at: datetime
    confirmed_at: datetime | None = None
    last_used_at: datetime | None = None
    replaces: str | None = None
    attempts_left: int = SETUP_ATTEMPTS
    tries: dict[str, Tries] = {}
    managed: bool = False

    def setup_ended(self, now: datetime) -> contract.SetupEnded | None:
        """Tell why this setup cannot be finished any more, if it cannot."""
        if self.attempts_left <= 0:
            return contract.SetupEnded(reason="too_many_attempts")
        if now >= self.started_at + SETUP_LIFETIME:
            return contract.SetupEnded(reason="expired")
        return None

    def tries_for(self, purpose: str) -> Tries:
        """Give what was tried for a purpose."""
        return self.tries.get(purpose, Tries())

    def tried(self, purpose: str, tries: Tries) -> Self:
        """Give the method with what was tried for a purpose."""
        return self.with_changes(tries={**self.tries, purpose: tries})

    def used(self, now: datetime, purpose: str, **changes: Any) -> Self:
        """Give the method after a right answer: what was tried before is forgotten."""
        left = {name: tries for name, tries in self.tries.items() if name != purpose}
        return self.with_changes(last_used_at=now, tries=left, **changes)

    def with_changes(self, **changes: Any) -> Self:
        """Give the method with other fields."""
        return self.model_copy(update=changes)


class UnknownMethod(Method):
    """A method of a type that a newer version of us has put in: it counts for nothing here, and is kept as it is."""

    name: str = ""
