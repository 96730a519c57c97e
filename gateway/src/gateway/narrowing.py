"""How a person narrows the history down: what their form asks for, what is wrong with it, and links that keep it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import get_args
from urllib.parse import urlencode

from shared.contracts.privacy.history import PARTS, Result, Who
from shared.telling.message import Message, marked

ACTORS: tuple[str, ...] = get_args(Who)
_CHOICES: Mapping[str, tuple[str, ...]] = {"part": PARTS, "by": ACTORS, "result": get_args(Result)}
_DAYS = ("from", "to")
_LONGEST_SEARCH = 100
_LONGEST_DAY = 20
_LONGEST_PLACE = 160
FIRST, LAST = date(1971, 1, 1), date(9997, 12, 31)
"""So that no time zone leads out of what a calendar can show."""
_NO_DAYS = {
    "from": marked("“%(typed)s” is not a day. Choose the first day again, or leave it empty."),
    "to": marked("“%(typed)s” is not a day. Choose the last day again, or leave it empty."),
}
_FAR_AWAY = marked("Choose a day between the years 1971 and 9997, or leave it empty.")
_REVERSED = marked("The last day is before the first one.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with what was *typed* into a field."""

    message: Message
    typed: str

    def said(self, language: str) -> str:
        """Say it."""
        return self.message.said(language, {"typed": self.typed})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What was asked for, by the names of the form's fields, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    before: str = ""
    first: date | None = None
    last: date | None = None

    def query(self, zone: tzinfo, *, newest: bool = False) -> dict[str, str]:
        """Give what the service is asked, days as they begin and end in *zone*; from the *newest* entry on if told."""
        asked = {name: value for name, value in self.values.items() if name not in _DAYS}
        if self.first:
            asked["since"] = _begins(self.first, zone)
        if self.last:
            asked["until"] = _begins(self.last + timedelta(days=1), zone)
        return asked | ({"before": self.before} if self.before and not newest else {})

    def link(self, path: str, *, before: str | None = None) -> str:
        """Give the address of *path* narrowed down alike, from the place *before* on."""
        kept = {**self.values, **({"before": before} if before else {})}
        return f"{path}?{urlencode(kept)}" if kept else path


def narrowed(query: Mapping[str, str]) -> Narrowed:
    """Read what an address asks for; choices that there are not count as none."""
    told = {name: query.get(name, "").strip() for name in ("q", *_CHOICES, *_DAYS)}
    told["q"] = told["q"][:_LONGEST_SEARCH].rstrip()
    values = {name: value for name, value in told.items() if value in _CHOICES.get(name, (value,)) and value}
    days, faults = _days(values)
    values |= {name: day.isoformat() for name, day in days.items()}
    return Narrowed(values, faults, query.get("before", "")[:_LONGEST_PLACE], days.get("from"), days.get("to"))


def _days(values: Mapping[str, str]) -> tuple[dict[str, date], dict[str, Fault]]:
    """Give the days that were meant, and what is wrong with the others."""
    days: dict[str, date] = {}
    faults: dict[str, Fault] = {}
    for name, typed in ((name, values[name]) for name in _DAYS if name in values):
        day = _day(typed)
        if day is None:
            faults[name] = Fault(_NO_DAYS[name], typed[:_LONGEST_DAY])
        elif not FIRST <= day <= LAST:
            faults[name] = Fault(_FAR_AWAY, typed)
        else:
            days[name] = day
    if len(days) == len(_DAYS) and days["to"] < days["from"]:
        faults["to"] = Fault(_REVERSED, values["to"])
    return days, faults


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _begins(day: date, zone: tzinfo) -> str:
    return datetime.combine(day, time(), zone).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
