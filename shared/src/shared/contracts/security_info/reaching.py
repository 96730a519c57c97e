"""Phones and e-mail addresses: methods that a code is sent to."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, TypeAdapter

from shared.contracts.wording import Answer, Email, Label, Request

Way = Literal["text", "call"]
WAYS: tuple[Way, ...] = ("text", "call")
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""A country (ISO 3166-1 alpha-2)."""
_ADDRESS: TypeAdapter[str] = TypeAdapter(Email)


def _address(typed: SecretStr) -> SecretStr:
    return SecretStr(_ADDRESS.validate_python(typed.get_secret_value()))


EmailAddress = Annotated[SecretStr, StringConstraints(max_length=254), AfterValidator(_address)]
"""An e-mail address (RFC 5321: at most 254 characters), which no log and no error shows."""

TypedNumber = Annotated[SecretStr, StringConstraints(min_length=3, max_length=40)]


class PhoneNumber(Request):
    """A telephone number as it is typed in a country; one with `+` stands for itself."""

    country: Country
    typed: TypedNumber = Field(repr=False)


class SendCode(Request):
    """By which way another code is to come to a phone; without one, as the last."""

    way: Way | None = None


class CodeSetup(Answer):
    """A code is on its way to a phone or an address, which counts once the code has come back."""

    method_id: str
    type: Literal["phone", "email"]
    name: str
    hint: str = Field(description="What may be seen of the number or address.")
    way: str = Field(description="How the code comes: `text`, `call`, `mail`.")
    replaces: str | None = None
    changes: bool = Field(description="Whether a method that counts is to have this number or address from now on.")
    code_expires_at: datetime
    send_again_at: datetime = Field(description="From when on another code may be asked for.")
    expires_at: datetime


class PutMethod(Request):
    """A phone of the organization's, which it knows by itself; a code is said in a call."""

    type: Literal["phone"] = "phone"
    number: TypedNumber = Field(repr=False, description="With `+` and the country's code (E.164).")
    name: Label | None = None


class MethodRecord(Answer):
    """A method as the directory put it in."""

    id: str
    type: str
    name: str
    hint: str
