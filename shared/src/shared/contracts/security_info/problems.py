"""What security-info refuses, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from shared.contracts.problem import Problem


@dataclass(eq=False, kw_only=True)
class MethodNotFound(Problem):
    key: ClassVar[str] = "method_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class MethodLimitReached(Problem):
    key: ClassVar[str] = "method_limit_reached"
    status: ClassVar[int] = 409
    limit: int


@dataclass(eq=False, kw_only=True)
class MethodNotConfirmed(Problem):
    """Refuse to use a method whose setup is not finished."""

    key: ClassVar[str] = "method_not_confirmed"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class MethodConfirmedAlready(Problem):
    key: ClassVar[str] = "method_confirmed_already"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class MethodTypeNotAllowed(Problem):
    """Refuse a type of method that an organization of the person's does not allow."""

    key: ClassVar[str] = "method_type_not_allowed"
    status: ClassVar[int] = 403
    organizations: list[str]


@dataclass(eq=False, kw_only=True)
class MethodNeeded(Problem):
    """Refuse to remove what an organization requires; it can be replaced."""

    key: ClassVar[str] = "method_needed"
    status: ClassVar[int] = 409
    purpose: str
    required: int
    organizations: list[str]


@dataclass(eq=False, kw_only=True)
class MethodCannotBeDefault(Problem):
    key: ClassVar[str] = "method_cannot_be_default"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class MethodCannotBeRenamed(Problem):
    key: ClassVar[str] = "method_cannot_be_renamed"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class ShownOnce(Problem):
    """Refuse to show a password or codes a second time; they were made, and can be removed or replaced."""

    key: ClassVar[str] = "shown_once"
    status: ClassVar[int] = 409
    method_id: str


@dataclass(eq=False, kw_only=True)
class CodeIncorrect(Problem):
    key: ClassVar[str] = "code_incorrect"
    status: ClassVar[int] = 422
    attempts_left: int


@dataclass(eq=False, kw_only=True)
class SetupEnded(Problem):
    """Refuse a setup that took too long or in which too many codes were tried; one starts again."""

    key: ClassVar[str] = "setup_ended"
    status: ClassVar[int] = 409
    reason: Literal["expired", "too_many_attempts"]


CredentialFault = Literal[
    "malformed",
    "challenge",
    "origin",
    "relying_party",
    "algorithm",
    "user_verification",
    "attestation",
    "model",
    "registered",
    "other_key",
    "signature",
    "sign_count",
]


@dataclass(eq=False, kw_only=True)
class CredentialRefused(Problem):
    """Refuse what a security key answered; *reason* is what of it does not hold (WebAuthn, sections 7.1 and 7.2)."""

    key: ClassVar[str] = "credential_refused"
    status: ClassVar[int] = 422
    reason: CredentialFault


@dataclass(eq=False, kw_only=True)
class MethodIsLocked(Problem):
    """Refuse to try a method after too many wrong answers; others may be tried."""

    key: ClassVar[str] = "method_locked"
    status: ClassVar[int] = 429
    until: datetime
    retry_after: int


@dataclass(eq=False, kw_only=True)
class MethodCannotProve(Problem):
    """Refuse a method that is not for proving who one is, or a sign-in where there are methods that are."""

    key: ClassVar[str] = "method_cannot_prove"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class ChallengeEnded(Problem):
    """Refuse an answer to what was asked too long ago, of another session, or answered already."""

    key: ClassVar[str] = "challenge_ended"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class SignInTooOld(Problem):
    """Refuse a sign-in as proof that was more than *max_age* seconds ago; one signs in anew."""

    key: ClassVar[str] = "sign_in_too_old"
    status: ClassVar[int] = 403
    max_age: int


@dataclass(eq=False, kw_only=True)
class AccessCodeVoid(Problem):
    """Refuse a temporary access code for good, after too many wrong ones; the organization issues another."""

    key: ClassVar[str] = "access_code_void"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class AccessCodeNeeded(Problem):
    """Refuse a first method until the organization has given the person a temporary access code."""

    key: ClassVar[str] = "access_code_needed"
    status: ClassVar[int] = 403
    organizations: list[str]


@dataclass(eq=False, kw_only=True)
class TooManySends(Problem):
    """Refuse to send another code before *until*: to this account, to this target, or at all."""

    key: ClassVar[str] = "too_many_sends"
    status: ClassVar[int] = 429
    until: datetime
    retry_after: int


@dataclass(eq=False, kw_only=True)
class NothingToSend(Problem):
    """Refuse to send a code where none is waited for."""

    key: ClassVar[str] = "nothing_to_send"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class CodeExpired(Problem):
    """Refuse a code that was sent too long ago; another can be asked for."""

    key: ClassVar[str] = "code_expired"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class MethodIsManaged(Problem):
    """Refuse to change or remove what the organization put in; it alone does."""

    key: ClassVar[str] = "method_managed"
    status: ClassVar[int] = 403
