"""Methods as a person sees and manages them."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, RootModel, SecretStr, StringConstraints, model_validator

from shared.contracts.security_info.reaching import CodeSetup, EmailAddress, PhoneNumber, Way
from shared.contracts.wording import Answer, Code, Label, Request

MethodType = Literal[
    "authenticator-app", "security-key", "phone", "email", "security-questions", "app-password", "recovery-codes"
]
_MOST_ANSWERS = 5


class Lock(Answer):
    """A method that may not be tried for a purpose until then, after too many wrong answers."""

    purpose: str = Field(examples=["proof"], description="`proof`, `two_step`, `password_reset`.")
    until: datetime


class KeyFacts(Answer):
    """What a security key told of itself when it was registered (WebAuthn Level 3)."""

    aaguid: str = Field(description="Its model; all zeros where it did not tell.")
    provider: str | None = Field(description="The model by name, where it is a known one.")
    attachment: str | None = Field(description="`platform`, `cross-platform`.")
    transports: tuple[str, ...] = Field(description="`usb`, `nfc`, `ble`, `hybrid`, `internal` and others.")
    discoverable: bool | None = Field(description="Whether it is a passkey: it finds the account by itself.")
    synced: bool = Field(description="Whether it is kept in more than one place.")
    user_verified: bool
    attestation: str = Field(examples=["packed"], description="The attestation's format.")


class Method(Answer):
    """A method that counts; readers meet newer types and purposes than they know."""

    id: str
    type: str = Field(examples=["authenticator-app"])
    name: str
    purposes: tuple[str, ...] = Field(description="What it can be used for: `two_step`, `password_reset`, `apps`.")
    barred_by: dict[str, tuple[str, ...]] = Field(
        description="Purposes that it would serve, and the organizations that do not allow it."
    )
    added_at: datetime
    last_used_at: datetime | None
    is_default: bool
    can_be_default: bool
    can_be_renamed: bool
    needed_for: tuple[str, ...] = Field(description="Purposes for which it can be replaced, not removed.")
    locks: tuple[Lock, ...]
    key: KeyFacts | None = Field(default=None, description="Of a security key.")
    remaining: int | None = Field(default=None, description="Recovery codes that are not used up.")
    questions: int | None = Field(default=None, description="Questions that were answered.")
    managed: bool = Field(default=False, description="Whether the organization put it in, and it alone changes it.")
    hint: str | None = Field(default=None, description="What may be seen of a number or an address.")
    way: str | None = Field(default=None, description="How a code comes: `text`, `call`, `mail`.")
    changing_to: str | None = Field(default=None, description="What may be seen of the one that waits for its code.")


class Offer(Answer):
    """A type of method that can be added, and how many of it there may be."""

    type: str = Field(examples=["authenticator-app"])
    limit: int
    registered: int
    purposes: tuple[str, ...]
    countries: tuple[str, ...] | None = Field(
        default=None, description="Of phones: the countries whose numbers can be used (ISO 3166-1 alpha-2)."
    )


class NotOffered(Answer):
    """A type of method that policy keeps from being added."""

    type: str
    organizations: tuple[str, ...] = Field(description="The ids of those that do not allow it.")


class Requirement(Answer):
    """What one organization asks for one purpose."""

    organization_id: str
    organization_name: str
    purpose: str
    methods: tuple[str, ...] = Field(description="The types that serve it.")
    required: int
    questions: int | None = Field(default=None, description="How many security questions are to be registered.")


class Need(Answer):
    """What the strictest of the person's organizations asks for a purpose, and how much of it there is."""

    purpose: str
    required: int
    registered: int = Field(description="Methods for two-step verification; types of methods for password reset.")
    organizations: tuple[str, ...] = Field(description="The ids of those that ask for so many.")


class ProofOptions(Answer):
    """What would prove who the person is: one of these methods, or *otherwise*."""

    methods: tuple[str, ...] = Field(description="Their ids, the default one first.")
    otherwise: str | None = Field(description="What proves it without a method: `sign_in`, `temporary_access_code`.")


class SecurityInfo(Answer):
    methods: tuple[Method, ...]
    default_method: str | None = Field(description="The id of the method that is asked for first.")
    can_add: tuple[Offer, ...]
    not_offered: tuple[NotOffered, ...]
    requirements: tuple[Requirement, ...]
    needs: tuple[Need, ...]
    proof: ProofOptions


class Question(Answer):
    id: str
    text: str
    organization_id: str | None = Field(description="Whose question it is, where it is not one of ours.")


