"""Moments that systems report: a clock of theirs may be a little ahead of ours, and no further. Pure."""

from datetime import datetime, timedelta

from shared.contracts.problem import FieldProblem, Invalid

LEEWAY = timedelta(minutes=5)
"""How far ahead of ours the clock of a system may be."""


def refuse_future(now: datetime, **told: datetime | None) -> None:
    """Refuse moments that are yet to come, by the names of their fields. Raises `Invalid`."""
    ahead = [name for name, moment in told.items() if moment is not None and moment > now + LEEWAY]
    if ahead:
        raise Invalid(errors=[FieldProblem(pointer=f"/{name}", key="in_the_future") for name in ahead])
