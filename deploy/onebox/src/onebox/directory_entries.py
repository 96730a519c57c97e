"""What stands in a directory's file beyond the bodies of the contracts: with its owner, what is put in by itself."""

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationInfo, field_serializer

from onebox.directory_privacy import Connections
from shared.contracts.devices import PutDevice, PutRecoveryKey
from shared.contracts.organizations import PutAccount, PutMembership
from shared.contracts.pictures import PutPicture
from shared.contracts.wording import Identifier

Body = TypeVar("Body", bound=BaseModel)


class RecoveryKeyEntry(PutRecoveryKey):
    """A recovery key, which is told in clear, as it is in the file."""

    @field_serializer("key", when_used="json")
    def _in_clear(self, key: SecretStr) -> str:
        return key.get_secret_value()


class DeviceEntry(PutDevice):
    """A device, and its recovery keys by their ids."""

    recovery_keys: dict[Identifier, RecoveryKeyEntry] = Field(default={})

    @property
    def itself(self) -> PutDevice:
        """Give what is told of the device alone."""
        return alone(PutDevice, self)


def _from_file(told: object, info: ValidationInfo) -> PutPicture:
    try:
        return PutPicture(content=Path(info.context or "", str(told)).read_bytes())
    except OSError:
        raise ValueError("picture") from None


def _by_id(told: object) -> object:
    """Take a list of ids for memberships of which nothing more is known."""
    return {str(id_): {} for id_ in told} if isinstance(told, list | tuple) else told


class AccountEntry(PutAccount):
    """An account, and with it what is put in by itself: its picture, its memberships, its devices and its services."""

    picture: Annotated[PutPicture, BeforeValidator(_from_file)] | None = None
    memberships: Annotated[dict[Identifier, PutMembership], BeforeValidator(_by_id)] = Field(default={})
    devices: dict[Identifier, DeviceEntry] = Field(default={})
    services: Connections = Field(default={})

    @property
    def itself(self) -> PutAccount:
        """Give what is told of the account alone."""
        return alone(PutAccount, self)

    @property
    def belongs_to(self) -> set[str]:
        """Give the ids of its organizations."""
        return {self.home_organization, *self.memberships}


def alone(body: type[Body], entry: BaseModel) -> Body:
    """Give what an entry says of the thing itself, with only what stands in the file."""
    said = [name for name in body.model_fields if name in entry.model_fields_set]
    return body.model_construct(set(said), **{name: getattr(entry, name) for name in said})
