"""What security-info announces; no number, address, code or key is ever part of it."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from shared.contracts.event import Event


class MethodAdded(Event):
    """A method was set up and confirmed; from now on it counts."""

    wire: ClassVar[str] = "profile.security-info.method.added.v1"
    tells_person: ClassVar[bool] = True
    method_id: str
    method_type: str
    name: str


class MethodRenamed(Event):
    """A method was given another name."""

    wire: ClassVar[str] = "profile.security-info.method.renamed.v1"
    method_id: str
    method_type: str
    name: str
    previous_name: str


class MethodRemoved(Event):
    """A method was removed and counts no more."""

    wire: ClassVar[str] = "profile.security-info.method.removed.v1"
    tells_person: ClassVar[bool] = True
    method_id: str
    method_type: str
    name: str


class MethodSetupFailed(Event):
    """Too many wrong codes were tried while a method was set up."""

    wire: ClassVar[str] = "profile.security-info.method.setup-failed.v1"
    method_type: str


class DefaultMethodChanged(Event):
    """Another method is asked for first, or none where the last one was removed."""

    wire: ClassVar[str] = "profile.security-info.default-method.changed.v1"
    method_id: str | None
    method_type: str | None
    name: str | None


class MethodLocked(Event):
    """Too many wrong answers were tried; for a purpose the method may not be tried until then."""

    wire: ClassVar[str] = "profile.security-info.method.locked.v1"
    tells_person: ClassVar[bool] = True
    method_id: str
    method_type: str
    name: str
    purpose: str = Field(examples=["proof"])
    until: datetime


class LocksLifted(Event):
    """An administrator lifted the locks of an account's methods."""

    wire: ClassVar[str] = "profile.security-info.locks.lifted.v1"
    tells_person: ClassVar[bool] = True
    method_ids: tuple[str, ...]


class IdentityProved(Event):
    """The person proved who they are once more, to do something that needs it."""

    wire: ClassVar[str] = "profile.security-info.identity.proved.v1"
    method_id: str | None = Field(description="None for a recent sign-in or a temporary access code.")
    method_type: str | None
    name: str | None
    means: str = Field(examples=["authenticator-app"], description="A type of method, `sign-in` or `access-code`.")
    scopes: tuple[str, ...]


class RecoveryCodeUsed(Event):
    """A recovery code was used up."""

    wire: ClassVar[str] = "profile.security-info.recovery-code.used.v1"
    tells_person: ClassVar[bool] = True
    method_id: str
    remaining: int


class AccessCodeVoided(Event):
    """A temporary access code was voided, after too many wrong ones."""

    wire: ClassVar[str] = "profile.security-info.access-code.voided.v1"
    tells_person: ClassVar[bool] = True


class AccessCodeIssued(Event):
    """An administrator issued a temporary access code, which proves once who the person is."""

    wire: ClassVar[str] = "profile.security-info.access-code.issued.v1"
    tells_person: ClassVar[bool] = True
    expires_at: datetime


class MethodChangeStarted(Event):
    """Another number or address was given for a method; the old one holds until the new one is confirmed."""

    wire: ClassVar[str] = "profile.security-info.method.change-started.v1"
    method_id: str
    method_type: str
    name: str


class MethodChanged(Event):
    """A method has another number or address from now on."""

    wire: ClassVar[str] = "profile.security-info.method.changed.v1"
    tells_person: ClassVar[bool] = True
    method_id: str
    method_type: str
    name: str


class CodeSent(Event):
    """A code was handed to whoever carries it."""

    wire: ClassVar[str] = "profile.security-info.code.sent.v1"
    method_id: str | None
    channel: str = Field(examples=["text"], description="`mail`, `text`, `call`.")


class NoticeSent(Event):
    """A notice of what happened to the account was handed to whoever carries it."""

    wire: ClassVar[str] = "profile.security-info.notice.sent.v1"
    channel: str


class LetterAbandoned(Event):
    """A letter was given up: it came too late, or was refused for good."""

    wire: ClassVar[str] = "profile.security-info.letter.abandoned.v1"
    kind: str = Field(examples=["code"], description="`code`, `notice`.")
    channel: str
    reason: str = Field(
        examples=["expired"], description="`expired`, `refused`, `overtaken`, `no_carrier`, `unreadable`."
    )


EVENTS = (
    MethodAdded,
    MethodRenamed,
    MethodRemoved,
    MethodSetupFailed,
    DefaultMethodChanged,
    MethodLocked,
    LocksLifted,
    IdentityProved,
    RecoveryCodeUsed,
    AccessCodeIssued,
    AccessCodeVoided,
    MethodChangeStarted,
    MethodChanged,
    CodeSent,
    NoticeSent,
    LetterAbandoned,
)
