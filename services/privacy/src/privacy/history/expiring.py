"""When an entry of a history goes: after the days that its home organization says, or later after an upgrade. Pure."""

from typing import Any

GRACE_DAYS = 30
"""For how long an entry of a version that kept everything stays at least, so that organizations can tell their rule."""
DAY = 24 * 60 * 60 * 1000
"""Milliseconds."""


def expiry(days: int) -> dict[str, Any]:
    """Give the moment, as an update computes it from the entry; one without `kept_until` has only its days."""
    return {"$max": ["$kept_until", {"$add": ["$at", days * DAY]}]}
