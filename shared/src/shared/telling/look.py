"""How the letters of a process look, and where and when they say that things are."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_time
from yarl import URL

from shared.preferring import Preferred
from shared.telling.colours import contrast, on
from shared.telling.languages import regional
from shared.telling.message import marked

OUR_ACCENT = "#3448ba"
_VISIBLE = 3.0
"""The contrast that the outline of something to press needs (WCAG 2.2, success criterion 1.4.11)."""
_GREY = "#7d8493"
_MOMENT = marked("%(date)s at %(time)s")


class Styled(Protocol):
    """The settings that a look is made from."""

    @property
    def brand_name(self) -> str:
        """Give what the portal is called."""

    @property
    def brand_accent(self) -> str | None:
        """Give the organization's colour, `#rrggbb`."""

    @property
    def portal_url(self) -> str:
        """Tell where people find the portal."""

    @property
    def time_zone(self) -> str:
        """Name the zone in which letters tell the time."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the portal is called, its colour and its address; the zone and the regional format of times in letters."""

    product: str
    accent: str
    portal_url: str
    zone: ZoneInfo
    region: str | None = None

    @classmethod
    def of(cls, settings: Styled) -> "Look":
        """Make the look that the settings ask for."""
        return cls(
            product=" ".join(settings.brand_name.split()),
            accent=(settings.brand_accent or OUR_ACCENT).lower(),
            portal_url=settings.portal_url.rstrip("/"),
            zone=ZoneInfo(settings.time_zone),
        )

    def for_reader(self, preferred: Preferred) -> "Look":
        """Give the look in which one person's letters tell the time; a zone that is not known here is ours."""
        try:
            zone = ZoneInfo(preferred.time_zone) if preferred.time_zone else self.zone
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone = self.zone
        return replace(self, zone=zone, region=preferred.region)

    @property
    def on_accent(self) -> str:
        """Give the colour of words on the accent."""
        return on(self.accent)

    @property
    def host(self) -> str:
        """Name the portal's host, as the network knows it."""
        return URL(self.portal_url).raw_host or ""

    def address(self, path: str) -> str:
        """Give the address of one of the portal's pages."""
        return f"{self.portal_url}{path}"

    def edge(self, ground: str) -> str:
        """Give the colour in which the edge of something filled with the accent can be seen on *ground*."""
        return self.accent if contrast(self.accent, ground) >= _VISIBLE else _GREY

    def clock(self, moment: datetime, language: str) -> str:
        """Give the time of day of *moment*, with the name of the zone: "14:03 CEST"."""
        here = moment.astimezone(self.zone)
        name = here.tzname() or ""
        said = format_time(here, "short", tzinfo=self.zone, locale=regional(language, self.region))
        return f"{said} {name if name[:1].isalpha() else f'UTC{name}'}"

    def moment(self, moment: datetime, language: str) -> str:
        """Give the day and time of *moment*: "7 October 2025 at 14:03 CEST"."""
        day = format_date(moment.astimezone(self.zone).date(), "long", locale=regional(language, self.region))
        return _MOMENT.said(language, {"date": day, "time": self.clock(moment, language)})
