"""What privacy refuses, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.problem import Problem


@dataclass(eq=False, kw_only=True)
class PlaceUnknown(Problem):
    """Refuse a `before` that no page of this history gave."""

    key: ClassVar[str] = "place_unknown"
    status: ClassVar[int] = 422


@dataclass(eq=False, kw_only=True)
class SignInKnown(Problem):
    """Refuse a sign-in whose id the organization gave to one of another account."""

    key: ClassVar[str] = "sign_in_known"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class ServiceNotFound(Problem):
    key: ClassVar[str] = "service_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class DisconnectingForbidden(Problem):
    """Refuse to disconnect what the organization alone connects and disconnects."""

    key: ClassVar[str] = "disconnecting_forbidden"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class TermsNotFound(Problem):
    key: ClassVar[str] = "terms_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class TermsNotAsked(Problem):
    """Refuse terms that were withdrawn to who never accepted them."""

    key: ClassVar[str] = "terms_not_asked"
    status: ClassVar[int] = 410
    withdrawn_at: datetime


@dataclass(eq=False, kw_only=True)
class TermsChanged(Problem):
    """Refuse to accept what is not current, or was not shown as it stands."""

    key: ClassVar[str] = "terms_changed"
    status: ClassVar[int] = 409
    version: str


@dataclass(eq=False, kw_only=True)
class VersionPublished(Problem):
    """Refuse another text under a version that is published, or is about to be."""

    key: ClassVar[str] = "version_published"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class RegisterFull(Problem):
    """Refuse more services, data uses, terms or versions, or more services or acceptances of an account."""

    key: ClassVar[str] = "register_full"
    status: ClassVar[int] = 409
    limit: int


@dataclass(eq=False, kw_only=True)
class LanguageLocked(Problem):
    """Refuse another language than the home organization's."""

    key: ClassVar[str] = "language_locked"
    status: ClassVar[int] = 409
    language: str
