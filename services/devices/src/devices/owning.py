"""The rules of what a person does with devices. Pure."""

from devices.model import Devices
from shared.contracts import devices as contract
from shared.deciding import Decision
from shared.facts import Facts


def rename(state: Devices, _facts: Facts, *, device_id: str, name: str) -> Decision[Devices]:
    """Give a device a name of the person's own."""
    device = state.device(device_id)
    answer = {"device_id": device_id}
    if name == device.called:
        return Decision(state, answer)
    news = contract.DeviceRenamed(
        device_id=device_id, organization_id=device.organization_id, name=name, previous_name=device.called
    )
    return Decision(state.with_device(device_id, device.changed(own_name=name)), answer, (news,))


def disable(state: Devices, facts: Facts, *, device_id: str, reason: str) -> Decision[Devices]:
    """Disable a device; one that is disabled already stays so, and another reason is news."""
    device = state.device(device_id)
    answer = {"device_id": device_id}
    if device.disabled_at and device.disabled_reason == reason:
        return Decision(state, answer)
    disabled = device.changed(disabled_at=device.disabled_at or facts.now, disabled_reason=reason, asked_back_at=None)
    news = contract.DeviceDisabled(
        device_id=device_id, organization_id=device.organization_id, name=device.called, reason=reason
    )
    return Decision(state.with_device(device_id, disabled), answer, (news,))


def ask_back(state: Devices, facts: Facts, *, device_id: str) -> Decision[Devices]:
    """Ask for a disabled device back; asked again, the first time stays."""
    device = state.device(device_id)
    if not device.disabled_at:
        raise contract.DeviceNotDisabled
    answer = {"device_id": device_id}
    if device.asked_back_at:
        return Decision(state, answer)
    news = contract.DeviceEnablingRequested(
        device_id=device_id, organization_id=device.organization_id, name=device.called
    )
    return Decision(state.with_device(device_id, device.changed(asked_back_at=facts.now)), answer, (news,))


def reveal(state: Devices, facts: Facts, *, device_id: str, key_id: str) -> Decision[Devices]:
    """Note that a recovery key is shown; each time is news, which the person is told.

    The answer says which key of that id it was: whoever asks with the same command again is shown no later one.
    """
    device = state.device(device_id)
    key = device.recovery_key(key_id).model_copy(update={"revealed_at": facts.now})
    news = contract.RecoveryKeyRevealed(
        device_id=device_id, organization_id=device.organization_id, name=device.called, key_id=key_id, kind=key.kind
    )
    answer = {"put_in_at": key.put_in_at.isoformat()}
    return Decision(state.with_device(device_id, device.with_recovery_key(key_id, key)), answer, (news,))


def ask_rotation(state: Devices, facts: Facts, *, device_id: str, key_id: str) -> Decision[Devices]:
    """Ask management to replace a recovery key; until it does, asking again changes nothing."""
    device = state.device(device_id)
    key = device.recovery_key(key_id)
    if key.rotation_asked_at:
        return Decision(state)
    asked = key.model_copy(update={"rotation_asked_at": facts.now})
    news = contract.RecoveryKeyRotationRequested(
        device_id=device_id, organization_id=device.organization_id, name=device.called, key_id=key_id, kind=key.kind
    )
    return Decision(state.with_device(device_id, device.with_recovery_key(key_id, asked)), news=(news,))
