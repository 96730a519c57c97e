"""The rules of what news tells of memberships: the newest counts, however late it comes. Pure."""

from collections.abc import Mapping

from devices.model import NEVER, Device, Devices, Membership
from shared.contracts import devices as contract
from shared.contracts.event import Event
from shared.deciding import Decision
from shared.facts import Facts


def join(
    state: Devices,
    _facts: Facts,
    *,
    organization_id: str,
    sequence: str,
    limit: int,
    membership_id: str | None = None,
    restored: bool = False,
) -> Decision[Devices]:
    """Note that a membership started, unless newer news was heard of it; a restored one brings its devices back."""
    known = state.memberships.get(organization_id)
    if known and known.sequence >= sequence:
        return Decision(state)
    member = state.with_membership(organization_id, Membership(sequence=sequence, member=True, id=membership_id))
    if not restored or membership_id is None:
        return Decision(member)
    theirs = _of(state, organization_id, membership_id)
    gone = {id_: device for id_, device in theirs.items() if device.disconnected_at}
    room = max(0, limit - len(state.connected()))
    newest = sorted(gone, key=lambda id_: str(gone[id_].last_active_at or gone[id_].connected_at), reverse=True)[:room]
    kept = {id_: device.changed(under=sequence) for id_, device in theirs.items() if id_ not in gone}
    back = {id_: gone[id_].changed(disconnected_at=None, under=sequence) for id_ in newest}
    news = [
        contract.DeviceConnected(device_id=id_, organization_id=organization_id, kind=device.kind, name=device.called)
        for id_, device in back.items()
    ]
    return Decision(member.model_copy(update={"devices": {**member.devices, **kept, **back}}), news=tuple(news))


def part(
    state: Devices, facts: Facts, *, organization_id: str, sequence: str, membership_id: str | None = None
) -> Decision[Devices]:
    """Note that a membership ended, and disconnect what was connected under it.

    Heard late, after the account joined again, it disconnects what is from before and nothing else: whichever
    comes first, the end is the same. After that very membership was restored, there is nothing left to disconnect.
    """
    known = state.memberships.get(organization_id) or Membership(sequence=NEVER, member=False)
    newer = known.sequence > sequence
    noted = Membership(
        sequence=max(known.sequence, sequence), member=known.member and newer, id=known.id if newer else membership_id
    )
    if newer and known.member and membership_id is not None and known.id == membership_id:
        return Decision(state)
    devices, news = dict(state.devices), list[Event]()
    for id_, device in _under(state.connected(), organization_id, sequence).items():
        devices[id_] = device.changed(disconnected_at=facts.now)
        news.append(contract.DeviceDisconnected(device_id=id_, organization_id=organization_id, name=device.called))
    left = state.model_copy(update={"devices": devices}).with_membership(organization_id, noted)
    return Decision(left.forgetting(), news=tuple(news))


def purge(
    state: Devices, _facts: Facts, *, organization_id: str, sequence: str, membership_id: str | None
) -> Decision[Devices]:
    """Forget the devices of a membership that can be restored no more, their recovery keys with them.

    Heard before the end of that membership, it is its end.
    """
    if membership_id is None:
        return Decision(state)
    theirs = _of(state, organization_id, membership_id)
    news = [
        contract.DeviceDisconnected(device_id=id_, organization_id=organization_id, name=device.called)
        for id_, device in theirs.items()
        if not device.disconnected_at
    ]
    known = state.memberships.get(organization_id) or Membership(sequence=NEVER, member=False)
    left = state.model_copy(update={"devices": {id_: one for id_, one in state.devices.items() if id_ not in theirs}})
    if known.sequence < sequence:  # whatever was before ended: what ended is purged before another begins
        left = left.with_membership(organization_id, Membership(sequence=sequence, member=False, id=membership_id))
    return Decision(left, news=tuple(news))


def _of(state: Devices, organization_id: str, membership_id: str) -> dict[str, Device]:
    """Give the devices of a membership; those from before memberships had ids are their organization's."""
    return {
        id_: device
        for id_, device in state.devices.items()
        if device.organization_id == organization_id and device.membership in {membership_id, None}
    }


def _under(devices: Mapping[str, Device], organization_id: str, sequence: str) -> dict[str, Device]:
    return {
        id_: device
        for id_, device in devices.items()
        if device.organization_id == organization_id and device.under < sequence
    }
