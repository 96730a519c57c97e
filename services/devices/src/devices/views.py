"""State → what is shown of it."""

from datetime import UTC, datetime

from devices.model import Device, Devices, RecoveryKey
from shared.contracts import devices as contract

_NEVER = datetime.min.replace(tzinfo=UTC)


def devices(state: Devices, *, limit: int) -> contract.Devices:
    """Show the devices that are connected, the most recently active first."""
    by_activity = sorted(
        state.connected().items(), key=lambda pair: (pair[1].last_active_at or _NEVER, pair[0]), reverse=True
    )
    return contract.Devices(devices=tuple(device(id_, one) for id_, one in by_activity), limit=limit)


def device(device_id: str, shown: Device) -> contract.Device:
    """Show one device."""
    return contract.Device(
        id=device_id,
        name=shown.called,
        managed_name=shown.name if shown.called != shown.name else None,
        organization_id=shown.organization_id,
        kind=shown.kind,
        maker=shown.maker,
        model=shown.model,
        os=shown.os,
        os_version=shown.os_version,
        join_type=shown.join_type,
        compliance=shown.compliance,
        compliance_reasons=shown.compliance_reasons,
        registered_at=shown.registered_at,
        connected_at=shown.connected_at,
        last_active_at=shown.last_active_at,
        last_place=_place(shown),
        state="disabled" if shown.disabled_at else "active",
        disabled_at=shown.disabled_at,
        disabled_reason=shown.disabled_reason,
        asked_back_at=shown.asked_back_at,
        recovery_keys=len(shown.recovery_keys),
    )


def recovery_keys(device_id: str, shown: Device) -> contract.RecoveryKeys:
    """Show which recovery keys there are, and none of them."""
    keys = (
        contract.RecoveryKey(
            id=id_,
            kind=key.kind,
            volume=key.volume,
            put_in_at=key.put_in_at,
            revealed_at=key.revealed_at,
            rotation_asked_at=key.rotation_asked_at,
        )
        for id_, key in shown.recovery_keys.items()
    )
    return contract.RecoveryKeys(device_id=device_id, device_name=shown.called, keys=tuple(keys))


def revealed(key_id: str, key: RecoveryKey, *, of: str) -> contract.RevealedKey:
    """Show one recovery key, which must be opened, *of* a device called so."""
    return contract.RevealedKey(id=key_id, kind=key.kind, volume=key.volume, device_name=of, key=key.key.value)


def _place(shown: Device) -> contract.Place | None:
    return contract.Place(country=shown.last_place.country, city=shown.last_place.city) if shown.last_place else None
