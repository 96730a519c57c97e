"""A letter as a person got it, read from the message that was kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import get_args

from shared.letters import Channel

CHANNELS: tuple[Channel, ...] = get_args(Channel)
CHANNEL = "Letter-Channel"
ID = "Letter-Id"
TO = "Delivered-To"

_LANGUAGE = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?([A-Za-z0-9-]{2,35})", re.IGNORECASE)
_TAG = re.compile(r"(?s)<(style|script|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE)
_PLAUSIBLE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Letter:
    """What arrived: *key* is its name in the mailbox, *id* the one that its sender gave it."""

    key: str
    id: str
    channel: Channel
    to: str
    sender: str
    subject: str | None
    text: str
    html: str | None = field(repr=False)
    language: str | None
    at: datetime
    headers: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def title(self) -> str:
        """Give a line that tells it from others in a list."""
        if self.channel == "mail":
            return self.subject or "(no subject)"
        return " ".join(self.text.split()) or "(no words)"

    @property
    def words(self) -> str:
        """Give its text, or what its HTML says."""
        return self.text or " ".join(unescape(_TAG.sub(" ", self.html or "")).split())


def letter(key: str, content: bytes, at: datetime) -> Letter:
    """Read a message (RFC 5322); what cannot be read is shown as it came."""
    try:
        return _read(key, content, at)
    except Exception:  # noqa: BLE001  # a malformed message makes the parser raise anything; it must not hide the others
        raw = content.decode("utf-8", "replace")
        return Letter(key, key, "mail", "", "", "(unreadable message)", raw, None, None, at, ())


def _read(key: str, content: bytes, at: datetime) -> Letter:
    message = message_from_bytes(content, policy=policy.default)
    channel = _header(message, CHANNEL)
    html = _part(message, "html")
    language = _header(message, "Content-Language") or next(iter(_LANGUAGE.findall(html or "")), "")
    return Letter(
        key=key,
        id=_header(message, ID) or _header(message, "Message-ID").strip("<> ").rpartition("@")[0] or key,
        channel=channel if channel in CHANNELS else "mail",
        to=_header(message, TO) or _header(message, "To"),
        sender=_header(message, "From"),
        subject=_header(message, "Subject") if message["Subject"] is not None else None,
        text=(_part(message, "plain") or "").strip("\n"),
        html=html,
        language=language if _PLAUSIBLE.fullmatch(language) else None,
        at=at,
        headers=tuple(_headers(message)),
    )


def _header(message: EmailMessage, name: str) -> str:
    return _encodable(str(message[name] or ""))


def _headers(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Give the headers as they came, unfolded and undecoded."""
    for name, value in message.raw_items():
        yield _encodable(name), _encodable(" ".join(str(value).split()))


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    return None if part is None else _encodable(str(part.get_content())).replace("\r\n", "\n")


def _encodable(text: str) -> str:
    """Give bytes that were no text when they came as marks that can be written."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
