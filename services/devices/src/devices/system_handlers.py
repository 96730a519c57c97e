"""The door for device management: what it knows of devices, one by one and in bulk."""

from functools import partial

from devices import managing, views
from devices.model import Devices
from shared.asking import Call
from shared.contracts import devices as contract
from shared.contracts.problem import CommandReused, OrganizationNotYours
from shared.deciding import Rule
from shared.storing import Store


class SystemHandlers:
    """Answer to systems that speak for a device's organization."""

    def __init__(self, store: Store[Devices], *, limit: int) -> None:
        self._store = store
        self._limit = limit

    async def put_device(self, call: Call, wish: contract.PutDevice) -> contract.Device:
        """Connect a device, or note what is known of it now."""
        device_id = call.path["device_id"]
        state = await self._change(call, call.account, device_id, self._putting(call, device_id, wish))
        return self._shown(call, device_id, state)

    async def delete_device(self, call: Call) -> None:
        """Disconnect a device for good."""
        device_id = call.path["device_id"]
        await self._change(call, call.account, device_id, partial(managing.delete, device_id=device_id))

    async def note_activity(self, call: Call, wish: contract.NoteActivity) -> None:
        """Note what changes often."""
        device_id = call.path["device_id"]
        await self._change(call, call.account, device_id, _noting(device_id, wish))

    async def enable_device(self, call: Call) -> contract.Device:
        """Let a disabled device be used again."""
        device_id = call.path["device_id"]
        state = await self._change(call, call.account, device_id, partial(managing.enable, device_id=device_id))
        return self._shown(call, device_id, state)

    async def put_recovery_key(self, call: Call, wish: contract.PutRecoveryKey) -> None:
        """Put a recovery key in.

        A command's digest says nothing of secrets, so another key by the same command is only found by looking.
        """
        device_id, key_id = call.path["device_id"], call.path["key_id"]
        rule = partial(managing.put_recovery_key, device_id=device_id, key_id=key_id, wish=wish)
        opens = (f"devices.{device_id}.recovery_keys.{key_id}.key",)  # management puts the same one in again
        key = (await self._change(call, call.account, device_id, rule, opens)).device(device_id).recovery_key(key_id)
        if not key.key.is_open:  # the command was carried out before
            key = (await self._store.read(call.account, opens=opens)).device(device_id).recovery_key(key_id)
        if not managing.is_the_same(key, wish):
            raise CommandReused

    async def delete_recovery_key(self, call: Call) -> None:
        """Take a recovery key out."""
        device_id, key_id = call.path["device_id"], call.path["key_id"]
        rule = partial(managing.delete_recovery_key, device_id=device_id, key_id=key_id)
        await self._change(call, call.account, device_id, rule)

    async def bulk(self, call: Call, line: contract.BulkLine) -> None:
        """Do what one line says."""
        device_id = line.device_id
        rule: Rule[Devices] = partial(managing.delete if line.do == "delete" else managing.enable, device_id=device_id)
        if line.device is not None:
            rule = self._putting(call, device_id, line.device)
        elif line.activity is not None:
            rule = _noting(device_id, line.activity)
        await self._change(call, line.account, device_id, rule)

    def _putting(self, call: Call, device_id: str, wish: contract.PutDevice) -> Rule[Devices]:
        if not call.system.speaks_for(wish.organization_id):
            raise OrganizationNotYours
        known = wish.model_dump(exclude={"organization_id"})
        organization_id = wish.organization_id
        return partial(
            managing.put, device_id=device_id, organization_id=organization_id, known=known, limit=self._limit
        )

    async def _change(
        self, call: Call, account: str, device_id: str, rule: Rule[Devices], opens: tuple[str, ...] = ()
    ) -> Devices:
        """Change a device for a system that speaks for its organization."""
        bound = partial(managing.as_system, rule=rule, device_id=device_id, speaks_for=call.system.speaks_for)
        return (await self._store.change(account, bound, command=call.command, opens=opens)).state

    def _shown(self, call: Call, device_id: str, state: Devices) -> contract.Device:
        """Show a device to who speaks for its organization, also when it is told again."""
        device = state.device(device_id)
        if not call.system.speaks_for(device.organization_id):
            raise OrganizationNotYours
        return views.device(device_id, device)


def _noting(device_id: str, wish: contract.NoteActivity) -> Rule[Devices]:
    known = wish.model_dump(exclude_unset=True, exclude_none=True)
    if wish.compliance is not None:
        known["compliance_reasons"] = wish.compliance_reasons
    return partial(managing.note, device_id=device_id, known=known)
