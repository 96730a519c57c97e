"""What letters look like and point to: the same for all of one process."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from shared.settings import SendingSettings


@dataclass(frozen=True, slots=True)
class Look:
    """What the portal is called, its colour, its address without a slash at the end, and the zone of its times."""

    product: str
    accent: str | None
    portal_url: str
    zone: ZoneInfo


def look(settings: SendingSettings) -> Look:
    """Give the look that the settings tell."""
    return Look(settings.brand_name, settings.brand_accent, settings.portal_url.rstrip("/"), ZoneInfo(settings.time_zone))
