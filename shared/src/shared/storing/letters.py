"""Letters at rest: where one goes and what it says lie sealed in the document that it belongs to."""

from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json

from shared.letters import Letter, Waiting, place_of
from shared.sealing import Sealer


async def filed(letter: Letter, account: str, sealer: Sealer) -> dict[str, Any]:
    """Give the entry of a letter, sealed."""
    content = to_json({"to": letter.to, "fields": dict(letter.fields)}).decode()
    return {
        "id": letter.id,
        "kind": letter.kind,
        "channel": letter.channel,
        "language": letter.language,
        "due_at": _whole(letter.due_at),
        "expires_at": _whole(letter.expires_at),
        "attempts": 0,
        "about": letter.about,
        "content": await sealer.seal(account, place_of(letter.id), content),
    }


async def opened(letter: Waiting, account: str, sealer: Sealer) -> Letter:
    """Open a letter."""
    content = from_json(await sealer.open(account, place_of(letter.id), letter.content))
    return Letter(
        id=letter.id,
        kind=letter.kind,
        channel=letter.channel,
        to=content["to"],
        language=letter.language,
        expires_at=letter.expires_at,
        due_at=letter.due_at,
        fields=content["fields"],
        about=letter.about,
    )


def _whole(moment: datetime) -> datetime:
    """Give a moment in whole milliseconds, as the database gives it back: a claim compares it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
