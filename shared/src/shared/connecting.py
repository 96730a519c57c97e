"""One place that knows which MongoDB driver is in use; the two share their call shapes."""

import inspect
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from bson.codec_options import CodecOptions
from pymongo import ASCENDING, AsyncMongoClient, ReadPreference, WriteConcern
from pymongo.asynchronous.encryption import AsyncClientEncryption
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

Driver: TypeAlias = Literal["pymongo", "motor"]
Client: TypeAlias = Any
Collection: TypeAlias = Any
"""Typed loosely on purpose: PyMongo's and motor's classes are alike by their calls, not by their bases."""

OLDEST_SERVER = (7, 0)
_INDEX_OPTIONS_CONFLICT = 85


class StoreUnavailable(Exception):  # noqa: N818  # reads as what it says
    """The database did not answer; whether a write arrived is not known."""


class ServerTooOld(Exception):  # noqa: N818  # reads as what it says
    """The database server gets no security updates any more."""


def connect(url: str, driver: Driver = "pymongo", **options: Any) -> Client:
    """Open a client whose every wait has an end: 2 s to find a server, 5 s for an answer."""
    settings: dict[str, Any] = {
        "tz_aware": True,
        "serverSelectionTimeoutMS": 2000,
        "connectTimeoutMS": 2000,
        "socketTimeoutMS": 5000,
        "waitQueueTimeoutMS": 2000,
        "maxPoolSize": 50,
        "appname": "my-profile",
        **options,
    }
    if driver == "motor":
        from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415  # only who asks for it pays for it

        return AsyncIOMotorClient(url, **settings)
    return AsyncMongoClient(url, **settings)


def encryption_class(client: Client) -> Callable[..., Any]:
    """Give the driver's explicit-encryption class that goes with *client*."""
    if isinstance(client, AsyncMongoClient):
        return AsyncClientEncryption
    from motor.motor_asyncio import AsyncIOMotorClientEncryption  # noqa: PLC0415  # as above

    motors: Callable[..., Any] = AsyncIOMotorClientEncryption
    return motors


def safe(database: Any, name: str) -> Collection:
    """Give a collection whose writes are acknowledged by a majority, journaled, and whose reads are of such."""
    return database.get_collection(
        name,
        codec_options=CodecOptions(tz_aware=True),
        read_preference=ReadPreference.PRIMARY,
        read_concern=ReadConcern("majority"),
        write_concern=WriteConcern(w="majority", j=True, wtimeout=5000),
    )


async def expire(collection: Collection, field: str, seconds: int) -> None:
    """Let documents go *seconds* after the moment in *field*, also where an earlier version said another time."""
    try:
        await collection.create_index(field, expireAfterSeconds=seconds)
    except OperationFailure as error:
        if error.code != _INDEX_OPTIONS_CONFLICT:
            raise
        changed = {"keyPattern": {field: ASCENDING}, "expireAfterSeconds": seconds}
        await collection.database.command("collMod", collection.name, index=changed)


async def close(client: Client) -> None:
    """Close *client*, which one driver awaits and the other does not."""
    closing = client.close()
    if inspect.isawaitable(closing):
        await closing


async def refuse_old_server(client: Client) -> None:
    """Raise `ServerTooOld` unless the server is of a line that still gets security updates."""
    version = (await client.admin.command("buildInfo"))["versionArray"]
    if tuple(version[:2]) < OLDEST_SERVER:
        oldest = ".".join(map(str, OLDEST_SERVER))
        raise ServerTooOld(f"MongoDB {version[0]}.{version[1]} is too old; at least {oldest} is needed")
