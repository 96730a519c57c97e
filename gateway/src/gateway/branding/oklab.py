"""Colours by how they are seen (OKLab by Björn Ottosson, https://bottosson.github.io/posts/oklab/), and contrast."""

from math import atan2, cos, hypot, sin
from typing import NamedTuple

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]

_LMS_OF_RGB: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB_OF_LMS: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_LMS_OF_LAB: Matrix = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_RGB_OF_LMS: Matrix = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
_LUMINANCE: Vector = (0.2126, 0.7152, 0.0722)
_ROUNDING = 1e-4
"""How far outside of sRGB the matrices put colours at its border; less than half a step of its 256."""
_HALVINGS = 16


class Rgb(NamedTuple):
    """A colour of sRGB, each part from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> "Rgb":
        """Read `#rgb` or `#rrggbb` (CSS Color 4, section 5.2)."""
        digits = text.removeprefix("#")
        if len(digits) == len("rgb"):
            digits = "".join(digit * 2 for digit in digits)
        return cls(*bytes.fromhex(digits))

    def __str__(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self)

    def luminance(self) -> float:
        """Give the relative luminance, from 0 to 1 (WCAG 2.2)."""
        return _dot(_LUMINANCE, self._linear())

    def seen(self) -> "Oklch":
        """Give the colour as it is seen."""
        long, medium, short = _times(_LMS_OF_RGB, self._linear())
        lightness, a, b = _times(_LAB_OF_LMS, (long ** (1 / 3), medium ** (1 / 3), short ** (1 / 3)))
        return Oklch(lightness, hypot(a, b), atan2(b, a))

    def _linear(self) -> Vector:
        red, green, blue = (_linear(part / 255) for part in self)
        return red, green, blue


class Oklch(NamedTuple):
    """A colour as it is seen: lightness from 0 to 1, chroma from 0, and hue in radians."""

    lightness: float
    chroma: float
    hue: float

    def shown(self) -> Rgb:
        """Give the colour in sRGB, of this lightness and hue, with as much of the chroma as fits in."""
        least, most = 0.0, self.chroma
        if _fits(self._linear(most)):
            least = most
        for _ in range(_HALVINGS if least < most else 0):
            middle = (least + most) / 2
            least, most = (middle, most) if _fits(self._linear(middle)) else (least, middle)
        return Rgb(*(round(255 * _encoded(min(max(part, 0.0), 1.0))) for part in self._linear(least)))

    def _linear(self, chroma: float) -> Vector:
        lab = (self.lightness, chroma * cos(self.hue), chroma * sin(self.hue))
        long, medium, short = _times(_LMS_OF_LAB, lab)
        return _times(_RGB_OF_LMS, (long**3, medium**3, short**3))


def contrast(one: Rgb, other: Rgb) -> float:
    """Give the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((one.luminance(), other.luminance()))
    return (lighter + 0.05) / (darker + 0.05)


def _fits(linear: Vector) -> bool:
    return all(-_ROUNDING <= part <= 1 + _ROUNDING for part in linear)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  # IEC 61966-2-1


def _encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004  # IEC 61966-2-1


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _times(matrix: Matrix, vector: Vector) -> Vector:
    first, second, third = matrix
    return _dot(first, vector), _dot(second, vector), _dot(third, vector)
