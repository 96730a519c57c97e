"""Language, regional format and time zone."""

from importlib.resources import files
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts.wording import Answer, Request

Language = Literal["en", "sv"]
"""The languages of the portal."""
SHORTEST_HISTORY, USUAL_HISTORY, LONGEST_HISTORY = 30, 365, 3650
"""Days for which an organization lets entries of its accounts' histories be kept."""
ZONES = frozenset(files("tzdata").joinpath("zones").read_text("ascii").split()) - {"Factory"}
"""The names of time zones, the same on every host; those that name none (`Factory`, a host's `localtime`) are not."""


def _known(zone: str) -> str:
    if zone not in ZONES:
        raise ValueError("time_zone")
    return zone


TimeZone = Annotated[
    str, StringConstraints(max_length=64), AfterValidator(_known), Field(examples=["Europe/Stockholm"])
]
"""A time zone (IANA Time Zone Database)."""
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(examples=["SE"])]
"""Whose habits dates and numbers are written by (ISO 3166-1 alpha-2)."""


class PutPreferences(Request):
    """What is chosen; what is left out follows the browser."""

    language: Language | None = None
    region: Region | None = None
    time_zone: TimeZone | None = None


class Preferences(Answer):
    """What is chosen; `null` follows the browser. A locked language is the home organization's choice."""

    language: str | None
    region: str | None
    time_zone: str | None
    locked_language: str | None = None
    locked_by: str | None = Field(default=None, description="The organization's name.")
    revision: int = Field(default=0, description="Counts the changes of what holds.")


class PutPrivacyRules(Request):
    """What an organization decides for its accounts: those whose home it is."""

    history_days: int = Field(
        default=USUAL_HISTORY, ge=SHORTEST_HISTORY, le=LONGEST_HISTORY, description="For how long entries are kept."
    )
    language: Language | None = Field(default=None, description="The one language of the portal, where it is locked.")
