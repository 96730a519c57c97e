"""Recent proof: the person shows once more who they are, before something that a thief would want to do."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, SecretStr, StringConstraints, model_validator

from shared.contracts.security_info.reaching import Way
from shared.contracts.wording import Answer, Request

ProofScope = Literal["security-info.change", "device.disable", "recovery-key.reveal", "organization.leave"]
SCOPES: tuple[ProofScope, ...] = get_args(ProofScope)


class StartProof(Request):
    """With which method to prove it; without one, by a recent sign-in or the organization's temporary access code."""

    method_id: str | None = Field(default=None, min_length=1, max_length=64)
    way: Way | None = Field(default=None, description="Of a phone: how the code is to come, where not as usual.")
    scopes: tuple[ProofScope, ...] = Field(
        default=SCOPES, min_length=1, max_length=len(SCOPES), description="What the proof is to be good for."
    )


class ProofGiven(Answer):
    """A proof: a JWT (RFC 7519) for the header `Proof`, good for this account, this session and these scopes."""

    proof: str
    scopes: tuple[str, ...]
    expires_at: datetime


class ProofChallenge(Answer):
    """What is to be answered; *given* where a recent sign-in was proof enough."""

    id: str
    kind: str = Field(
        examples=["code"],
        description="`code`, `sent_code`, `recovery_code`, `access_code`, `credential`, `none`.",
    )
    method_id: str | None
    hint: str | None = Field(default=None, description="Of a sent code: what may be seen of the number.")
    way: str | None = Field(default=None, description="Of a sent code: how it comes, `text` or `call`.")
    send_again_at: datetime | None = Field(
        default=None, description="Of a sent code: from when on another challenge may be asked for."
    )
    options: dict[str, Any] | None = Field(
        default=None, description="Of a credential: `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3)."
    )
    expires_at: datetime
    given: ProofGiven | None = None


AnyCode = Annotated[SecretStr, StringConstraints(min_length=1, max_length=40)]


class AnswerProof(Request):
    """The *code* that was asked for, or the *credential* that the browser got."""

    code: AnyCode | None = None
    credential: dict[str, Any] | None = Field(
        default=None, repr=False, description="`AuthenticationResponseJSON` (WebAuthn Level 3)."
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.code is None) == (self.credential is None):
            raise ValueError("code_or_credential")
        return self


class LockOfMethod(Answer):
    method_id: str
    type: str
    purpose: str
    until: datetime


class AccountLocks(Answer):
    """The locks of an account's methods, without what the person calls them."""

    locks: tuple[LockOfMethod, ...]


class IssueAccessCode(Request):
    lifetime_minutes: int = Field(default=60, ge=10, le=1440)


class AccessCode(Answer):
    """A temporary access code, shown to the system this once: good for one proof, also where there are methods."""

    code: str
    expires_at: datetime


class CheckAppPassword(Request):
    password: AnyCode


class AppPasswordChecked(Answer):
    """Whether the account has this app password."""

    accepted: bool
    method_id: str | None
