"""The door: one short method per endpoint."""

from functools import partial

from devices import owning, views
from devices.model import Devices
from shared.asking import Call
from shared.contracts import devices as contract
from shared.contracts.problem import ChangedMeanwhile
from shared.deciding import Rule
from shared.storing import Outcome, Store


class Handlers:
    """Answer for the account that calls."""

    def __init__(self, store: Store[Devices], *, limit: int) -> None:
        self._store = store
        self._shown = partial(views.devices, limit=limit)

    async def get_devices(self, call: Call) -> contract.Devices:
        """List the devices."""
        return self._shown(await self._store.read(call.account))

    async def rename_device(self, call: Call, wish: contract.RenameDevice) -> contract.Device:
        """Give a device a name."""
        return await self._device(call, partial(owning.rename, device_id=call.path["device_id"], name=wish.name))

    async def disable_device(self, call: Call, wish: contract.DisableDevice) -> contract.Device:
        """Disable a device."""
        return await self._device(call, partial(owning.disable, device_id=call.path["device_id"], reason=wish.reason))

    async def ask_back(self, call: Call) -> contract.Device:
        """Ask for a disabled device back."""
        return await self._device(call, partial(owning.ask_back, device_id=call.path["device_id"]))

    async def get_recovery_keys(self, call: Call) -> contract.RecoveryKeys:
        """List the recovery keys of a device."""
        device_id = call.path["device_id"]
        return views.recovery_keys(device_id, (await self._store.read(call.account)).device(device_id))

    async def reveal_recovery_key(self, call: Call) -> contract.RevealedKey:
        """Show a recovery key, after it was written down that it is shown."""
        device_id, key_id = call.path["device_id"], call.path["key_id"]
        rule = partial(owning.reveal, device_id=device_id, key_id=key_id)
        place = f"devices.{device_id}.recovery_keys.{key_id}.key"
        outcome = await self._change(call, rule, opens=(place,))
        device = outcome.state.device(device_id)
        if not device.recovery_key(key_id).key.is_open:  # the command was carried out before
            device = (await self._store.read(call.account, opens=(place,))).device(device_id)
        key = device.recovery_key(key_id)
        if key.put_in_at.isoformat() != outcome.answer.get("put_in_at"):
            raise ChangedMeanwhile  # by a key that this command did not ask for, so nobody was told of it
        return views.revealed(key_id, key, of=device.called)

    async def rotate_recovery_key(self, call: Call) -> contract.RecoveryKeys:
        """Ask for a recovery key to be replaced."""
        device_id = call.path["device_id"]
        rule = partial(owning.ask_rotation, device_id=device_id, key_id=call.path["key_id"])
        return views.recovery_keys(device_id, (await self._change(call, rule)).state.device(device_id))

    async def _device(self, call: Call, rule: Rule[Devices]) -> contract.Device:
        device_id = call.path["device_id"]
        return views.device(device_id, (await self._change(call, rule)).state.device(device_id))

    async def _change(self, call: Call, rule: Rule[Devices], opens: tuple[str, ...] = ()) -> Outcome[Devices]:
        guarded = call.guarding(rule, self._shown)
        return await self._store.change(call.account, guarded, command=call.command, opens=opens)
