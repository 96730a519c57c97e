"""What is kept, in every service's database, seen from behind."""

from typing import Any

import bson

OWN = {"admin", "config", "local"}
"""The database server's own databases."""

_HIDDEN = {"outbox": 0, "seen_at": 0}
"""What changes by itself: news goes out, and a session is seen."""
_BY_NEWS = {"letters": 0, "notices": 0, "texted_at": 0, "version": 0, "sequence": 0}
"""Where news is heard later, letters come with it, and go when they are sent."""
_HEARING = {"security_info.accounts", "organizations.accounts"}


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
        "privacy.registers",
    ):
        database, collection = place.split(".")
        hidden = _HIDDEN | (_BY_NEWS if place in _HEARING else {})
        documents = await mongo[database][collection].find(wanted, hidden).sort("_id").to_list(None)
        found[place] = [_without_news(one) if place in _HEARING else one for one in documents]
    accounts = await mongo["privacy"]["accounts"].find(wanted).sort("_id").to_list(None)
    found["privacy.accounts"] = [asked for one in accounts if len(asked := _asked(one)) > 1]
    return found


def _asked(document: dict[str, Any]) -> dict[str, Any]:
    """Give what persons and systems asked privacy for; the rest, which is all there may be, it heard of later."""
    chosen = ("language", "region", "time_zone")
    preferences = {name: document.get("preferences", {}).get(name) for name in chosen}
    asked = {name: document.get(name) for name in ("_id", "services", "accepted")} | preferences
    return {name: value for name, value in asked.items() if value}


def _without_news(document: dict[str, Any]) -> dict[str, Any]:
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
