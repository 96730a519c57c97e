"""What organizations refuses, and why."""

from dataclasses import dataclass
from typing import ClassVar

from shared.contracts.problem import Problem


@dataclass(eq=False, kw_only=True)
class OrganizationNotFound(Problem):
    key: ClassVar[str] = "organization_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class AccountNotFound(Problem):
    key: ClassVar[str] = "account_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class HomeOrganization(Problem):
    """Refuse to end the membership of the organization that the account belongs to."""

    key: ClassVar[str] = "home_organization"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class MembershipLimitReached(Problem):
    key: ClassVar[str] = "membership_limit_reached"
    status: ClassVar[int] = 409
    limit: int


@dataclass(eq=False, kw_only=True)
class OwnerCannotLeave(Problem):
    """Refuse to leave to who owns the organization; it first makes somebody else its owner."""

    key: ClassVar[str] = "owner_cannot_leave"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class LeavingForbidden(Problem):
    """Refuse to leave an organization that lets nobody leave by themselves."""

    key: ClassVar[str] = "leaving_forbidden"
    status: ClassVar[int] = 403


@dataclass(eq=False, kw_only=True)
class NothingToRestore(Problem):
    """Refuse to restore a membership that never was, or was purged."""

    key: ClassVar[str] = "nothing_to_restore"
    status: ClassVar[int] = 409
