"""What devices promises: the devices with which a person works, put in by device management."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.contracts.problem import Problem
from shared.contracts.wording import Answer, Identifier, Label, Moment, Request, Text

WRITE = "devices.write"
"""The scope of systems that put devices in."""

Kind = Literal["laptop", "desktop", "phone", "tablet", "other"]
JoinType = Literal["registered", "joined", "hybrid_joined"]
Compliance = Literal["compliant", "not_compliant", "unknown"]
Reason = Literal["lost", "stolen", "not_mine", "not_recognised"]


class Device(Answer):
    """A device that is connected to an organization; readers meet newer kinds and states than they know."""

    id: str
    name: str = Field(description="The person's own name for it, else the one that management gave.")
    organization_id: str
    kind: str = Field(examples=["laptop"], description="`laptop`, `desktop`, `phone`, `tablet`, `other`.")
    maker: str | None
    model: str | None
    os: str | None
    os_version: str | None
    join_type: str | None = Field(examples=["joined"], description="`registered`, `joined`, `hybrid_joined`.")
    compliance: str = Field(examples=["compliant"], description="`compliant`, `not_compliant`, `unknown`.")
    connected_at: datetime
    last_active_at: datetime | None
    state: str = Field(examples=["active"], description="`active`, `disabled`.")
    disabled_at: datetime | None
    disabled_reason: str | None = Field(description="`lost`, `stolen`, `not_mine`, `not_recognised`.")


class Devices(Answer):
    devices: tuple[Device, ...] = Field(description="The most recently active first; those never seen last.")
    limit: int = Field(description="How many there may be.")


class RenameDevice(Request):
    name: Label


class DisableDevice(Request):
    reason: Reason


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
    last_active_at: Moment | None = None


@dataclass(eq=False, kw_only=True)
class DeviceNotFound(Problem):
    key: ClassVar[str] = "device_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class DeviceLimitReached(Problem):
    key: ClassVar[str] = "device_limit_reached"
    status: ClassVar[int] = 409
    limit: int


@dataclass(eq=False, kw_only=True)
class NotAMember(Problem):
    """Refuse to connect something to an organization to which, as far as is known here, the account does not belong.

    What organizations was told a moment ago may not have come here yet.
    """

    key: ClassVar[str] = "not_a_member"
    status: ClassVar[int] = 409


class DeviceConnected(Event):
    """A device was connected to an account in the name of an organization."""

    wire: ClassVar[str] = "profile.devices.device.connected.v1"
    tells_person: ClassVar[bool] = True
    device_id: str
    organization_id: str
    kind: str
    name: str


class DeviceRenamed(Event):
    """A device was given another name by the person whose it is."""

    wire: ClassVar[str] = "profile.devices.device.renamed.v1"
    device_id: str
    organization_id: str
    name: str
    previous_name: str


class DeviceDisabled(Event):
    """A device may not be used for the account any more until an administrator enables it."""

    wire: ClassVar[str] = "profile.devices.device.disabled.v1"
    tells_person: ClassVar[bool] = True
    device_id: str
    organization_id: str
    name: str
    reason: str = Field(examples=["lost"], description="`lost`, `stolen`, `not_mine`, `not_recognised`.")


class DeviceEnabled(Event):
    """A device that was disabled may be used again."""

    wire: ClassVar[str] = "profile.devices.device.enabled.v1"
    tells_person: ClassVar[bool] = True
    device_id: str
    organization_id: str
    name: str


class DeviceDisconnected(Event):
    """A device is no longer connected, because the account no longer belongs to its organization."""

    wire: ClassVar[str] = "profile.devices.device.disconnected.v1"
    device_id: str
    organization_id: str
    name: str


GET_DEVICES = Endpoint(
    name="getDevices",
    summary="List the devices that are connected to the account",
    method="GET",
    path="/devices",
    response=Devices,
)
RENAME_DEVICE = Endpoint(
    name="renameDevice",
    summary="Give a device a name of one's own",
    method="PATCH",
    path="/devices/{device_id}",
    request=RenameDevice,
    response=Device,
    problems=(DeviceNotFound,),
)
DISABLE_DEVICE = Endpoint(
    name="disableDevice",
    summary="Keep a device from being used for the account; only an administrator undoes it",
    method="POST",
    path="/devices/{device_id}/disable",
    request=DisableDevice,
    response=Device,
    problems=(DeviceNotFound,),
    needs_proof="device.disable",
)
PUT_DEVICE = Endpoint(
    name="putDevice",
    summary="Connect a device to an account, or tell what is known of it now",
    method="PUT",
    path="/system/accounts/{account}/devices/{device_id}",
    request=PutDevice,
    response=Device,
    problems=(NotAMember, DeviceLimitReached),
    scope=WRITE,
)
ENABLE_DEVICE = Endpoint(
    name="enableDevice",
    summary="Let a device that was disabled be used again",
    method="POST",
    path="/system/accounts/{account}/devices/{device_id}/enable",
    response=Device,
    problems=(DeviceNotFound,),
    scope=WRITE,
)

ENDPOINTS = (GET_DEVICES, RENAME_DEVICE, DISABLE_DEVICE, PUT_DEVICE, ENABLE_DEVICE)
EVENTS = (DeviceConnected, DeviceRenamed, DeviceDisabled, DeviceEnabled, DeviceDisconnected)
