"""What devices announces; no recovery key is ever part of it."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.event import Event


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
    """A device is no longer connected: the account left its organization, or management deleted it."""

    wire: ClassVar[str] = "profile.devices.device.disconnected.v1"
    device_id: str
    organization_id: str
    name: str
    reason: str = Field(
        default="membership_ended", description="`membership_ended`, `deleted`, `moved` to another organization."
    )


class DeviceEnablingRequested(Event):
    """The person asks to have a disabled device enabled again, which an administrator decides."""

    wire: ClassVar[str] = "profile.devices.device.enabling-requested.v1"
    device_id: str
    organization_id: str
    name: str


class DeviceComplianceChanged(Event):
    """A device keeps its organization's rules, or does so no more."""

    wire: ClassVar[str] = "profile.devices.device.compliance-changed.v1"
    device_id: str
    organization_id: str
    name: str
    compliance: str = Field(examples=["not_compliant"], description="`compliant`, `not_compliant`, `unknown`.")


class RecoveryKeyStored(Event):
    """Device management put a recovery key in, or replaced one."""

    wire: ClassVar[str] = "profile.devices.recovery-key.stored.v1"
    device_id: str
    organization_id: str
    name: str
    key_id: str
    kind: str


class RecoveryKeyRevealed(Event):
    """The person was shown a recovery key of a device."""

    wire: ClassVar[str] = "profile.devices.recovery-key.revealed.v1"
    tells_person: ClassVar[bool] = True
    device_id: str
    organization_id: str
    name: str
    key_id: str
    kind: str


class RecoveryKeyRotationRequested(Event):
    """The person asks device management to replace a recovery key that somebody may have seen."""

    wire: ClassVar[str] = "profile.devices.recovery-key.rotation-requested.v1"
    device_id: str
    organization_id: str
    name: str
    key_id: str
    kind: str


class RecoveryKeyDeleted(Event):
    """Device management took a recovery key out."""

    wire: ClassVar[str] = "profile.devices.recovery-key.deleted.v1"
    device_id: str
    organization_id: str
    name: str
    key_id: str
    kind: str


EVENTS = (
    DeviceConnected,
    DeviceRenamed,
    DeviceDisabled,
    DeviceEnabled,
    DeviceDisconnected,
    DeviceEnablingRequested,
    DeviceComplianceChanged,
    RecoveryKeyStored,
    RecoveryKeyRevealed,
    RecoveryKeyRotationRequested,
    RecoveryKeyDeleted,
)
