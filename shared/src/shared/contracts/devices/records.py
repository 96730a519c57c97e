"""Devices as people see them and as device management puts them in."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.lines import Line
from shared.contracts.wording import Answer, Identifier, Label, Moment, Request, Text, TypedKey

Kind = Literal["laptop", "desktop", "phone", "tablet", "other"]
JoinType = Literal["registered", "joined", "hybrid_joined"]
Compliance = Literal["compliant", "not_compliant", "unknown"]
Reason = Literal["lost", "stolen", "not_mine", "not_recognised"]
KeyKind = Literal["bitlocker", "filevault", "luks", "other"]
_MOST_REASONS = 10


class Place(Answer):
    """Where a device was last seen, coarsely."""

    country: str | None = Field(examples=["SE"], description="ISO 3166-1 alpha-2.")
    city: str | None


class Device(Answer):
    """A device that is connected to an organization; readers meet newer kinds and states than they know."""

    id: str
    name: str = Field(description="The person's own name for it, else the one that management gave.")
    managed_name: str | None = Field(
        default=None, description="What management calls it, where the person gave it a name of their own."
    )
    organization_id: str
    kind: str = Field(examples=["laptop"], description="`laptop`, `desktop`, `phone`, `tablet`, `other`.")
    maker: str | None
    model: str | None
    os: str | None
    os_version: str | None
    join_type: str | None = Field(examples=["joined"], description="`registered`, `joined`, `hybrid_joined`.")
    compliance: str = Field(examples=["compliant"], description="`compliant`, `not_compliant`, `unknown`.")
    compliance_reasons: tuple[str, ...] = Field(
        default=(), description="What management says is to be mended, in its own words."
    )
    registered_at: datetime | None = Field(default=None, description="When management first knew of it.")
    connected_at: datetime
    last_active_at: datetime | None
    last_place: Place | None = None
    state: str = Field(examples=["active"], description="`active`, `disabled`.")
    disabled_at: datetime | None
    disabled_reason: str | None = Field(description="`lost`, `stolen`, `not_mine`, `not_recognised`.")
    asked_back_at: datetime | None = Field(default=None, description="When the person asked to have it enabled again.")
    recovery_keys: int = Field(default=0, description="How many recovery keys can be revealed.")


class Devices(Answer):
    devices: tuple[Device, ...] = Field(description="The most recently active first; those never seen last.")
    limit: int = Field(description="How many there may be.")


class RenameDevice(Request):
    name: Label


class DisableDevice(Request):
    reason: Reason


class PlaceFacts(Request):
    """Where a device was seen, coarsely."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    city: Text | None = None


class PutDevice(Request):
    """What device management knows of a device; whatever is left out is unknown from now on."""

    organization_id: Identifier
    name: Label
    kind: Kind
    maker: Text | None = None
    model: Text | None = None
    os: Text | None = None
    os_version: Text | None = None
    join_type: JoinType | None = None
    compliance: Compliance = "unknown"
    compliance_reasons: tuple[Text, ...] = Field(default=(), max_length=_MOST_REASONS)
    registered_at: Moment | None = None
    last_active_at: Moment | None = None
    last_place: PlaceFacts | None = None


class NoteActivity(Request):
    """What changes often: whatever is left out stays as it is."""

    last_active_at: Moment | None = None
    last_place: PlaceFacts | None = None
    compliance: Compliance | None = None
    compliance_reasons: tuple[Text, ...] = Field(default=(), max_length=_MOST_REASONS)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.last_active_at is None and self.last_place is None and self.compliance is None:
            raise ValueError("nothing_said")
        if self.compliance_reasons and self.compliance is None:
            raise ValueError("reasons_out_of_place")
        return self


class RecoveryKey(Answer):
    """A key that unlocks a disk, without the key itself."""

    id: str = Field(description="As the locked device shows it.")
    kind: str = Field(examples=["bitlocker"], description="`bitlocker`, `filevault`, `luks`, `other`.")
    volume: str | None = Field(examples=["C:"], description="What it unlocks.")
    put_in_at: datetime
    revealed_at: datetime | None
    rotation_asked_at: datetime | None = Field(description="When management was asked to replace it.")


class RecoveryKeys(Answer):
    device_id: str
    device_name: str
    keys: tuple[RecoveryKey, ...]


class RevealedKey(Answer):
    """A recovery key, to be read once and kept by nobody."""

    id: str
    kind: str
    volume: str | None
    device_name: str
    key: str = Field(repr=False)


class PutRecoveryKey(Request):
    """A recovery key of a device; the one of the same id before is replaced."""

    kind: KeyKind
    key: TypedKey = Field(repr=False)
    volume: Text | None = None


class BulkLine(Line):
    """One line of a bulk request (NDJSON): what is done to one device of one account.

    With `put` it says what management knows, with `activity` what changes often; `enable` and `delete` say nothing.
    """

    account: str = Field(min_length=1, max_length=255)
    device_id: Identifier
    do: Literal["put", "activity", "enable", "delete"] = "put"
    device: PutDevice | None = None
    activity: NoteActivity | None = None

    @model_validator(mode="after")
    def _says_what_it_does(self) -> Self:
        if (self.device is not None) != (self.do == "put"):
            raise ValueError("device_needed" if self.device is None else "device_out_of_place")
        if (self.activity is not None) != (self.do == "activity"):
            raise ValueError("activity_needed" if self.activity is None else "activity_out_of_place")
        return self

    @property
    def done(self) -> int:
        """Give the status of the same request by itself: what shows a device has content, the rest has none."""
        return 200 if self.do in {"put", "enable"} else 204
