"""Pictures as cameras, programs and people with bad intentions make them."""

import struct
import zlib
from base64 import b64encode
from io import BytesIO
from typing import Any

from PIL import Image

CORNERS = {"red": (210, 40, 40), "green": (40, 180, 60), "blue": (40, 60, 210), "yellow": (230, 210, 40)}


def picture(form: str = "PNG", *, size: tuple[int, int] = (40, 40), colour: Any = (30, 90, 160), **saved: Any) -> bytes:
    """Give a picture of one colour."""
    return encoded(Image.new("RGB", size, colour), form, **saved)


def quartered(side: int = 200) -> Image.Image:
    """Give a picture of four quarters: red and green above, blue and yellow below."""
    image = Image.new("RGB", (side, side))
    half = side // 2
    for colour, place in zip(CORNERS.values(), [(0, 0), (half, 0), (0, half), (half, half)], strict=True):
        image.paste(colour, (*place, place[0] + half, place[1] + half))
    return image


def quarters(content: bytes) -> list[str]:
    """Name the colours of the quarters, the way `quartered` has them: above left and right, below left and right."""
    image = opened(content)
    near, far = image.width // 4, image.width * 3 // 4
    return [_nearest(image.getpixel(place)) for place in [(near, near), (far, near), (near, far), (far, far)]]


def _nearest(pixel: Any) -> str:
    return min(CORNERS, key=lambda name: sum(abs(a - b) for a, b in zip(CORNERS[name], pixel, strict=True)))


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def encoded(image: Image.Image, form: str, **saved: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **saved)
    return out.getvalue()


def animated(form: str) -> bytes:
    """Give a picture that moves."""
    second = Image.new("RGB", (40, 40), (250, 0, 0))
    return picture(form, save_all=True, append_images=[second], duration=100)


def claiming(width: int, height: int) -> bytes:
    """Give a PNG of a few bytes whose header promises that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def as_text(content: bytes) -> str:
    return b64encode(content).decode()
