"""Dates, times and numbers as CLDR writes them in the visitor's language and time zone."""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from shared.telling.translations import load

_RELATIVE = timedelta(days=7)


def _here(context: Context) -> tuple[Locale, tzinfo, bool]:
    zone = context["zone"]
    return context["calendar"], zone or UTC, zone is not None


def _element(moment: datetime, text: str, title: str | None = None) -> Markup:
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if title is None:
        return Markup('<time datetime="{}">{}</time>').format(stamp, text)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, title, text)


@pass_context
def date(context: Context, moment: datetime) -> Markup:
    """Give the day of *moment*."""
    locale, zone, _ = _here(context)
    return _element(moment, format_date(moment.astimezone(zone).date(), "long", locale=locale))


@pass_context
def clock(context: Context, moment: datetime) -> Markup:
    """Give the time of day of *moment*; where the visitor's zone is unknown it says that it is UTC."""
    locale, zone, known = _here(context)
    text = format_time(moment, "short", tzinfo=zone, locale=locale)
    return _element(moment, text if known else f"{text} UTC")


@pass_context
def ago(context: Context, moment: datetime) -> Markup:
    """Give *moment* as "3 minutes ago", or its day when that is more than a week past."""
    locale, zone, known = _here(context)
    whole = format_datetime(moment, "long" if not known else "medium", tzinfo=zone, locale=locale)
    past = max(context["now"] - moment, timedelta())
    if past > _RELATIVE:
        return _element(moment, format_date(moment.astimezone(zone).date(), "medium", locale=locale), whole)
    if past < timedelta(minutes=1):
        return _element(moment, load(context["language"]).gettext("just now"), whole)
    return _element(moment, format_timedelta(-past, add_direction=True, locale=locale), whole)


@pass_context
def remaining(context: Context, moment: datetime) -> Markup:
    """Give how long it is until *moment*, as "14 minutes"."""
    left = max(moment - context["now"], timedelta())
    return _element(moment, format_timedelta(left, threshold=1.2, granularity="minute", locale=context["locale"]))


@pass_context
def day_name(context: Context, moment: datetime) -> str:
    """Give the heading of a day in the history: today, yesterday, or its date."""
    locale, zone, _ = _here(context)
    day = moment.astimezone(zone).date()
    match (context["now"].astimezone(zone).date() - day).days:
        case 0:
            return load(context["language"]).gettext("Today")
        case 1:
            return load(context["language"]).gettext("Yesterday")
    text = format_date(day, "full", locale=locale)
    return text[:1].upper() + text[1:]


@pass_context
def number(context: Context, value: int) -> str:
    """Write a number."""
    return format_decimal(value, locale=context["calendar"])


def moment(told: datetime | str) -> datetime:
    """Read a moment, as problems bring it (ISO 8601)."""
    return told if isinstance(told, datetime) else datetime.fromisoformat(told)


def minute_up(moment: datetime) -> datetime:
    """Give the next full minute, so that who comes at the time that is shown does not come too early."""
    return moment + timedelta(minutes=1) - timedelta(seconds=moment.second or 60, microseconds=moment.microsecond)


@pass_context
def wait(context: Context, moment: datetime) -> int:
    """Give how many seconds it is until *moment*, 0 where it is past."""
    left: timedelta = moment - context["now"]
    return max(0, math.ceil(left.total_seconds()))


FILTERS: dict[str, Any] = {
    "ago": ago,
    "clock": clock,
    "date": date,
    "day_name": day_name,
    "minute_up": minute_up,
    "moment": moment,
    "number": number,
    "remaining": remaining,
    "wait": wait,
}
