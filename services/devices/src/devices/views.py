"""State → what is shown of it."""

from datetime import UTC, datetime

from devices.model import LIMIT, Device, Devices
from shared.contracts import devices as contract

_NEVER = datetime.min.replace(tzinfo=UTC)


def devices(state: Devices) -> contract.Devices:
    """Show the devices that are connected, the most recently active first."""
    by_activity = sorted(
        state.connected().items(), key=lambda pair: (pair[1].last_active_at or _NEVER, pair[0]), reverse=True
    )
    return contract.Devices(devices=tuple(device(id_, one) for id_, one in by_activity), limit=LIMIT)


def device(device_id: str, shown: Device) -> contract.Device:
    """Show one device."""
    return contract.Device(
        id=device_id,
        name=shown.called,
        organization_id=shown.organization_id,
        kind=shown.kind,
        maker=shown.maker,
        model=shown.model,
        os=shown.os,
        os_version=shown.os_version,
        join_type=shown.join_type,
        compliance=shown.compliance,
        connected_at=shown.connected_at,
        last_active_at=shown.last_active_at,
        state="disabled" if shown.disabled_at else "active",
        disabled_at=shown.disabled_at,
        disabled_reason=shown.disabled_reason,
    )
