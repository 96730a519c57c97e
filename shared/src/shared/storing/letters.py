"""Letters at rest: where one goes and what it says lie sealed in the document that it belongs to."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic_core import from_json, to_json

from shared.letters import Letter, Waiting, place_of, whole
from shared.sealing import Sealer

_KNOWN = {known.name for known in fields(Waiting)}


async def filed(letter: Letter, account: str, sealer: Sealer) -> dict[str, Any]:
    """Give the entry of a letter, sealed."""
    content = to_json({"to": letter.to, "fields": dict(letter.fields)}).decode()
    return {
        "id": letter.id,
        "kind": letter.kind,
        "channel": letter.channel,
        "language": letter.language,
        "due_at": whole(letter.due_at),
        "expires_at": whole(letter.expires_at),
        "attempts": 0,
        "about": letter.about,
        "content": await sealer.seal(account, place_of(letter.id), content),
    }


def waiting(key: str, document: Mapping[str, Any] | None) -> list[Waiting]:
    """Give the letters of a document, the first due first; what a newer version says besides is left alone."""
    found = [
        Waiting(key=key, **{name: value for name, value in entry.items() if name in _KNOWN})
        for entry in (document or {}).get("letters", ())
    ]
    return sorted(found, key=lambda letter: letter.due_at)


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
