"""The services behind the gateway."""

from dataclasses import dataclass

from shared.calling import Service


@dataclass(frozen=True, slots=True)
class Services:
    """One client for each service."""

    security_info: Service
    devices: Service
    organizations: Service
    privacy: Service
