"""Two languages that nobody speaks: they show what is not translated, what has no room, and what does not mirror."""

import re
from collections.abc import Callable, Mapping

_KEPT = re.compile(r"%\(\w+\)s|%%|\{\w*\}|<[^<>]*>|&#?\w+;")
_ACCENTED = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļṁñöþǫŕšţûṽŵẋýž"
)
_VOWEL = re.compile(r"([aeiouAEIOU])")
_WORD = re.compile(r"\S+")
_TO_THE_LEFT = "\N{RIGHT-TO-LEFT MARK}\N{RIGHT-TO-LEFT OVERRIDE}{}\N{POP DIRECTIONAL FORMATTING}\N{RIGHT-TO-LEFT MARK}"


def lengthened(text: str) -> str:
    """Write *text* with accents and doubled vowels, about 40 % longer as many a language is, between ⟦ and ⟧."""
    return f"⟦{_apart(text, lambda words: _VOWEL.sub(_twice, words).translate(_ACCENTED))}⟧"


def mirrored(text: str) -> str:
    """Write *text* so that each of its words runs from right to left (UAX #9), as the pseudo-locale of Android does."""
    return _apart(text, lambda words: _WORD.sub(lambda word: _TO_THE_LEFT.format(word[0]), words))


def _apart(text: str, change: Callable[[str], str]) -> str:
    """Change *text* but for its placeholders, tags and entities."""
    kept = _KEPT.findall(text)
    parts = [change(words) for words in _KEPT.split(text)]
    return "".join(part for pair in zip(parts, [*kept, ""], strict=True) for part in pair)


def _twice(vowel: re.Match[str]) -> str:
    return vowel[1] + vowel[1].lower()


PSEUDO: Mapping[str, Callable[[str], str]] = {"en-XA": lengthened, "ar-XB": mirrored}
"""How each of them writes a text that is English in truth."""
