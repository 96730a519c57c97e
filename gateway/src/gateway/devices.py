"""What tells a person's devices apart, and where they stand on the page: rules over what the service lists."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.devices import Device, Devices

_SHORTEST_END = 4
"""Signs of an id that are shown at least."""
_NEARLY_FULL = 0.9


@dataclass(frozen=True, slots=True)
class Apart:
    """What tells a device from those of the same name: the end of its id, its model and its day where these differ."""

    id_end: str
    by_model: bool = False
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """How many devices there are of how many, where that is nearly all."""

    used: int
    limit: int

    @property
    def full(self) -> bool:
        """Tell whether no other device can be connected."""
        return self.used >= self.limit


def told_apart(devices: Sequence[Device]) -> dict[str, Apart]:
    """Tell what differs between devices that are called the same, by their ids; other devices need nothing."""
    by_name: dict[str, list[Device]] = defaultdict(list)
    for device in devices:
        by_name[_alike(device.name)].append(device)
    return {id_: apart for several in by_name.values() if len(several) > 1 for id_, apart in _differing(several)}


def in_use_by_organization(
    devices: Sequence[Device], names_by_id: Mapping[str, str]
) -> list[tuple[str | None, list[Device]]]:
    """Group devices that can be used by the names of their organizations, in the order of these."""
    groups: dict[str | None, list[Device]] = {}
    for device in devices:
        if device.state != "disabled":
            known = device.organization_id in names_by_id
            groups.setdefault(device.organization_id if known else None, []).append(device)
    return [(names_by_id.get(id_ or ""), groups[id_]) for id_ in (*names_by_id, None) if id_ in groups]


def found(devices: Sequence[Device], words: str, shown: Callable[[Device], Iterable[str]]) -> list[Device]:
    """Give the devices that have all the words in what is known of them, or in what else is *shown* of each."""
    wanted = _alike(words).split()
    return [
        device
        for device in devices
        if all(word in _alike(" ".join((_written(device), *shown(device)))) for word in wanted)
    ]


def disabled(devices: Sequence[Device]) -> list[Device]:
    """Give the disabled devices, the last one first; those of which the moment is not known come last."""
    found = [device for device in devices if device.state == "disabled"]
    return sorted(found, key=lambda one: one.disabled_at.timestamp() if one.disabled_at else 0.0, reverse=True)


def quota(listed: Devices) -> Quota | None:
    """Tell how many devices there are, where there is hardly room for another."""
    used = len(listed.devices)
    return Quota(used, listed.limit) if used and used >= listed.limit * _NEARLY_FULL else None


def _alike(name: str) -> str:
    """Give what two names have in common that a person would take for the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _written(device: Device) -> str:
    parts = (device.name, device.managed_name, device.maker, device.model, device.os, device.os_version, device.id)
    return " ".join(part for part in parts if part)


def _differing(several: Sequence[Device]) -> Iterator[tuple[str, Apart]]:
    by_model = len({(device.maker, device.model) for device in several}) > 1
    by_day = len({device.registered_at.date() if device.registered_at else None for device in several}) > 1
    for device in several:
        others = [other.id for other in several if other.id != device.id]
        yield device.id, Apart(_end(device.id, others), by_model, device.registered_at if by_day else None)


def _end(id_: str, others: Sequence[str]) -> str:
    """Give the shortest end of an id that no other one has."""
    ends = (id_[-length:] for length in range(_SHORTEST_END, len(id_)))
    return next((end for end in ends if not any(other.endswith(end) for other in others)), id_)
