"""Text messages and calls by a webhook of the operator's: JSON, signed with a shared secret."""

import hashlib
import hmac
import time
from http import HTTPStatus

import aiohttp
from pydantic_core import to_json

from shared.sending.carrying import Call, Message, Never, NotNow, Text

SIGNATURE = "Webhook-Signature"
SECONDS = 15.0
"""For all of one post; shorter than a sender waits."""
_NOT_THIS_MESSAGE = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""What is about the message; anything else, such as a wrong secret or address, may be mended by the operator."""


class WebhookCarrier:
    """Post texts and calls to one address.

    The body is `{"id", "channel", "to", "text", "language"}`. The header `Webhook-Signature` is `t=<seconds>,v1=<hex>`:
    the HMAC-SHA256 of `<seconds>.<body>` with the secret. A message that comes twice has the same id, also in the
    header `Idempotency-Key`. Any 2xx takes it; 400, 413 and 422 mean never; other answers mean later.
    """

    def __init__(self, url: str, secret: bytes, *, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._secret = secret
        self._session = session

    async def carry(self, message: Message) -> None:
        """Post a message."""
        if not isinstance(message, Text | Call):
            raise TypeError("neither a text nor a call")
        channel = "text" if isinstance(message, Text) else "call"
        told = {"channel": channel, "to": message.to, "text": message.text, "language": message.language}
        body = to_json({"id": message.id, **told})
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
            SIGNATURE: signature(self._secret, body, int(time.time())),
        }
        try:
            async with self._session.post(
                self._url,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=SECONDS),
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotNow(type(error).__name__) from None
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return
        raise (Never if status in _NOT_THIS_MESSAGE else NotNow)(f"webhook {status}")


def signature(secret: bytes, body: bytes, at: int) -> str:
    """Sign a body at a moment, in seconds since 1970."""
    signed = hmac.digest(secret, f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hex()}"
