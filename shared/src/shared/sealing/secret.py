"""A value that no log, event or error can show."""

from collections.abc import Iterator, Mapping
from typing import Any

from bson import Binary
from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Secret:
    """Carry a secret text, sealed or opened.

    It comes from the database sealed; the store opens the ones that a handler names. A new one is made with
    its *value* and sealed before it is written.
    """

    __slots__ = ("_sealed", "_value")

    def __init__(self, value: str | None = None, *, sealed: bytes | None = None) -> None:
        self._value = value
        self._sealed = sealed

    @property
    def value(self) -> str:
        """Give the opened text; asking for one that nobody named for opening is a programming error."""
        if self._value is None:
            raise LookupError("this secret is sealed: name it in `opens`")
        return self._value

    @property
    def is_open(self) -> bool:
        """Tell whether the value is there."""
        return self._value is not None

    @property
    def sealed(self) -> bytes | None:
        """Give the sealed bytes, or None where the value is new."""
        return self._sealed

    def open_with(self, value: str) -> None:
        """Keep the opened text beside the sealed bytes, which stay the ones that are written."""
        self._value = value

    def seal_with(self, sealed: bytes) -> None:
        """Keep the sealed bytes, which are what is written."""
        self._sealed = sealed

    def __repr__(self) -> str:
        return "Secret(sealed)" if self._value is None else "Secret(opened)"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(cls._serialize)
        )

    @classmethod
    def _validate(cls, value: Any) -> "Secret":
        if isinstance(value, Secret):
            return value
        if isinstance(value, bytes):
            return cls(sealed=bytes(value))
        raise ValueError("a secret comes sealed")

    def _serialize(self) -> Binary:
        if self._sealed is None:
            raise LookupError("a secret is sealed before it is written")
        return Binary(self._sealed, 6)


def secrets_of(value: Any, path: str = "") -> Iterator[tuple[str, Secret]]:
    """Walk the secrets of a state with their places, such as `methods.<id>.key`: a seal is bound to its place."""
    if isinstance(value, Secret):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from secrets_of(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from secrets_of(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from secrets_of(item, f"{path}.{index}" if path else str(index))
