"""Phones: a code comes as a text or is said in a call."""

from typing import Literal

import phonenumbers

from security_info.methods.kind import Kind
from security_info.methods.reachable import Reachable

KIND = Kind(
    type="phone",
    limit=2,
    purposes=("two_step", "password_reset"),
    counts_for=frozenset({"two_step", "password_reset"}),
    names={"en": "Phone", "sv": "Telefon"},
    further={"en": "Alternate phone", "sv": "Alternativ telefon"},
    proves=True,
    can_be_default=True,
)
OFFICE = {"en": "Office phone", "sv": "Arbetstelefon"}
"""What a phone that the organization put in is called where it does not say."""
MOST_MANAGED = 3
_SHOWN = 2
"""Digits at the end that are shown."""
_TAKEN = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.VOIP,
}
"""All others cost whoever calls extra, or are nobody's own."""


class Phone(Reachable):
    """A phone."""

    type: Literal["phone"] = "phone"


class NumberNotUsable(Exception):  # noqa: N818  # reads as what it says
    """It is no number that can be called, or not in a country that codes are sent to."""

    def __init__(self, why: Literal["telephone_number", "country_not_allowed"]) -> None:
        super().__init__(why)
        self.why = why


def read(number: str, country: str | None, *, allowed: frozenset[str]) -> str:
    """Read a number as it is typed in *country* (ISO 3166-1) and give it in E.164; raises `NumberNotUsable`.

    Without a country only a number with `+` can be read.
    """
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        raise NumberNotUsable("telephone_number") from None
    extended = parsed.extension is not None
    if extended or not phonenumbers.is_valid_number(parsed) or phonenumbers.number_type(parsed) not in _TAKEN:
        raise NumberNotUsable("telephone_number")
    if phonenumbers.region_code_for_number(parsed) not in allowed:
        raise NumberNotUsable("country_not_allowed")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def takes_texts(number: str) -> bool:
    """Tell whether a text may arrive at a number (E.164); not every country tells mobile phones from others."""
    return phonenumbers.number_type(phonenumbers.parse(number)) != phonenumbers.PhoneNumberType.FIXED_LINE


def hint(number: str) -> str:
    """Give what is shown of a number: its country code, dots, and the last two digits."""
    parsed = phonenumbers.parse(number)
    national = str(parsed.national_number)
    return f"+{parsed.country_code} {'•' * (len(national) - _SHOWN)}{national[-_SHOWN:]}"
