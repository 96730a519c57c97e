"""What is kept, in every service's database, seen from behind."""

from typing import Any

import bson

OWN = {"admin", "config", "local"}
"""The database server's own databases."""

_HIDDEN = {"outbox": 0, "seen_at": 0}
"""What changes by itself: news goes out, and a session is seen."""
_WRITING = {"letters": 0, "notices": 0, "texted_at": 0, "version": 0, "sequence": 0}
"""Where people are written to, letters come with news that is heard later, and go when they are sent."""


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
        hidden = _HIDDEN | (_WRITING if place in {"security_info.accounts", "organizations.accounts"} else {})
        documents = await mongo[database][collection].find(wanted, hidden).sort("_id").to_list(None)
        found[place] = [_without_letters(one) if hidden is not _HIDDEN else one for one in documents]
    return found


def _without_letters(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out the commands by which news was told and letters were settled."""
    commands = document.get("commands", {})
    asked = {id_: one for id_, one in commands.items() if not one["digest"].startswith(("profile.", "settle"))}
    return document | {"commands": asked}


async def everything_in(mongo: Any, *names: str) -> bytes:
    """Give all documents of these databases, or of all, as they lie there."""
    found = []
    for name in names or set(await mongo.list_database_names()) - OWN:
        for collection in await mongo[name].list_collection_names():
            found += [bson.encode(document) async for document in mongo[name][collection].find()]
    return b"\n".join(found)
