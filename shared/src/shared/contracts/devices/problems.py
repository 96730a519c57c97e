"""What devices refuses, and why."""

from dataclasses import dataclass
from typing import ClassVar

from shared.contracts.problem import Problem


@dataclass(eq=False, kw_only=True)
class DeviceNotFound(Problem):
    key: ClassVar[str] = "device_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class DeviceLimitReached(Problem):
    key: ClassVar[str] = "device_limit_reached"
    status: ClassVar[int] = 409
    limit: int


@dataclass(eq=False, kw_only=True)
class NotAMember(Problem):
    """Refuse to connect something to an organization to which, as far as is known here, the account does not belong.

    What organizations was told a moment ago may not have come here yet.
    """

    key: ClassVar[str] = "not_a_member"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class DeviceNotDisabled(Problem):
    """Refuse to ask for a device back that may be used."""

    key: ClassVar[str] = "device_not_disabled"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class RecoveryKeyNotFound(Problem):
    key: ClassVar[str] = "recovery_key_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class RecoveryKeyLimitReached(Problem):
    key: ClassVar[str] = "recovery_key_limit_reached"
    status: ClassVar[int] = 409
    limit: int
