"""Types for what a person may type."""

import re
import unicodedata
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    StringConstraints,
    WithJsonSchema,
)

_HIDDEN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_SPACES = re.compile(r"[ \-]")
_SIX_DIGITS = re.compile(r"[0-9]{6}")


def _composed(text: object) -> object:
    """Compose (NFC) before anything is counted, since what is kept is what a limit is about."""
    return unicodedata.normalize("NFC", text) if isinstance(text, str) else text


def _plain(text: str) -> str:
    """Refuse control characters and the like; joiners and direction marks are words' own."""
    if any(unicodedata.category(sign) in _HIDDEN for sign in text):
        raise ValueError("characters")
    return text


def _visible(text: str) -> str:
    """Refuse text that would show nothing or break a line."""
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in _plain(text)):
        raise ValueError("characters")
    return text


Search = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=100),
    BeforeValidator(_composed),
    AfterValidator(_plain),
]
"""Words to look for: at most 100 characters; nothing to look for is fine."""


def _without_spaces(code: object) -> object:
    return _SPACES.sub("", code) if isinstance(code, str) else code


Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
    BeforeValidator(_composed),
    AfterValidator(_visible),
]
"""A name that a person gives to a thing: 1 to 60 characters, NFC, shown as typed."""


def _six_digits(code: SecretStr) -> SecretStr:
    if not _SIX_DIGITS.fullmatch(code.get_secret_value()):
        raise ValueError("six_digits")
    return code


Code = Annotated[
    SecretStr,
    BeforeValidator(_without_spaces),
    AfterValidator(_six_digits),
    WithJsonSchema({"type": "string", "pattern": r"^([ \-]*[0-9]){6}[ \-]*$", "writeOnly": True}),
]
"""A six-digit code; spaces and hyphens, which apps show between the digits, are let through."""


class Request(BaseModel):
    """A body that a person or a program sends: unknown members are refused, so that typing errors show."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Answer(BaseModel):
    """A body that we send."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
