"""The systems that may use onebox's `/api/system`: what a directory or device management would be elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.documents import ENDPOINTS

EVERY_ORGANIZATION = "*"
EVERY_SCOPE = tuple(sorted({end.scope for several in ENDPOINTS.values() for end in several if end.scope}))


@dataclass(frozen=True)
class System:
    """Name a client of the provider that asks in its own name, for which organizations and what for."""

    name: str
    organizations: tuple[str, ...]
    scopes: tuple[str, ...] = EVERY_SCOPE
    acts_for: str = "system"

    @property
    def client_id(self) -> str:
        """Give its client id at the provider."""
        return f"system-{self.name}"


SYSTEMS = (
    System("all", (EVERY_ORGANIZATION,)),
    System("contoso", ("contoso",)),
    System("device-management", (EVERY_ORGANIZATION,), ("devices.write",)),
    System("administrator", (EVERY_ORGANIZATION,), acts_for="administrator"),
)


def bindings(systems: Sequence[System]) -> dict[str, Mapping[str, Any]]:
    """Give the gateway's setting that binds the systems to their organizations."""
    return {
        system.client_id: {"organizations": list(system.organizations), "acts_for": system.acts_for}
        for system in systems
    }
