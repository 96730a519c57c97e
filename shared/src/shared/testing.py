"""Public helpers for tests: a store without a database, and facts that stand still."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import bson
from bson.codec_options import CodecOptions

from shared.facts import Facts
from shared.letters import Channel, Waiting
from shared.storing import Filed
from shared.storing.letters import waiting
from shared.storing.shelf import MOST_LETTERS, MOST_WAITING, LettersFull, OutboxFull

_AWARE: CodecOptions[Any] = CodecOptions(tz_aware=True)


class MemoryShelf:
    """Keep documents in memory, encoded as the database would, under the same contract tests as the real shelf."""

    def __init__(self) -> None:
        self._documents: dict[str, bytes] = {}

    async def load(self, key: str, *, commands: bool, without: Sequence[str] = ()) -> Mapping[str, Any] | None:
        """Give the document without its outbox and the fields *without*."""
        await asyncio.sleep(0)
        document = self._get(key)
        if document is None:
            return None
        hidden = {"outbox", "parked", "letters", *without} | (set() if commands else {"commands"})
        return {name: value for name, value in document.items() if name not in hidden}

    async def load_many(self, keys: Sequence[str], *, without: Sequence[str] = ()) -> Mapping[str, Mapping[str, Any]]:
        """Give those of the documents that there are, by their keys, without outboxes, commands and those fields."""
        loaded = {key: await self.load(key, commands=False, without=without) for key in keys}
        return {key: document for key, document in loaded.items() if document is not None}

    async def save(self, key: str, version: int, filed: Filed) -> bool:
        """File the change if the document still has *version*."""
        await asyncio.sleep(0)
        document = self._get(key) or {"_id": key, "version": 0}
        if document["version"] != version:
            return False
        if filed.news and len(document.get("outbox", ())) >= MOST_WAITING:
            raise OutboxFull
        if filed.letters and len(document.get("letters", ())) >= MOST_LETTERS:
            raise LettersFull
        document.update(filed.fields)
        commands = document.setdefault("commands", {})
        commands[filed.command_id] = filed.command
        for name in filed.forget:
            commands.pop(name, None)
        document["version"] = version + 1
        if filed.news:
            document.setdefault("outbox", []).extend(filed.news)
        kept = [letter for letter in document.get("letters", ()) if letter["id"] not in filed.settled]
        document["letters"] = [*kept, *filed.letters]
        self._put(key, document)
        return True

    async def outbox(self, key: str) -> list[Mapping[str, Any]]:
        """Give what the document has to announce, in order."""
        return list((self._get(key) or {}).get("outbox", ()))

    async def sent(self, key: str, event_ids: Sequence[str]) -> None:
        """Take announced entries out of the outbox."""
        if document := self._get(key):
            document["outbox"] = [entry for entry in document.get("outbox", ()) if entry["id"] not in event_ids]
            self._put(key, document)

    async def park(self, key: str, event_id: str, reason: str) -> None:
        """Move an entry that the broker will never take from the outbox to `parked`."""
        for entry in await self.outbox(key):
            if entry["id"] == event_id and (document := self._get(key)):
                document["outbox"] = [kept for kept in document["outbox"] if kept["id"] != event_id]
                document.setdefault("parked", []).append({**entry, "reason": reason})
                self._put(key, document)

    async def waiting(self, before: datetime, limit: int, *, skip: int = 0) -> list[str]:
        """Name documents that have had something to announce since *before*, the longest waiting first."""
        since = {
            key: min(entry["at"] for entry in document["outbox"])
            for key in self._documents
            if (document := self._get(key)) and document.get("outbox")
        }
        return sorted((key for key, at in since.items() if at < before), key=lambda key: since[key])[
            skip : skip + limit
        ]

    async def letters(self, key: str) -> list[Waiting]:
        """Give the letters that a document has to send, the first due first."""
        return waiting(key, self._get(key))

    async def claim(self, letter: Waiting, until: datetime) -> Waiting | None:
        """Take a letter to be sent."""
        await asyncio.sleep(0)
        return letter.claimed(until) if self._set_due(letter, until, attempts=1) else None

    async def postpone(self, letter: Waiting, until: datetime) -> None:
        """Let a letter wait until then."""
        self._set_due(letter, until, attempts=0)

    async def with_letters_due(
        self,
        before: datetime,
        limit: int,
        *,
        skip: int = 0,
        channel: Channel | None = None,
        expiring: datetime | None = None,
    ) -> list[str]:
        """Name documents that have a letter due, the longest due first."""
        due: dict[str, datetime] = {}
        for key in self._documents:
            for entry in (self._get(key) or {}).get("letters", ()):
                wanted = channel in {None, entry.get("channel")} and entry["due_at"] < before
                if wanted and (expiring is None or entry.get("expires_at", expiring) < expiring):
                    due[key] = min(due.get(key, entry["due_at"]), entry["due_at"])
        return sorted(due, key=lambda key: due[key])[skip : skip + limit]

    def _set_due(self, letter: Waiting, until: datetime, *, attempts: int) -> bool:
        document = self._get(letter.key) or {}
        for entry in document.get("letters", ()):
            if (entry["id"], entry["due_at"]) == (letter.id, letter.due_at):
                entry["due_at"] = until
                entry["attempts"] += attempts
                self._put(letter.key, document)
                return True
        return False

    def _get(self, key: str) -> dict[str, Any] | None:
        content = self._documents.get(key)
        return bson.decode(content, _AWARE) if content is not None else None

    def _put(self, key: str, document: Mapping[str, Any]) -> None:
        self._documents[key] = bson.encode(document)


def facts_at(moment: datetime | str = "2026-03-01T09:00:00+00:00", chance: int = 1) -> Facts:
    """Give facts that stand still at *moment*; *chance* tells draws apart."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return Facts(now=at.astimezone(UTC), entropy=chance.to_bytes(32, "big"))
