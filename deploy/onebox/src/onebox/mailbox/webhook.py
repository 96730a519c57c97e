"""The webhook that takes texts and calls, as an operator's would."""

import hmac
import re
import time
from email.message import EmailMessage
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, StringConstraints, ValidationError

from onebox.mailbox.keeping import Letters
from shared.sending.webhook import SIGNATURE, signature

OFF = 300
"""Seconds that a signature may be from now, either way."""
_SIGNED = re.compile(r"t=(\d{1,12}),v1=[0-9a-f]{64}")


class _Message(BaseModel):
    """A text or a call as it is posted."""

    id: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")]
    channel: Literal["text", "call"]
    to: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{1,14}$")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=5_000)]
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$")]


class Webhook:
    """Keep what is posted with a good signature; the same message may come twice."""

    def __init__(self, letters: Letters, secret: bytes) -> None:
        self._letters = letters
        self._secret = secret

    async def take(self, request: web.Request) -> web.Response:
        """Answer 204 when the message is on the disk, 401 to a wrong or old signature, 400 to what is no message."""
        body = await request.read()
        if not self._signed(request.headers.get(SIGNATURE, ""), body):
            return web.Response(status=401, text="The signature is missing, wrong or too old.")
        try:
            message = _Message.model_validate_json(body)
        except ValidationError as error:
            return web.Response(status=400, text=f"{error.error_count()} things are wrong with the message.")
        await self._letters.keep(message.channel, message.to, _written(message), id_=message.id)
        return web.Response(status=204)

    def _signed(self, told: str, body: bytes) -> bool:
        signed = _SIGNED.fullmatch(told)
        if signed is None or abs(time.time() - int(signed[1])) > OFF:
            return False
        return hmac.compare_digest(told, signature(self._secret, body, int(signed[1])))


def _written(message: _Message) -> bytes:
    written = EmailMessage()
    written.set_content(message.text, cte="quoted-printable")
    written["Content-Language"] = message.language
    return bytes(written)
