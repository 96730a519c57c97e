"""What is kept, in every service's database, seen from behind."""

from typing import Any

import bson

OWN = {"admin", "config", "local"}
"""The database server's own databases."""

_HIDDEN = {"outbox": 0, "seen_at": 0}
"""What changes by itself: news goes out, and a session is seen."""


async def kept_of(mongo: Any, *keys: str) -> dict[str, list[dict[str, Any]]]:
    """Give all documents of these accounts and organizations but the history, which is heard of later."""
    wanted = {"$or": [{"_id": {"$in": keys}}, {"account": {"$in": keys}}]}
    found = {}
    for place in (
        "security_info.accounts",
        "devices.accounts",
        "organizations.accounts",
        "organizations.organizations",
        "organizations.pictures",
        "gateway.accounts",
        "gateway.sessions",
    ):
        database, collection = place.split(".")
        found[place] = await mongo[database][collection].find(wanted, _HIDDEN).sort("_id").to_list(None)
    return found


async def everything_in(mongo: Any, *names: str) -> bytes:
    """Give all documents of these databases, or of all, as they lie there."""
    found = []
    for name in names or set(await mongo.list_database_names()) - OWN:
        for collection in await mongo[name].list_collection_names():
            found += [bson.encode(document) async for document in mongo[name][collection].find()]
    return b"\n".join(found)
