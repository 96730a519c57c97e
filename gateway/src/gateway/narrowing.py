"""How a person narrows the history down: what their form asks for, what is wrong with it, and links that keep it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import get_args
from urllib.parse import urlencode

from shared.contracts.privacy.history import PARTS, Who
from shared.telling.message import Message, marked

ACTORS: tuple[str, ...] = get_args(Who)
_LONGEST_SEARCH = 100
_LONGEST_PLACE = 160
_FIRST, _LAST = date(1970, 1, 2), date(9998, 12, 30)
"""A day further than the calendar goes, so that no time zone leads out of it."""
_NO_DATES = {
    "from": marked("Give the first day as year, month and day, such as 2026-03-24."),
    "to": marked("Give the last day as year, month and day, such as 2026-03-24."),
}
_REVERSED = marked("The last day is before the first one.")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What was asked for, by the names of the form's fields, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Message] = field(default_factory=dict)
    before: str = ""
    first: date | None = None
    last: date | None = None

    def query(self, zone: tzinfo) -> dict[str, str]:
        """Give what the service is asked, days as they begin and end in *zone*."""
        asked = {name: self.values[name] for name in ("q", "part", "by") if name in self.values}
        if self.first:
            asked["since"] = _begins(self.first, zone)
        if self.last:
            asked["until"] = _begins(self.last + timedelta(days=1), zone)
        return asked | ({"before": self.before} if self.before else {})

    def link(self, path: str, *, before: str | None = None) -> str:
        """Give the address of *path* narrowed down alike, from the place *before* on."""
        kept = {**self.values, **({"before": before} if before else {})}
        return f"{path}?{urlencode(kept)}" if kept else path


def narrowed(query: Mapping[str, str]) -> Narrowed:
    """Read what an address asks for; choices that there are not count as none."""
    told = {name: query.get(name, "").strip() for name in ("q", "part", "by", "from", "to")}
    told["q"] = told["q"][:_LONGEST_SEARCH].rstrip()
    values = {name: value for name, value in told.items() if value}
    for name, choices in (("part", PARTS), ("by", ACTORS)):
        if values.get(name, choices[0]) not in choices:
            del values[name]
    days = {name: _day(values[name]) for name in ("from", "to") if name in values}
    faults: dict[str, Message] = {name: _NO_DATES[name] for name, day in days.items() if day is None}
    first, last = days.get("from"), days.get("to")
    if first and last and last < first:
        faults["to"] = _REVERSED
    return Narrowed(values, faults, query.get("before", "")[:_LONGEST_PLACE], first, last)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


def _begins(day: date, zone: tzinfo) -> str:
    return datetime.combine(day, time(), zone).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
