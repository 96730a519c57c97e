"""How a person wants to be written to: our own copy of what privacy's news told, of which the newest counts. Pure."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.privacy import PreferencesChanged
from shared.deciding import Decision, Rule
from shared.facts import Facts

NEVER = ""
"""Sorts before the sequence of any news."""


class Preferred(BaseModel):
    """What was told of language, regional format and time zone; None where the person has none of their own."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sequence: str = NEVER
    language: str | None = None
    region: str | None = None
    time_zone: str | None = None


class Preferring(BaseModel):
    """What belongs to a person who is written to; *language* is the one in which they were last seen."""

    language: str | None = None
    preferred: Preferred = Preferred()

    @property
    def written_in(self) -> str | None:
        """Name the language of letters: the preferred one, else the last seen; None where neither is known."""
        return self.preferred.language or self.language


State = TypeVar("State", bound=Preferring)


def noting(event: PreferencesChanged, sequence: str) -> Rule[State]:
    """Give the rule that notes what was told, unless something newer was heard."""
    told = Preferred(sequence=sequence, language=event.language, region=event.region, time_zone=event.time_zone)

    def note(state: State, _facts: Facts) -> Decision[State]:
        known = state.preferred.sequence >= sequence
        return Decision(state if known else state.model_copy(update={"preferred": told}))

    return note
