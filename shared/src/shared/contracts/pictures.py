"""A person's picture: what a directory sends, what is refused, and what is shown."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from shared.contracts.endpoint import Endpoint
from shared.contracts.organizations import WRITE_ACCOUNTS, AccountNotFound
from shared.contracts.problem import Problem
from shared.contracts.wording import Answer, Request

MOST_BYTES = 512 * 1024
"""Bytes of the whole body, in which base64 makes four of three."""
MOST_PIXELS_A_SIDE = 4096
SIDE = 192
"""Pixels of each side of a picture as it is shown: twice what the largest place for it has."""
MEDIA_TYPE = "image/webp"


def _decoded(content: object) -> object:
    """Decode a text of RFC 4648, section 4, with nothing in between."""
    if not isinstance(content, str):
        return content
    try:
        return b64decode(content, validate=True)
    except ValueError:
        raise ValueError("base64") from None


def _encoded(content: bytes) -> str:
    return b64encode(content).decode()


Content = Annotated[
    bytes,
    BeforeValidator(_decoded),
    PlainSerializer(_encoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""Bytes that travel as base64 in JSON."""


class PutPicture(Request):
    """A JPEG, PNG or WebP picture, of at most 4096 pixels a side."""

    content: Content = Field(repr=False)


class Picture(Answer):
    """A picture as it is shown: a square of 192 pixels."""

    digest: str = Field(description="Tells this picture from any other.")
    media_type: str = Field(examples=[MEDIA_TYPE])
    content: Content = Field(repr=False)


@dataclass(eq=False, kw_only=True)
class PictureNotFound(Problem):
    key: ClassVar[str] = "picture_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class PictureUnreadable(Problem):
    """Refuse what is no JPEG, PNG or WebP picture, or a broken one."""

    key: ClassVar[str] = "picture_unreadable"
    status: ClassVar[int] = 422


@dataclass(eq=False, kw_only=True)
class PictureTooLarge(Problem):
    """Refuse a picture of more than *limit* pixels a side, which is told before anything is decoded."""

    key: ClassVar[str] = "picture_too_large"
    status: ClassVar[int] = 422
    limit: int


@dataclass(eq=False, kw_only=True)
class PictureAnimated(Problem):
    key: ClassVar[str] = "picture_animated"
    status: ClassVar[int] = 422


GET_PICTURE = Endpoint(
    name="getPicture",
    summary="Read one's own picture",
    method="GET",
    path="/organizations/picture",
    response=Picture,
    problems=(PictureNotFound,),
)
PUT_PICTURE = Endpoint(
    name="putPicture",
    summary="Put the picture of an account in; it is cut to a square and freed of everything else in the file",
    method="PUT",
    path="/system/accounts/{account}/picture",
    request=PutPicture,
    status=204,
    problems=(AccountNotFound, PictureUnreadable, PictureTooLarge, PictureAnimated),
    scope=WRITE_ACCOUNTS,
    body_limit=MOST_BYTES,
)
REMOVE_PICTURE = Endpoint(
    name="removePicture",
    summary="Take the picture of an account away",
    method="DELETE",
    path="/system/accounts/{account}/picture",
    status=204,
    problems=(AccountNotFound,),
    scope=WRITE_ACCOUNTS,
)

ENDPOINTS = (GET_PICTURE, PUT_PICTURE, REMOVE_PICTURE)
"""Answered by organizations."""
