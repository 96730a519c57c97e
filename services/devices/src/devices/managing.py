"""The rules of what device management says. Pure."""

from collections.abc import Callable
from typing import Any

from devices.model import MOST_RECOVERY_KEYS, Device, Devices, Membership, Place, RecoveryKey
from shared.contracts import devices as contract
from shared.contracts.event import Event
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Decision, Rule
from shared.facts import Facts
from shared.sealing import Secret


def put(
    state: Devices, facts: Facts, *, device_id: str, organization_id: str, known: dict[str, Any], limit: int
) -> Decision[Devices]:
    """Connect a device, or note what management knows of it now.

    What the person decided stays: a device that was disabled is not enabled by being put in again. Under another
    membership it is another device, which inherits nothing.
    """
    membership = state.memberships.get(organization_id)
    if membership is None or not membership.member:
        raise contract.NotAMember
    before = state.devices.get(device_id)
    told = {**known, "organization_id": organization_id, "under": membership.sequence, "membership": membership.id}
    answer = {"device_id": device_id}
    same = before is not None and _is_under(before, organization_id, membership)
    if before and same and not before.disconnected_at:
        return Decision(
            state.with_device(device_id, _told(before, told)), answer, _compliance_news(device_id, before, told)
        )
    if len(state.connected()) - (device_id in state.connected()) >= limit:
        raise contract.DeviceLimitReached(limit=limit)
    fresh = {**told, "connected_at": facts.now, "disconnected_at": None}
    device = _told(before, fresh) if before and same else Device.model_validate(fresh)
    news: list[Event] = []
    if before and not before.disconnected_at:
        gone, why = before.organization_id, "moved" if before.organization_id != organization_id else "membership_ended"
        news.append(
            contract.DeviceDisconnected(device_id=device_id, organization_id=gone, name=before.called, reason=why)
        )
    news.append(
        contract.DeviceConnected(
            device_id=device_id, organization_id=organization_id, kind=device.kind, name=device.called
        )
    )
    return Decision(state.with_device(device_id, device).forgetting(), answer, tuple(news))


def note(state: Devices, _facts: Facts, *, device_id: str, known: dict[str, Any]) -> Decision[Devices]:
    """Note what changes often; only that a device keeps the rules no more, or again, is news."""
    device = state.device(device_id)
    seen = known.get("last_active_at")
    if seen is not None and device.last_active_at is not None and seen < device.last_active_at:
        return Decision(state)  # a report that comes late tells of then
    return Decision(state.with_device(device_id, _told(device, known)), news=_compliance_news(device_id, device, known))


def delete(state: Devices, _facts: Facts, *, device_id: str) -> Decision[Devices]:
    """Disconnect a device for good; nothing of it is remembered."""
    device = state.devices.get(device_id)
    if device is None:
        return Decision(state)
    gone = contract.DeviceDisconnected(
        device_id=device_id, organization_id=device.organization_id, name=device.called, reason="deleted"
    )
    return Decision(state.without(device_id), news=() if device.disconnected_at else (gone,))


def enable(state: Devices, _facts: Facts, *, device_id: str) -> Decision[Devices]:
    """Let a disabled device be used again."""
    device = state.device(device_id)
    answer = {"device_id": device_id}
    if not device.disabled_at:
        return Decision(state, answer)
    enabled = device.changed(disabled_at=None, disabled_reason=None, asked_back_at=None)
    news = contract.DeviceEnabled(device_id=device_id, organization_id=device.organization_id, name=device.called)
    return Decision(state.with_device(device_id, enabled), answer, (news,))


def put_recovery_key(
    state: Devices, facts: Facts, *, device_id: str, key_id: str, wish: contract.PutRecoveryKey
) -> Decision[Devices]:
    """Put a recovery key in, or replace it: a new one was shown to nobody; the same one again changes nothing."""
    device = state.device(device_id)
    if (before := device.recovery_keys.get(key_id)) and is_the_same(before, wish):
        return Decision(state)
    if key_id not in device.recovery_keys and len(device.recovery_keys) >= MOST_RECOVERY_KEYS:
        raise contract.RecoveryKeyLimitReached(limit=MOST_RECOVERY_KEYS)
    key = RecoveryKey(kind=wish.kind, key=Secret(wish.key.get_secret_value()), volume=wish.volume, put_in_at=facts.now)
    news = contract.RecoveryKeyStored(
        device_id=device_id, organization_id=device.organization_id, name=device.called, key_id=key_id, kind=key.kind
    )
    return Decision(state.with_device(device_id, device.with_recovery_key(key_id, key)), news=(news,))


def delete_recovery_key(state: Devices, _facts: Facts, *, device_id: str, key_id: str) -> Decision[Devices]:
    """Take a recovery key out; what is gone already is gone."""
    device = state.device(device_id)
    key = device.recovery_keys.get(key_id)
    if key is None:
        return Decision(state)
    left = {id_: kept for id_, kept in device.recovery_keys.items() if id_ != key_id}
    news = contract.RecoveryKeyDeleted(
        device_id=device_id, organization_id=device.organization_id, name=device.called, key_id=key_id, kind=key.kind
    )
    return Decision(state.with_device(device_id, device.changed(recovery_keys=left)), news=(news,))


def as_system(
    state: Devices, facts: Facts, *, rule: Rule[Devices], device_id: str, speaks_for: Callable[[str], bool]
) -> Decision[Devices]:
    """Carry *rule* out for a system that speaks for the device's organization.

    That holds for a disconnected one too: what its organization can restore is no other's to destroy.
    """
    device = state.devices.get(device_id)
    if device and not speaks_for(device.organization_id):
        raise OrganizationNotYours
    return rule(state, facts)


def _is_under(device: Device, organization_id: str, membership: Membership) -> bool:
    return device.organization_id == organization_id and device.membership in {membership.id, None}


def is_the_same(key: RecoveryKey, wish: contract.PutRecoveryKey) -> bool:
    """Tell whether a recovery key, which has to be open, is the one that is put in."""
    return (key.kind, key.volume, key.key.value) == (wish.kind, wish.volume, wish.key.get_secret_value())


def _told(device: Device, known: dict[str, Any]) -> Device:
    """Give the device as it is known now; its recovery keys stay sealed."""
    place = known.get("last_place")
    return device.changed(**{**known, **({"last_place": Place.model_validate(place)} if place else {})})


def _compliance_news(device_id: str, before: Device, known: dict[str, Any]) -> tuple[Event, ...]:
    """Tell where a device keeps the rules no more, or again; that something is known of it at last is no news."""
    now = known.get("compliance", before.compliance)
    if now == before.compliance or "not_compliant" not in {now, before.compliance}:
        return ()
    return (
        contract.DeviceComplianceChanged(
            device_id=device_id, organization_id=before.organization_id, name=before.called, compliance=now
        ),
    )
