"""Look for what must not be found: numbers in every way that they are written, addresses, and codes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

_MOMENT = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d+")
"""Its microseconds may be the digits of a code."""


@dataclass(frozen=True)
class Needle:
    """Something that must not be found, and what tells it."""

    name: str
    pattern: re.Pattern[bytes]


def found(needles: Iterable[Needle], haystack: bytes) -> list[str]:
    """Give what was found, each with what stands around it."""
    clean = _MOMENT.sub(b"<moment>", haystack)
    there = [(needle, needle.pattern.search(clean)) for needle in needles]
    return [f"{needle.name}: {clean[max(0, one.start() - 160) : one.end() + 60]!r}" for needle, one in there if one]


def number(typed: str, country: str = "SE") -> list[Needle]:
    """Give needles for a number: as typed, as it is written at home and abroad, and its digits."""
    parsed = phonenumbers.parse(typed, country)
    forms = phonenumbers.PhoneNumberFormat
    written = {phonenumbers.format_number(parsed, form) for form in (forms.INTERNATIONAL, forms.NATIONAL)}
    prefix = rf"(?<!\d)(00)?({parsed.country_code})?0?"
    digits = Needle(f"the digits of {typed}", re.compile(rf"{prefix}{parsed.national_number}(?!\d)".encode()))
    return [digits, *(text(one)[0] for one in sorted({typed, *written}))]


def text(value: str) -> list[Needle]:
    """Give a needle for something as it is, in upper or lower case."""
    return [Needle(value, re.compile(re.escape(value.encode()), re.IGNORECASE))]


def code(value: str) -> list[Needle]:
    """Give needles for a code: as a word, which no number in JSON is, and as a voice says it."""
    word = re.compile(rb'(?<![\w.:])(?<!": )' + value.encode() + rb"(?!\w)")
    return [Needle(f"the code {value}", word), *text(", ".join(value))]
