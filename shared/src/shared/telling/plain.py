"""Words that other people wrote, made harmless where they stand in a letter; and the alphabet of text messages."""

import re
import unicodedata

MOST_OF_A_NAME = 120
_HIDDEN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_LIKE_A_LINK = re.compile(r"(?<=\S)(?=[.\u3002\uff0e\uff61]\w)|(?<=:)(?=//)")
"""A program that makes links of words would make one of a name such as `evil.example`."""
_APART = "\N{ZERO WIDTH NON-JOINER}"
_LIKE_A_NUMBER = re.compile(r"\d(?:[ ()/-]*\d){5,}")
_ESCAPED = set("\f^{}\\[~]|€")
_GSM = _ESCAPED | set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet and its extension, whose characters count twice (3GPP TS 23.038)."""
_SIMPLER = {
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e"), '"'),
    **dict.fromkeys(map(ord, "\u2018\u2019"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2013\u2014"), "-"),
    ord("\u2026"): "...",
    ord("\u00a0"): " ",
}
ONE_TEXT = 160
"""Characters of the GSM alphabet in a text message that is sent as one (3GPP TS 23.038)."""


def harmless(text: str, most: int = MOST_OF_A_NAME) -> str:
    """Give *text* as one line of at most *most* characters, nothing hidden and nothing taken for a link."""
    shown = "".join(" " if unicodedata.category(sign) in _HIDDEN else sign for sign in text)
    line = " ".join(shown.split())
    cut = line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
    return _LIKE_A_LINK.sub(_APART, cut)


def for_texting(text: str) -> str:
    """Write *text* with the simpler quotes and dashes, which leave a text message its whole length."""
    return text.translate(_SIMPLER)


def fits_one_text(text: str) -> bool:
    """Tell whether *text* can be sent as one text message in the GSM alphabet."""
    return _GSM.issuperset(text) and len(text) + sum(sign in _ESCAPED for sign in text) <= ONE_TEXT


def holds_a_number(text: str) -> bool:
    """Tell whether a telephone would take a part of *text* for a number to call."""
    return bool(_LIKE_A_NUMBER.search(text))


def for_speaking(text: str) -> str:
    """Give *text* without what a voice would take for its markup."""
    heard = (" " if sign in "<>{}" else sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join("".join(heard).split())
