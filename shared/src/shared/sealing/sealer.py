"""MongoDB client-side field-level encryption (explicit), one data key per account."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bson import Binary
from bson.codec_options import CodecOptions
from pymongo.asynchronous.encryption import AsyncClientEncryption
from pymongo.errors import ConnectionFailure, DuplicateKeyError, EncryptionError

from shared.connecting import Client, StoreUnavailable, encryption_class

_ALGORITHM = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
_KEPT_KEY_IDS = 10_000
_KEY_ID = slice(1, 17)
"""Where the key's UUID stands in a ciphertext, after the blob's subtype (the driver's encryption specification)."""


class SealError(Exception):
    """A sealed value is not what its place says it is, or its key is gone."""


class Sealer:
    """Seal and open texts of an account.

    What is sealed is `{account, field, value}`: the encryption has no associated data, so opening compares
    both and the key id, or a value moved into another document or place would open there.
    """

    def __init__(self, client: Client, *, vault: str, kms: Mapping[str, Any], master: Mapping[str, Any] | None) -> None:
        """Use the key vault *vault* (`database.collection`) and the first of the *kms* providers."""
        database, collection = vault.split(".", 1)
        self._keys = client[database][collection]
        self._provider = next(iter(kms))
        self._master = master
        self._encryption: AsyncClientEncryption[Any] = encryption_class(client)(
            dict(kms), vault, client, CodecOptions(tz_aware=True)
        )
        self._ids: OrderedDict[str, Binary] = OrderedDict()

    async def prepare(self) -> None:
        """Make the vault's unique index on key names, without which two first keys of one account could be."""
        await self._keys.create_index(
            "keyAltNames", unique=True, partialFilterExpression={"keyAltNames": {"$exists": True}}
        )

    async def seal(self, account: str, field: str, value: str) -> bytes:
        """Seal *value* for this place of this account; the account's key is made with its first secret."""
        key_id = await self._key_id(account)
        content = {"account": account, "field": field, "value": value}
        with _reached():
            return bytes(await self._encryption.encrypt(content, _ALGORITHM, key_id=key_id))

    async def open(self, account: str, field: str, sealed: bytes) -> str:
        """Open what was sealed for this place of this account; anything else raises `SealError`."""
        if sealed[_KEY_ID] != bytes(await self._key_id(account)):
            raise SealError("sealed with another account's key")
        with _reached():
            opened = await self._encryption.decrypt(Binary(sealed, 6))
        if opened.get("account") != account or opened.get("field") != field:
            raise SealError("sealed for another place")
        value: str = opened["value"]
        return value

    async def close(self) -> None:
        """Let the encryption's own connections go."""
        await self._encryption.close()

    async def _key_id(self, account: str) -> Binary:
        if known := self._ids.get(account):
            self._ids.move_to_end(account)
            return known
        with _reached():
            found = await self._encryption.get_key_by_alt_name(account)
        key_id = found["_id"] if found else await self._make_key(account)
        self._ids[account] = key_id
        if len(self._ids) > _KEPT_KEY_IDS:
            self._ids.popitem(last=False)
        return key_id

    async def _make_key(self, account: str) -> Binary:
        with _reached():
            try:
                made: Binary = await self._encryption.create_data_key(
                    self._provider, self._master, key_alt_names=[account]
                )
            except (EncryptionError, DuplicateKeyError):
                # Two processes sealed the account's first secret at once; the unique index let one key be.
                found = await self._encryption.get_key_by_alt_name(account)
                if found is None:
                    raise
                made = found["_id"]
        return made


@contextmanager
def _reached() -> Iterator[None]:
    """Tell a key vault or KMS that does not answer, which passes, from a value that does not open."""
    try:
        yield
    except EncryptionError as error:
        if error.timeout or isinstance(error.cause, ConnectionFailure | OSError):
            raise StoreUnavailable(type(error.cause).__name__) from error
        raise SealError("does not open, or has no key") from error
    except ConnectionFailure as error:
        raise StoreUnavailable(type(error).__name__) from error
