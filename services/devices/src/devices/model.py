"""One account's devices are one document, with what is known of its memberships; here are the rules. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.contracts import devices as contract
from shared.contracts.event import Event
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Decision, Rule
from shared.facts import Facts

LIMIT = 200
"""Devices that one account may have; as many disconnected ones are remembered."""
NEVER = ""
"""Sorts before the sequence of any news."""


class Device(BaseModel):
    """A device as management knows it, with what the person made of it.

    *under* is the sequence of the news that told of the membership under which it was connected.
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
    last_active_at: datetime | None = None
    connected_at: datetime
    under: str
    disconnected_at: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None

    @property
    def called(self) -> str:
        """Give the person's own name for it, else the one that management gave."""
        return self.own_name or self.name


class Membership(BaseModel):
    """Our copy of a membership: what the newest news said."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sequence: str
    member: bool


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


def put(
    state: Devices, facts: Facts, *, device_id: str, organization_id: str, known: dict[str, Any]
) -> Decision[Devices]:
    """Connect a device, or note what management knows of it now.

    What the person decided stays: a device that was disabled is not enabled by being put in again. Under another
    organization it is another device, which inherits nothing.
    """
    membership = state.memberships.get(organization_id)
    if membership is None or not membership.member:
        raise contract.NotAMember
    before = state.devices.get(device_id)
    told = {**known, "organization_id": organization_id, "under": membership.sequence}
    answer = {"device_id": device_id}
    same = before is not None and before.organization_id == organization_id
    if before and same and not before.disconnected_at:
        return Decision(state.with_device(device_id, before.model_copy(update=told)), answer)
    if len(state.connected()) - (device_id in state.connected()) >= LIMIT:
        raise contract.DeviceLimitReached(limit=LIMIT)
    kept = before.model_dump() if before and same else {}
    device = Device.model_validate({**kept, **told, "connected_at": facts.now, "disconnected_at": None})
    news: list[Event] = []
    if before and not before.disconnected_at:
        gone = before.organization_id
        news.append(contract.DeviceDisconnected(device_id=device_id, organization_id=gone, name=before.called))
    news.append(
        contract.DeviceConnected(
            device_id=device_id, organization_id=organization_id, kind=device.kind, name=device.called
        )
    )
    return Decision(_forgetting(state.with_device(device_id, device)), answer, tuple(news))


def as_system(
    state: Devices, facts: Facts, *, rule: Rule[Devices], device_id: str, speaks_for: Callable[[str], bool]
) -> Decision[Devices]:
    """Carry *rule* out for a system that speaks for the device's organization."""
    device = state.devices.get(device_id)
    if device and not device.disconnected_at and not speaks_for(device.organization_id):
        raise OrganizationNotYours
    return rule(state, facts)


def rename(state: Devices, _facts: Facts, *, device_id: str, name: str) -> Decision[Devices]:
    """Give a device a name of the person's own."""
    device = state.device(device_id)
    answer = {"device_id": device_id}
    if name == device.called:
        return Decision(state, answer)
    news = contract.DeviceRenamed(
        device_id=device_id, organization_id=device.organization_id, name=name, previous_name=device.called
    )
    return Decision(state.with_device(device_id, device.model_copy(update={"own_name": name})), answer, (news,))


def disable(state: Devices, facts: Facts, *, device_id: str, reason: str) -> Decision[Devices]:
    """Disable a device; for one that is disabled already the first reason stays."""
    device = state.device(device_id)
    answer = {"device_id": device_id}
    if device.disabled_at:
        return Decision(state, answer)
    disabled = device.model_copy(update={"disabled_at": facts.now, "disabled_reason": reason})
    news = contract.DeviceDisabled(
        device_id=device_id, organization_id=device.organization_id, name=device.called, reason=reason
    )
    return Decision(state.with_device(device_id, disabled), answer, (news,))


def enable(state: Devices, _facts: Facts, *, device_id: str) -> Decision[Devices]:
    """Let a disabled device be used again."""
    device = state.device(device_id)
    answer = {"device_id": device_id}
    if not device.disabled_at:
        return Decision(state, answer)
    enabled = device.model_copy(update={"disabled_at": None, "disabled_reason": None})
    news = contract.DeviceEnabled(device_id=device_id, organization_id=device.organization_id, name=device.called)
    return Decision(state.with_device(device_id, enabled), answer, (news,))


def join(state: Devices, _facts: Facts, *, organization_id: str, sequence: str) -> Decision[Devices]:
    """Note that a membership started, unless something newer was heard of it."""
    known = state.memberships.get(organization_id)
    if known and known.sequence >= sequence:
        return Decision(state)
    return Decision(state.with_membership(organization_id, Membership(sequence=sequence, member=True)))


def part(state: Devices, facts: Facts, *, organization_id: str, sequence: str) -> Decision[Devices]:
    """Note that a membership ended, and disconnect what was connected under it.

    Heard late, after the account joined again, it disconnects what is from before and nothing else: whichever
    comes first, the end is the same.
    """
    known = state.memberships.get(organization_id) or Membership(sequence=NEVER, member=False)
    noted = Membership(
        sequence=max(known.sequence, sequence),
        member=known.member and known.sequence > sequence,
    )
    devices, news = dict(state.devices), list[Event]()
    for id_, device in state.connected().items():
        if device.organization_id == organization_id and device.under < sequence:
            devices[id_] = device.model_copy(update={"disconnected_at": facts.now})
            news.append(contract.DeviceDisconnected(device_id=id_, organization_id=organization_id, name=device.called))
    left = state.model_copy(update={"devices": devices}).with_membership(organization_id, noted)
    return Decision(_forgetting(left), news=tuple(news))


def _forgetting(state: Devices) -> Devices:
    """Forget the longest disconnected devices, where there are more than may be remembered."""
    gone = [(device.disconnected_at, id_) for id_, device in state.devices.items() if device.disconnected_at]
    surplus = {id_ for _, id_ in sorted(gone)[: max(0, len(gone) - LIMIT)]}
    if not surplus:
        return state
    return state.model_copy(
        update={"devices": {id_: device for id_, device in state.devices.items() if id_ not in surplus}}
    )
