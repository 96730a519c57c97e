"""Which language, regional format and time zone hold, in a person's language."""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from babel.dates import get_timezone_location

from shared.telling.languages import LANGUAGES, locale_of
from shared.telling.message import marked

_LANGUAGE = marked("the browser’s language")  # noqa: RUF001  # the apostrophe that people read
_REGION = marked("the browser’s regional format")  # noqa: RUF001  # the apostrophe that people read
_ZONE = marked("the browser’s time zone")  # noqa: RUF001  # the apostrophe that people read


def holding(facts: Mapping[str, Any], language: str) -> str:
    """Name the three, such as "Svenska, Sweden, Stockholm"; what is not chosen follows the browser."""
    own, region, zone = (facts.get(name) for name in ("language", "region", "time_zone"))
    locale = locale_of(language)
    return ", ".join(
        (
            LANGUAGES.get(own, own) if own else _LANGUAGE.said(language),
            locale.territories.get(region, region) if region else _REGION.said(language),
            _city(zone, locale) if zone else _ZONE.said(language),
        )
    )


def _city(zone: str, locale: Locale) -> str:
    try:
        return get_timezone_location(zone, locale=locale, return_city=True)
    except LookupError:
        return zone  # it is newer than our time zones, or older
