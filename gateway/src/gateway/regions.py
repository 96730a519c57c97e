"""Regional formats and time zones to choose from, named in a language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_decimal

from gateway.countries import place_in_order
from shared.contracts.privacy import ZONES
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
_NUMBER = 1234567.5
_DAY, _HOUR, _MINUTE = 2, 15, 5
"""Of a sample: a day of one digit and an hour of the afternoon, so that every difference in habits shows."""
_WIDELY_KNOWN = ("GB", "US", "CA", "IN", "AU", "DE", "FR", "SE", "DK", "FI", "ZA", "CH")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: what is sent, what it is called, and where it helps, what it looks like."""

    code: str
    name: str
    example: str = ""


def example_of(language: str, region: str | None, month: date) -> str:
    """Give a date in this *month*, a time and a number as pages write them by the habits of a region."""
    locale = regional(language, region)
    day = format_date(month.replace(day=_DAY), "long", locale=locale)
    clock = format_time(time(_HOUR, _MINUTE), "short", locale=locale)
    return f"{day}, {clock} · {format_decimal(_NUMBER, locale=locale)}"


def region_name(language: str, region: str | None) -> str:
    """Name a region; without one, that by whose habits is written where nothing tells."""
    code = region or usual_region(language)
    return str(locale_of(language).territories.get(code, code))


def formats(language: str, month: date, chosen: str | None = None) -> tuple[Choice, ...]:
    """Give one region for each way in which dates, times and numbers are written in *language*, by name.

    Of regions that write alike it is the *chosen* one, else the most widely known. Where all write alike there is none.
    """
    codes = [region for region in _one_of_each(language, chosen) if region != chosen]
    if chosen in regions_of(locale_of(language).language):
        codes.append(str(chosen))
    found = [Choice(code, region_name(language, code), example_of(language, code, month)) for code in codes]
    return _in_order(found, language) if len(found) > 1 else ()


@cache
def _one_of_each(language: str, chosen: str | None) -> tuple[str, ...]:
    """Give a region for each way of writing; regions of which one writes PM and another pm write alike."""
    ways: dict[str, str] = {}
    for region in sorted(regions_of(locale_of(language).language), key=lambda code: _known_as(code, chosen)):
        ways.setdefault("".join(example_of(language, region, date.max).casefold().split()), region)
    return tuple(ways.values())


def _known_as(region: str, chosen: str | None) -> tuple[bool, int, str]:
    known = _WIDELY_KNOWN.index(region) if region in _WIDELY_KNOWN else len(_WIDELY_KNOWN)
    return region != chosen, known, region


def zone_to_choose(zone: str | None) -> str | None:
    """Give the zone among those to choose that *zone* is another name of, else itself."""
    return zone if zone in {None, UTC} else get_global("zone_aliases").get(zone, zone)


def zones(language: str, moment: datetime) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Give the time zones by the part of the world and the name of a city, each once, with what it differs by then."""
    return tuple(
        (area, tuple(Choice(code, name, difference(ZoneInfo(code), moment)) for code, name in cities))
        for area, cities in _cities(language)
    )


def zone_name(language: str, zone: ZoneInfo) -> str:
    """Name the city of a zone."""
    code = str(zone_to_choose(zone.key))
    return UTC if code == UTC else get_timezone_location(code, locale_of(language), return_city=True)


def difference(zone: ZoneInfo, moment: datetime) -> str:
    """Tell how far a zone is from UTC, as in `UTC+5:30`."""
    told = moment.astimezone(zone).utcoffset() or timedelta()
    hours, minutes = divmod(abs(told) // timedelta(minutes=1), 60)
    sign = "\N{MINUS SIGN}" if told < timedelta() else "+"
    return f"{UTC}{sign}{hours}" + (f":{minutes:02}" if minutes else "") if told else UTC


@cache
def _cities(language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    locale = locale_of(language)
    aliases = get_global("zone_aliases")
    known = [zone for zone in ZONES if zone.partition("/")[0] in _AREAS and zone not in aliases]
    groups = []
    for area, words in _AREAS.items():
        of_area = (zone for zone in known if zone.partition("/")[0] == area)
        cities = (Choice(zone, get_timezone_location(zone, locale, return_city=True)) for zone in of_area)
        named = tuple((city.code, city.name) for city in _in_order(cities, language))
        groups.append((words.said(language), named))
    return tuple(sorted(groups, key=lambda group: place_in_order(group[0], locale.language)))


def _in_order(choices: Iterable[Choice], language: str) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: place_in_order(choice.name, locale_of(language).language)))
