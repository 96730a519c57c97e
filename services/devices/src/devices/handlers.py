"""The door: one short method per endpoint."""

from functools import partial

from devices import model, views
from devices.model import Devices
from shared.contracts import devices as contract
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Rule
from shared.serving import Call
from shared.storing import Store


class Handlers:
    """Answer for the account that calls, and to the systems that put devices in."""

    def __init__(self, store: Store[Devices]) -> None:
        self._store = store

    async def get_devices(self, call: Call) -> contract.Devices:
        """List the devices."""
        return views.devices(await self._store.read(call.account))

    async def rename_device(self, call: Call, wish: contract.RenameDevice) -> contract.Device:
        """Give a device a name."""
        device_id = call.path["device_id"]
        return await self._change(call, partial(model.rename, device_id=device_id, name=wish.name))

    async def disable_device(self, call: Call, wish: contract.DisableDevice) -> contract.Device:
        """Disable a device."""
        device_id = call.path["device_id"]
        return await self._change(call, partial(model.disable, device_id=device_id, reason=wish.reason))

    async def put_device(self, call: Call, wish: contract.PutDevice) -> contract.Device:
        """Connect a device, or note what is known of it now."""
        if not call.system.speaks_for(wish.organization_id):
            raise OrganizationNotYours
        known = wish.model_dump(exclude={"organization_id"})
        rule = partial(model.put, device_id=call.path["device_id"], organization_id=wish.organization_id, known=known)
        return await self._change_as_system(call, rule)

    async def enable_device(self, call: Call) -> contract.Device:
        """Let a disabled device be used again."""
        rule = partial(model.enable, device_id=call.path["device_id"])
        return await self._change_as_system(call, rule)

    async def _change_as_system(self, call: Call, rule: Rule[Devices]) -> contract.Device:
        """Change a device for a system that speaks for its organization, also when it is told again."""
        device_id, speaks_for = call.path["device_id"], call.system.speaks_for
        bound = partial(model.as_system, rule=rule, device_id=device_id, speaks_for=speaks_for)
        device = await self._change(call, bound)
        if not speaks_for(device.organization_id):
            raise OrganizationNotYours
        return device

    async def _change(self, call: Call, rule: Rule[Devices]) -> contract.Device:
        outcome = await self._store.change(call.account, call.guarding(rule, views.devices), command=call.command)
        return views.device(call.path["device_id"], outcome.state.device(call.path["device_id"]))
