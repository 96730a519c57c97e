"""Which colours can be read on which."""

_READABLE = 4.5
_BLACK, _WHITE = "#000000", "#ffffff"


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, each `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def on(colour: str) -> str:
    """Give white where it can be read on *colour*, else black, which then can: at 4.5:1 or more (WCAG 2.2, 1.4.3)."""
    return _WHITE if contrast(_WHITE, colour) >= _READABLE else _BLACK


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in bytes.fromhex(colour.removeprefix("#")))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  # IEC 61966-2-1
