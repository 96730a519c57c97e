"""One account's devices are one document, with their recovery keys and what is known of its memberships. Pure."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.contracts import devices as contract
from shared.sealing import Secret

CEILING = 200
"""Devices that one account may have, whatever the operator says; as many disconnected ones are remembered."""
DEFAULT_LIMIT = 20
MOST_RECOVERY_KEYS = 5
"""Recovery keys of one device."""
NEVER = ""
"""Sorts before the sequence of any news."""


class Place(BaseModel):
    """Where a device was seen, coarsely."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    country: str | None = None
    city: str | None = None


class RecoveryKey(BaseModel):
    """A key that unlocks a disk; the key itself is sealed."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    kind: str
    key: Secret
    volume: str | None = None
    put_in_at: datetime
    revealed_at: datetime | None = None
    rotation_asked_at: datetime | None = None


class Device(BaseModel):
    """A device as management knows it, with what the person made of it.

    *under* is the sequence of the news that told of the membership under which it was connected, *membership* that
    membership's id, which a restored one keeps.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    organization_id: str
    name: str
    own_name: str | None = None
    kind: str
    maker: str | None = None
    model: str | None = None
    os: str | None = None
    os_version: str | None = None
    join_type: str | None = None
    compliance: str = "unknown"
    compliance_reasons: tuple[str, ...] = ()
    registered_at: datetime | None = None
    last_active_at: datetime | None = None
    last_place: Place | None = None
    connected_at: datetime
    under: str
    membership: str | None = None
    disconnected_at: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None
    asked_back_at: datetime | None = None
    recovery_keys: dict[str, RecoveryKey] = {}

    @property
    def called(self) -> str:
        """Give the person's own name for it, else the one that management gave."""
        return self.own_name or self.name

    def changed(self, **changes: Any) -> "Device":
        """Give the device with other fields."""
        return self.model_copy(update=changes)

    def recovery_key(self, key_id: str) -> RecoveryKey:
        """Give one of its recovery keys."""
        key = self.recovery_keys.get(key_id)
        if key is None:
            raise contract.RecoveryKeyNotFound
        return key

    def with_recovery_key(self, key_id: str, key: RecoveryKey) -> "Device":
        """Give the device with one recovery key put in or changed."""
        return self.changed(recovery_keys={**self.recovery_keys, key_id: key})


class Membership(BaseModel):
    """Our copy of a membership: what the newest news said."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sequence: str
    member: bool
    id: str | None = None


class Devices(BaseModel):
    """The devices of one account by their ids, and its memberships by organization."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    devices: dict[str, Device] = {}
    memberships: dict[str, Membership] = {}

    def connected(self) -> dict[str, Device]:
        """Give the devices that are there."""
        return {id_: device for id_, device in self.devices.items() if not device.disconnected_at}

    def device(self, device_id: str) -> Device:
        """Give a device of this account; any other is not found, whosever it is."""
        device = self.devices.get(device_id)
        if device is None or device.disconnected_at:
            raise contract.DeviceNotFound
        return device

    def with_device(self, device_id: str, device: Device) -> "Devices":
        """Give the state with one device put in or changed."""
        return self.model_copy(update={"devices": {**self.devices, device_id: device}})

    def with_membership(self, organization_id: str, membership: Membership) -> "Devices":
        """Give the state with one membership noted."""
        return self.model_copy(update={"memberships": {**self.memberships, organization_id: membership}})

    def without(self, device_id: str) -> "Devices":
        """Give the state without one device."""
        return self.model_copy(
            update={"devices": {id_: device for id_, device in self.devices.items() if id_ != device_id}}
        )

    def forgetting(self) -> "Devices":
        """Forget the longest disconnected devices, where there are more than may be remembered."""
        gone = [(device.disconnected_at, id_) for id_, device in self.devices.items() if device.disconnected_at]
        surplus = {id_ for _, id_ in sorted(gone)[: max(0, len(gone) - CEILING)]}
        if not surplus:
            return self
        kept = {id_: device for id_, device in self.devices.items() if id_ not in surplus}
        return self.model_copy(update={"devices": kept})
