"""Any picture → the one form in which pictures are kept: a square WebP of nothing but pixels."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from PIL import ExifTags, Image, ImageOps

from shared.contracts.pictures import (
    MOST_PIXELS_A_SIDE,
    SIDE,
    PictureAnimated,
    PictureTooLarge,
    PictureUnreadable,
)
from shared.contracts.problem import Problem

_FORMATS = ("JPEG", "PNG", "WEBP")
_CAN_MOVE = {"PNG", "WEBP"}
_QUALITY = 82
_BACKGROUND = (255, 255, 255, 255)
_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="portrait")
"""Few, as each picture may take 130 MB while it is decoded."""


async def normalised(content: bytes) -> bytes:
    """Give the picture as it is kept, made in a thread.

    Raises `PictureUnreadable`, `PictureTooLarge` or `PictureAnimated`.
    """
    return await asyncio.get_running_loop().run_in_executor(_workers, square, content)


def square(content: bytes) -> bytes:
    """Cut the middle out of a picture, upright, and encode its pixels alone."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            _refuse_unfit(image)
            return _encoded(_cut(image))
    except Problem:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge(limit=MOST_PIXELS_A_SIDE) from error
    except Exception as error:  # what is wrong with a file, decoders tell in ways that they do not name
        raise PictureUnreadable from error


def _refuse_unfit(image: Image.Image) -> None:
    """Refuse by what the header says, before anything is decoded."""
    if max(image.size) > MOST_PIXELS_A_SIDE:
        raise PictureTooLarge(limit=MOST_PIXELS_A_SIDE)
    # A telephone's JPEG may hold further pictures (MPO), such as a map of depths; the first is the one to see.
    if image.format in _CAN_MOVE and getattr(image, "is_animated", False):
        raise PictureAnimated


def _cut(image: Image.Image) -> Image.Image:
    """Cut first and turn then: of a centred square that is the same, and takes a fraction of the memory."""
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # of a large JPEG no more is decoded than is needed
    seen = image
    if image.mode.startswith("I;16"):  # which would be taken as 8 bits, and come out white
        seen = image.point(lambda grey: grey * (1 / 256)).convert("L")
    cut = ImageOps.fit(seen.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    cut.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return ImageOps.exif_transpose(cut)


def _encoded(image: Image.Image) -> bytes:
    bare = Image.new("RGBA", image.size, _BACKGROUND)  # nothing that came with the picture goes on with it
    bare.alpha_composite(image)
    out = BytesIO()
    bare.convert("RGB").save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()