class Questions(Answer):
    """The security questions that there are to choose from, in the caller's language."""

    questions: tuple[Question, ...]
    to_register: int


class GivenAnswer(Request):
    """An answer to a security question: 3 to 40 characters; upper and lower case are alike."""

    question_id: str = Field(min_length=1, max_length=120)
    answer: Annotated[SecretStr, StringConstraints(max_length=400)] = Field(repr=False)


class AddMethod(Request):
    """Which type to add; *replaces* is removed in the moment in which this one counts."""

    type: MethodType
    name: Label | None = None
    replaces: str | None = Field(default=None, min_length=1, max_length=64)
    discoverable: bool | None = Field(
        default=None, description="Of a security key: whether it is to be a passkey, which finds the account by itself."
    )
    answers: tuple[GivenAnswer, ...] | None = Field(default=None, min_length=1, max_length=_MOST_ANSWERS)
    number: PhoneNumber | None = None
    way: Way | None = Field(
        default=None, description="Of a phone: how the code is to come; by text where it is left out."
    )
    address: EmailAddress | None = None

    @model_validator(mode="after")
    def _fits_the_type(self) -> Self:
        if (self.number is not None) != (self.type == "phone"):
            raise ValueError("number_needed" if self.number is None else "number_out_of_place")
        if (self.address is not None) != (self.type == "email"):
            raise ValueError("address_needed" if self.address is None else "address_out_of_place")
        if self.way is not None and self.type != "phone":
            raise ValueError("way_out_of_place")
        if (self.answers is not None) != (self.type == "security-questions"):
            raise ValueError("answers_needed" if self.answers is None else "answers_out_of_place")
        if self.discoverable is not None and self.type != "security-key":
            raise ValueError("discoverable_out_of_place")
        return self


class AuthenticatorAppSetup(Answer):
    """What an authenticator app needs; shown to this person while the setup lasts and to nobody later."""

    method_id: str
    type: Literal["authenticator-app"] = "authenticator-app"
    name: str
    replaces: str | None = Field(default=None, description="The method that goes when this one counts.")
    issuer: str
    account_name: str
    key: str = Field(description="The secret in Base32 (RFC 4648), in groups of four for typing.")
    uri: str = Field(description="The otpauth URI that the QR code holds.")
    qr_svg: str = Field(description="The QR code as an SVG image.")
    expires_at: datetime


class SecurityKeySetup(Answer):
    """What a browser needs to make a credential: `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3)."""

    method_id: str
    type: Literal["security-key"] = "security-key"
    name: str
    replaces: str | None = Field(default=None, description="The method that goes when this one counts.")
    options: dict[str, Any]
    expires_at: datetime


class AppPasswordShown(Answer):
    """An app password, shown this once."""

    method_id: str
    type: Literal["app-password"] = "app-password"
    name: str
    password: str


class RecoveryCodesShown(Answer):
    """Recovery codes, shown this once; each works once."""

    method_id: str
    type: Literal["recovery-codes"] = "recovery-codes"
    codes: tuple[str, ...]


class MethodDone(Answer):
    """A method that counts at once, with nothing to show."""

    method_id: str
    type: Literal["security-questions"] = "security-questions"


class MethodStarted(
    RootModel[
        Annotated[
            AuthenticatorAppSetup | SecurityKeySetup | CodeSetup | AppPasswordShown | RecoveryCodesShown | MethodDone,
            Field(discriminator="type"),
        ]
    ]
):
    """What comes of adding a method: what its setup needs, or what is shown once of one that counts already."""


class ConfirmMethod(Request):
    """What finishes a setup: a *code* that the method shows, or the *credential* that the browser made."""

    code: Code | None = None
    credential: dict[str, Any] | None = Field(
        default=None, repr=False, description="`RegistrationResponseJSON` (WebAuthn Level 3)."
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.code is None) == (self.credential is None):
            raise ValueError("code_or_credential")
        return self


class ChangeMethod(Request):
    """Another name, or for a phone or an address another target, which counts once a code sent there has come back."""

    name: Label | None = None
    number: PhoneNumber | None = None
    way: Way | None = None
    address: EmailAddress | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(one is not None for one in (self.name, self.number, self.address)) != 1:
            raise ValueError("one_thing")
        if self.way is not None and self.number is None:
            raise ValueError("way_out_of_place")
        return self


class SetDefaultMethod(Request):
    method_id: str = Field(min_length=1, max_length=64)
