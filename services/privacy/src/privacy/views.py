"""State → what is shown of it."""

from collections.abc import Sequence

from privacy.activity import Entry, place_of
from shared.contracts import privacy as contract
from shared.contracts.envelope import Client


def activity(entries: Sequence[Entry], *, more: bool) -> contract.Activity:
    """Show a page of the history."""
    return contract.Activity(
        entries=tuple(_entry(entry) for entry in entries),
        next=place_of(entries[-1]) if entries and more else None,
    )


def _entry(entry: Entry) -> contract.ActivityEntry:
    return contract.ActivityEntry(
        id=entry["_id"],
        type=entry["type"],
        at=entry["at"],
        by="you" if entry["authtype"] == "user" else "system",
        client=Client.model_validate(entry["client"]),
        facts=entry["facts"],
    )
