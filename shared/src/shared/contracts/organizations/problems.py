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
