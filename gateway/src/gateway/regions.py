"""Regional formats and time zones to choose from, named in a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from zoneinfo import available_timezones

from babel.core import get_global
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_decimal

from gateway.countries import place_in_order
from shared.telling.languages import locale_of, regional, regions_of, usual_region
from shared.telling.message import Message, marked

_AREAS: Mapping[str, Message] = {
    "Africa": marked("Africa"),
    "America": marked("America"),
    "Antarctica": marked("Antarctica"),
    "Asia": marked("Asia"),
    "Atlantic": marked("Atlantic Ocean"),
    "Australia": marked("Australia"),
    "Europe": marked("Europe"),
    "Indian": marked("Indian Ocean"),
    "Pacific": marked("Pacific Ocean"),
}
UTC = "UTC"
_NUMBER = 1234.5


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: what is sent, what it is called, and where it helps, what it looks like."""

    code: str
    name: str
    example: str = ""


def example_of(language: str, region: str | None, day: date) -> str:
    """Give a date and a number as they are written by the habits of a region."""
    locale = regional(language, region)
    return f"{format_date(day, 'short', locale=locale)} · {format_decimal(_NUMBER, locale=locale)}"


def usual_name(language: str) -> str:
    """Name the region by whose habits is written where none is chosen."""
    return str(locale_of(language).territories[usual_region(language)])


@lru_cache(maxsize=64)
def formats(language: str, day: date, chosen: str | None = None) -> tuple[Choice, ...]:
    """Give the regions whose habits are known in *language*, by name, and the one that is *chosen* whatever it is."""
    locale = locale_of(language)
    codes = regions_of(locale.language) | ({chosen} if chosen else set())
    found = [Choice(code, locale.territories.get(code, code), example_of(language, code, day)) for code in codes]
    return tuple(sorted(found, key=lambda choice: place_in_order(choice.name, locale.language)))


def zone_to_choose(zone: str | None) -> str | None:
    """Give the zone among those to choose that *zone* is another name of, else itself."""
    return zone if zone in {None, UTC} else get_global("zone_aliases").get(zone, zone)


@cache
def zones(language: str) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Give the time zones by the part of the world and the name of a city, each zone under one of its names."""
    locale = locale_of(language)
    aliases = get_global("zone_aliases")
    known = [zone for zone in available_timezones() if zone.partition("/")[0] in _AREAS and zone not in aliases]
    groups = []
    for area, words in _AREAS.items():
        cities = (
            Choice(zone, get_timezone_location(zone, locale, return_city=True))
            for zone in known
            if zone.partition("/")[0] == area
        )
        in_order = sorted(cities, key=lambda choice: place_in_order(choice.name, locale.language))
        groups.append((words.said(language), tuple(in_order)))
    return tuple(sorted(groups, key=lambda group: place_in_order(group[0], locale.language)))
