"""The tokens that follow the accent colour, so that whatever it is, everything can be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import radians

from gateway.branding.oklab import Oklch, Rgb, contrast

_READABLE = 4.5
"""The contrast that text needs (WCAG 2.2, success criterion 1.4.3); outlines of focus need less (1.4.11)."""
_STEP = 0.005
_DEEPER = 0.06


def _grey(lightness: float, chroma: float, hue: float) -> Rgb:
    return Oklch(lightness, chroma, radians(hue)).shown()


@dataclass(frozen=True, slots=True)
class _Scheme:
    """What the colours of one scheme start from; tokens.css has the same *surfaces*."""

    surfaces: tuple[Rgb, ...]
    away: int
    """Whether what is to be read gets darker (-1) or lighter (1)."""
    soft: tuple[float, float]
    glows: tuple[tuple[float, float], tuple[float, float]]
    on: tuple[float, float]
    """Lightness and at most how much chroma, as for the others."""


_LIGHT = _Scheme(
    surfaces=(_grey(1, 0, 0), _grey(0.976, 0.006, 265), _grey(0.958, 0.009, 265)),
    away=-1,
    soft=(0.945, 0.03),
    glows=((0.91, 0.05), (0.94, 0.04)),
    on=(1, 0),
)
_DARK = _Scheme(
    surfaces=(_grey(0.228, 0.02, 268), _grey(0.185, 0.018, 268), _grey(0.27, 0.022, 268)),
    away=1,
    soft=(0.31, 0.06),
    glows=((0.33, 0.085), (0.28, 0.05)),
    on=(0.19, 0.05),
)


def stylesheet(accent: str) -> str:
    """Write the tokens for *accent*, `#rrggbb`, in light and dark: its hue, and its lightness where it can be read."""
    given = Rgb.parse(accent).seen()
    light, dark = _tokens(given, _LIGHT), _tokens(given, _DARK)
    # The mark of ours has white in it, whichever the scheme.
    light["mark"] = light["accent"]
    return (
        f"@layer tokens {{\n  :root {{ {_declared(light)} }}\n"
        f"  @media (prefers-color-scheme: dark) {{\n    :root {{ {_declared(dark)} }}\n  }}\n}}\n"
    )


def mark(accent: str) -> Rgb:
    """Give the colour of the mark for *accent*, `#rrggbb`: its hue, and its lightness where white can be read on it."""
    return _tokens(Rgb.parse(accent).seen(), _LIGHT)["accent"]


def _tokens(given: Oklch, scheme: _Scheme) -> dict[str, Rgb]:
    def tinted(lightness: float, chroma: float) -> Rgb:
        return Oklch(lightness, min(given.chroma, chroma), given.hue).shown()

    soft, on = tinted(*scheme.soft), tinted(*scheme.on)
    glow, other_glow = (tinted(*each) for each in scheme.glows)
    behind = (*scheme.surfaces, soft, glow, other_glow, on)
    accent = _readable(given, behind, scheme.away)
    lightness = accent.seen().lightness
    # At the end of the scale differences are hard to see, so that a greater one is made the other way.
    room = 0 <= lightness + scheme.away * 2 * _DEEPER <= 1
    deeper = lightness + scheme.away * (_DEEPER if room else -4 * _DEEPER)
    return {
        "accent": accent,
        "accent-deep": _readable(given._replace(lightness=deeper), behind, scheme.away),
        "accent-soft": soft,
        "on-accent": on,
        "glow-1": glow,
        "glow-2": other_glow,
    }


def _readable(colour: Oklch, behind: Iterable[Rgb], away: int) -> Rgb:
    """Move the lightness until the colour can be told from everything *behind* it, and that from the colour."""
    lightness = colour.lightness
    while True:
        shown = colour._replace(lightness=min(max(lightness, 0.0), 1.0)).shown()
        if not 0 <= lightness <= 1 or all(contrast(shown, each) >= _READABLE for each in behind):
            return shown
        lightness += away * _STEP


def _declared(tokens: dict[str, Rgb]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in tokens.items())
