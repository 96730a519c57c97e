"""What devices answers."""

from shared.contracts.devices import problems, records
from shared.contracts.endpoint import Endpoint
from shared.contracts.lines import LineResult

WRITE = "devices.write"
"""The scope of systems that put devices and their recovery keys in."""

GET_DEVICES = Endpoint(
    name="getDevices",
    summary="List the devices that are connected to the account",
    method="GET",
    path="/devices",
    response=records.Devices,
)
RENAME_DEVICE = Endpoint(
    name="renameDevice",
    summary="Give a device a name of one's own",
    method="PATCH",
    path="/devices/{device_id}",
    request=records.RenameDevice,
    response=records.Device,
    problems=(problems.DeviceNotFound,),
)
DISABLE_DEVICE = Endpoint(
    name="disableDevice",
    summary="Keep a device from being used for the account; only an administrator undoes it",
    method="POST",
    path="/devices/{device_id}/disable",
    request=records.DisableDevice,
    response=records.Device,
    problems=(problems.DeviceNotFound,),
    needs_proof="device.disable",
)
ASK_BACK = Endpoint(
    name="askForDeviceBack",
    summary="Ask the organization to enable a disabled device again",
    method="POST",
    path="/devices/{device_id}/ask-back",
    response=records.Device,
    problems=(problems.DeviceNotFound, problems.DeviceNotDisabled),
)
GET_RECOVERY_KEYS = Endpoint(
    name="getRecoveryKeys",
    summary="List the recovery keys of a device, without the keys themselves",
    method="GET",
    path="/devices/{device_id}/recovery-keys",
    response=records.RecoveryKeys,
    problems=(problems.DeviceNotFound,),
)
REVEAL_RECOVERY_KEY = Endpoint(
    name="revealRecoveryKey",
    summary="Show one recovery key, which is recorded and told",
    method="POST",
    path="/devices/{device_id}/recovery-keys/{key_id}/reveal",
    response=records.RevealedKey,
    problems=(problems.DeviceNotFound, problems.RecoveryKeyNotFound),
    needs_proof="recovery-key.reveal",
    fresh=True,
)
ROTATE_RECOVERY_KEY = Endpoint(
    name="rotateRecoveryKey",
    summary="Ask device management to replace a recovery key",
    method="POST",
    path="/devices/{device_id}/recovery-keys/{key_id}/rotate",
    response=records.RecoveryKeys,
    problems=(problems.DeviceNotFound, problems.RecoveryKeyNotFound),
)
PUT_DEVICE = Endpoint(
    name="putDevice",
    summary="Connect a device to an account, or tell what is known of it now",
    method="PUT",
    path="/system/accounts/{account}/devices/{device_id}",
    request=records.PutDevice,
    response=records.Device,
    problems=(problems.NotAMember, problems.DeviceLimitReached),
    scope=WRITE,
)
DELETE_DEVICE = Endpoint(
    name="deleteDevice",
    summary="Disconnect a device, with its recovery keys, for good",
    method="DELETE",
    path="/system/accounts/{account}/devices/{device_id}",
    status=204,
    scope=WRITE,
)
NOTE_ACTIVITY = Endpoint(
    name="noteDeviceActivity",
    summary="Tell what changes often of a device: when and where it was active, whether it keeps the rules",
    method="POST",
    path="/system/accounts/{account}/devices/{device_id}/activity",
    request=records.NoteActivity,
    status=204,
    problems=(problems.DeviceNotFound,),
    scope=WRITE,
)
ENABLE_DEVICE = Endpoint(
    name="enableDevice",
    summary="Let a device that was disabled be used again",
    method="POST",
    path="/system/accounts/{account}/devices/{device_id}/enable",
    response=records.Device,
    problems=(problems.DeviceNotFound,),
    scope=WRITE,
)
PUT_RECOVERY_KEY = Endpoint(
    name="putRecoveryKey",
    summary="Put a recovery key of a device in, or replace it",
    method="PUT",
    path="/system/accounts/{account}/devices/{device_id}/recovery-keys/{key_id}",
    request=records.PutRecoveryKey,
    status=204,
    problems=(problems.DeviceNotFound, problems.RecoveryKeyLimitReached),
    scope=WRITE,
)
DELETE_RECOVERY_KEY = Endpoint(
    name="deleteRecoveryKey",
    summary="Take a recovery key of a device out",
    method="DELETE",
    path="/system/accounts/{account}/devices/{device_id}/recovery-keys/{key_id}",
    status=204,
    problems=(problems.DeviceNotFound,),
    scope=WRITE,
)
BULK = Endpoint(
    name="putDevicesInBulk",
    summary="Do many things to many devices: a line each (NDJSON), answered by a line each while they are done",
    method="POST",
    path="/system/devices/bulk",
    request=records.BulkLine,
    response=LineResult,
    scope=WRITE,
    lines=True,
)

ENDPOINTS = (
    GET_DEVICES,
    RENAME_DEVICE,
    DISABLE_DEVICE,
    ASK_BACK,
    GET_RECOVERY_KEYS,
    REVEAL_RECOVERY_KEY,
    ROTATE_RECOVERY_KEY,
    PUT_DEVICE,
    DELETE_DEVICE,
    NOTE_ACTIVITY,
    ENABLE_DEVICE,
    PUT_RECOVERY_KEY,
    DELETE_RECOVERY_KEY,
    BULK,
)
