"""What an organization allows and requires of its members' security info; organizations keeps and spreads it."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.contracts.wording import Text

Purpose = Literal["two_step", "password_reset"]
PolicyMethod = Literal[
    "authenticator-app",
    "security-key",
    "phone",
    "email",
    "security-questions",
    "app-password",
    "recovery-codes",
]
MOST_CUSTOM_QUESTIONS = 20
_PREDEFINED = 35
_MOST_MODELS = 200

Aaguid = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Field(examples=["cb69481e-8ff7-4039-93ec-0a2729a154a8"]),
]
"""The id of a model of security keys (WebAuthn, section 6.5.1)."""
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Told(BaseModel):
    """A part of a policy: unknown members of a request are refused, those of news are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class PurposePolicy(_Told):
    """What serves a purpose, and how much of it a member must have; without *methods* the portal's default holds."""

    methods: tuple[PolicyMethod, ...] | None = Field(default=None, max_length=10)
    required: int = Field(default=0, ge=0, le=2)


class CustomQuestion(_Told):
    """A question of the organization's own, shown in the language in which it was typed."""

    id: QuestionId
    text: Text


class QuestionsPolicy(_Told):
    """How many security questions are registered and asked, and which there are to choose from."""

    to_register: int = Field(default=3, ge=3, le=5)
    to_answer: int = Field(default=3, ge=3, le=5)
    predefined: bool = True
    custom: tuple[CustomQuestion, ...] = Field(default=(), max_length=MOST_CUSTOM_QUESTIONS)

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if self.to_answer > self.to_register:
            raise ValueError("more_asked_than_registered")
        if len({question.id for question in self.custom}) < len(self.custom):
            raise ValueError("repeated")
        if len(self.custom) + (_PREDEFINED if self.predefined else 0) < self.to_register:
            raise ValueError("too_few_questions")
        return self


class KeysPolicy(_Told):
    """Which security keys may be registered; a list of models asks for their attestation."""

    attestation: bool = False
    allowed_models: tuple[Aaguid, ...] | None = Field(
        default=None, min_length=1, max_length=_MOST_MODELS, description="AAGUIDs."
    )
    user_verification: bool = Field(default=False, description="Whether a PIN or biometrics must be used.")


class SecurityPolicy(_Told):
    """An organization's policy; of several organizations the strictest holds, point by point."""

    two_step: PurposePolicy = PurposePolicy()
    password_reset: PurposePolicy = PurposePolicy()
    questions: QuestionsPolicy = QuestionsPolicy()
    keys: KeysPolicy = KeysPolicy()
    app_passwords: bool = False
    first_proof: Literal["sign_in", "temporary_access_code"] = Field(
        default="sign_in",
        description="What proves who a member without methods is: a recent sign-in, or a code from the organization.",
    )
