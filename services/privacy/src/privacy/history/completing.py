"""Entries of versions that told neither what they are about nor when they go get what they lack."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne

from privacy.history.entries import by_of, part_of
from privacy.history.expiring import GRACE_DAYS, expiry
from privacy.history.homes import Homes
from privacy.history.searching import words_of
from shared.connecting import Collection
from shared.facts import now
from shared.storing.mongo import answered

_PAGE = 500
_TELLING = ("account", "type", "authtype", "client", "facts")


async def complete(entries: Collection, homes: Homes) -> Sequence[str]:
    """Complete all there are; names accounts for which the rule changed meanwhile.

    Until then everything was kept, so nothing goes before organizations had `GRACE_DAYS` to tell their rule.
    """
    left, changed = 0, set[str]()
    while True:
        cursor = entries.find({"expires_at": None}, dict.fromkeys(_TELLING, 1)).sort("expires_at")
        found = await answered(cursor.skip(left).limit(_PAGE).to_list(_PAGE))
        if not found:
            return sorted(changed)
        accounts = {one["account"] for one in found}
        days, until = await homes.days_of_all(accounts), now() + timedelta(days=GRACE_DAYS)
        changes = [_completed(one, days[one["account"]], until) for one in found]
        left += len(found) - (await answered(entries.bulk_write(changes, ordered=False))).modified_count
        after = await homes.days_of_all(accounts)
        changed |= {account for account in accounts if after[account] != days[account]}


def _completed(entry: Mapping[str, Any], days: int, until: datetime) -> UpdateOne:
    by = by_of(entry["type"], entry.get("authtype"))
    words = words_of(entry["type"], by, entry["client"], entry["facts"])
    # What is told may hold what the language of updates would take for its own.
    told = {"part": part_of(entry["type"]), "by": by, "words": {"$literal": words}, "kept_until": until}
    ended = {"$set": {"expires_at": expiry(days)}}
    return UpdateOne({"_id": entry["_id"], "expires_at": None}, [{"$set": told}, ended])
