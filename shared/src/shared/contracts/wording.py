"""Types for what a person may type."""

import re
import unicodedata
from datetime import MAXYEAR, UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AnyUrl,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    UrlConstraints,
    ValidationError,
    WithJsonSchema,
)

from shared.contracts.endpoint import IDENTIFIER

_TURNING = frozenset(map(chr, range(0x202A, 0x202F)))
"""Embeddings and overrides: text shows in another order than it is, also beyond its own end."""
_HIDDEN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_SPACES = re.compile(r"[ \-]")
_FIRST_YEAR = 1970
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


def _straight(text: str) -> str:
    """Refuse text that turns itself and what follows around."""
    if not _TURNING.isdisjoint(text):
        raise ValueError("characters")
    return text


def _as_it_is_typed(key: SecretStr) -> SecretStr:
    text = key.get_secret_value()
    if text != text.strip() or any(unicodedata.category(sign) in {*_HIDDEN, "Cf"} for sign in text):
        raise ValueError("characters")
    return key


TypedKey = Annotated[SecretStr, StringConstraints(min_length=8, max_length=512), AfterValidator(_as_it_is_typed)]
"""A key that a person reads and types somewhere else: 8 to 512 characters, none of which hides."""


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
    AfterValidator(_straight),
]
"""A name that a person gives to a thing: 1 to 60 characters, NFC, shown as typed."""


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    BeforeValidator(_composed),
    AfterValidator(_visible),
]
"""What a directory knows of a person or a thing: 1 to 120 characters, NFC."""

StraightText = Annotated[Text, AfterValidator(_straight)]
"""Text that shows in the order in which it is: what is agreed to, and what a history tells."""

Email = Annotated[EmailStr, StringConstraints(max_length=254)]
"""An e-mail address (RFC 5321: at most 254 characters)."""

_HTTPS: TypeAdapter[AnyUrl] = TypeAdapter(
    Annotated[AnyUrl, UrlConstraints(allowed_schemes=["https"], host_required=True)]
)


def _by_https(address: str) -> str:
    try:
        return str(_HTTPS.validate_python(address))
    except ValidationError:
        raise ValueError("web_address") from None


WebAddress = Annotated[
    str,
    StringConstraints(max_length=1000),
    AfterValidator(_by_https),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https://", "maxLength": 1000}),
]
"""The address of a page, by https."""

Telephone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^\+?[0-9][0-9 ()./-]+$")]
"""A telephone number as people write it."""

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
"""The id of a thing that a system named."""


def _as_it_is_kept(moment: datetime) -> datetime:
    """Give the moment as the database gives it back, so that answers are alike; none that a calendar cannot show."""
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("datetime_object_invalid") from None
    if not _FIRST_YEAR <= utc.year < MAXYEAR:
        raise ValueError("datetime_object_invalid")
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


Moment = Annotated[AwareDatetime, AfterValidator(_as_it_is_kept)]
"""When something was, in any time zone; kept in UTC to the millisecond."""


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
