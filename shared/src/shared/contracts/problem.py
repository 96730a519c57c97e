"""Refusals as RFC 9457 problem details: a key and fields; whoever shows one chooses the words."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

MEDIA_TYPE = "application/problem+json"
PROOF_SECONDS = 600
"""How long a proof of who is there is good for."""


@dataclass(eq=False, kw_only=True)
class Problem(Exception):  # noqa: N818  # RFC 9457 calls it a problem
    """Refuse a request; subclasses add the fields that a person or a program needs to go on."""

    key: ClassVar[str] = "unexpected"
    status: ClassVar[int] = 500

    def fields(self) -> dict[str, Any]:
        """Give the extension members, ready for JSON."""
        fields: dict[str, Any] = TypeAdapter(type(self)).dump_python(self, mode="json")
        return fields

    def document(self) -> dict[str, Any]:
        """Give the problem details object of RFC 9457, yet without a title in anyone's language."""
        return {"type": type_of(self.key), "status": self.status, "key": self.key, **self.fields()}

    def __str__(self) -> str:
        """Name the problem; its fields stay out of tracebacks and logs."""
        return self.key


def type_of(key: str) -> str:
    """Give the problem type's URI reference (RFC 9457, section 3.1.1), which the gateway serves as a page."""
    return f"/problems/{key}"


class ProblemDetails(BaseModel):
    """A problem as it travels: RFC 9457 members, our key, and the fields that go with the key."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)

    type: str = "about:blank"
    status: int
    key: str
    title: str | None = None
    detail: str | None = None
    instance: str | None = None


class FieldProblem(BaseModel):
    """What is wrong with one member of the request, addressed by a JSON pointer (RFC 6901)."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    key: str
    limit: int | None = None
    detail: str | None = None


@dataclass(eq=False, kw_only=True)
class Invalid(Problem):
    key: ClassVar[str] = "invalid"
    status: ClassVar[int] = 422
    errors: list[FieldProblem]


@dataclass(eq=False, kw_only=True)
class Malformed(Problem):
    key: ClassVar[str] = "malformed"
    status: ClassVar[int] = 400


@dataclass(eq=False, kw_only=True)
class WrongContentType(Problem):
    key: ClassVar[str] = "wrong_content_type"
    status: ClassVar[int] = 415


@dataclass(eq=False, kw_only=True)
class TooLarge(Problem):
    key: ClassVar[str] = "too_large"
    status: ClassVar[int] = 413
    limit: int


@dataclass(eq=False, kw_only=True)
class NotSignedIn(Problem):
    key: ClassVar[str] = "not_signed_in"
    status: ClassVar[int] = 401


@dataclass(eq=False, kw_only=True)
class NotAllowed(Problem):
    key: ClassVar[str] = "not_allowed"
    status: ClassVar[int] = 403


@dataclass(eq=False, kw_only=True)
class ProofNeeded(Problem):
    """Refuse what needs a recent proof of who is there (RFC 9470: `insufficient_user_authentication`).

    *methods* are those that would do, as the gateway finds them; *max_age* is in seconds.
    """

    key: ClassVar[str] = "proof_needed"
    status: ClassVar[int] = 401
    proof_scope: str
    max_age: int = PROOF_SECONDS
    methods: list[dict[str, str]] | None = None
    otherwise: str | None = None


@dataclass(eq=False, kw_only=True)
class MissingScope(Problem):
    """Refuse a system's token that was not issued for this (RFC 6750, section 3.1: `insufficient_scope`)."""

    key: ClassVar[str] = "missing_scope"
    status: ClassVar[int] = 403
    scope: str


@dataclass(eq=False, kw_only=True)
class OrganizationNotYours(Problem):
    """Refuse a system that speaks for an organization to which it is not bound."""

    key: ClassVar[str] = "organization_not_yours"
    status: ClassVar[int] = 403


@dataclass(eq=False, kw_only=True)
class AccountDisabled(Problem):
    """Refuse an account that its organization has disabled, however it proves itself."""

    key: ClassVar[str] = "account_disabled"
    status: ClassVar[int] = 403


@dataclass(eq=False, kw_only=True)
class NotFound(Problem):
    key: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class MethodNotAllowed(Problem):
    key: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405


@dataclass(eq=False, kw_only=True)
class ChangedMeanwhile(Problem):
    """Lose against other changes of the same account for longer than a person should wait."""

    key: ClassVar[str] = "changed_meanwhile"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class PreconditionFailed(Problem):
    key: ClassVar[str] = "precondition_failed"
    status: ClassVar[int] = 412


@dataclass(eq=False, kw_only=True)
class CommandReused(Problem):
    """Refuse an Idempotency-Key that already stands for another request."""

    key: ClassVar[str] = "command_reused"
    status: ClassVar[int] = 422


@dataclass(eq=False, kw_only=True)
class TooManyChanges(Problem):
    key: ClassVar[str] = "too_many_changes"
    status: ClassVar[int] = 429
    retry_after: int


@dataclass(eq=False, kw_only=True)
class Unavailable(Problem):
    key: ClassVar[str] = "unavailable"
    status: ClassVar[int] = 503


@dataclass(eq=False, kw_only=True)
class Remembered(Problem):
    """Give a refusal again that was saved with its command (see `Store.change`)."""

    said: dict[str, Any] = dataclasses.field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Give the document that was given the first time."""
        return self.said
