"""Moments in a directory's file that are told from now on back: `-PT5H` is five hours before the file is read."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

MOMENTS = frozenset({"at", "connected_at", "last_active_at", "last_used_at", "registered_at"})
"""The members of bodies that are moments."""
_DURATION = TypeAdapter(timedelta)


def resolved(told: Any, now: datetime) -> Any:
    """Give what stands in a file with moments in place of durations (ISO 8601); a year has 365 days, a month 30."""
    if isinstance(told, dict):
        return {name: _moment(value, now) if name in MOMENTS else resolved(value, now) for name, value in told.items()}
    if isinstance(told, list):
        return [resolved(value, now) for value in told]
    return told


def _moment(told: Any, now: datetime) -> Any:
    if not isinstance(told, str) or not told.startswith("-P"):
        return resolved(told, now)
    try:
        return now + _DURATION.validate_python(told)
    except (ValidationError, OverflowError):
        return told
