"""The letters in a Maildir: those of last time, too, and only so many."""

import asyncio
import mailbox
import re
import threading
from datetime import UTC, datetime
from email.header import Header
from pathlib import Path

from onebox.mailbox.letters import CHANNEL, ID, TO, Letter, letter
from shared.letters import Channel

MOST = 500
"""Letters that are kept; an older one makes room for a new one."""
_NAME = re.compile(r"(\d+)\.M(\d+)P\d+Q(\d+)\.")


class Letters:
    """Keep letters in the Maildir *folder*, which is made when it is missing, *most* of them."""

    def __init__(self, folder: Path, *, most: int = MOST) -> None:
        self._folder = folder
        self._most = most
        self._read: dict[str, Letter] = {}
        self._lock = threading.Lock()
        folder.parent.mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(folder, create=True).close()

    async def all(self) -> list[Letter]:
        """Give the letters, newest first."""
        return await asyncio.to_thread(self._all_safely)

    async def keep(self, channel: Channel, to: str, content: bytes, *, id_: str = "") -> None:
        """Keep a message (RFC 5322) that came for *to*, durably; one with the same id that is there is enough."""
        await asyncio.to_thread(self._keep, channel, to, content, id_)

    def _all_safely(self) -> list[Letter]:
        with self._lock:
            return self._all()

    def _all(self) -> list[Letter]:
        found = {file.name: file for place in ("new", "cur") for file in (self._folder / place).iterdir()}
        for name in self._read.keys() - found.keys():
            del self._read[name]
        for name in found.keys() - self._read.keys():
            self._read[name] = letter(name, found[name].read_bytes(), _moment(found[name]))
        return sorted(self._read.values(), key=_order, reverse=True)

    def _keep(self, channel: Channel, to: str, content: bytes, id_: str) -> None:
        # What is said first holds: a message may bring headers of these names along.
        said = {TO: to, CHANNEL: channel, **({ID: id_} if id_ else {})}
        head = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in said.items())
        written = head.encode() + content
        fresh = letter("", written, datetime.now(UTC))
        with self._lock:
            there = self._all()
            if any(_same(fresh, other) for other in there):
                return
            box = mailbox.Maildir(self._folder, create=True)
            try:
                box.add(written)
                for old in there[self._most - 1 :]:
                    box.discard(old.key.partition(":")[0])
            finally:
                box.close()


def _same(one: Letter, other: Letter) -> bool:
    return bool(one.id) and (one.id, one.channel, one.to) == (other.id, other.channel, other.to)


def _one_line(value: str) -> str:
    """Write a header's value so that it begins no other header (RFC 2047 where it is not ASCII)."""
    line = " ".join(value.split())
    return line if line.isascii() and line.isprintable() else Header(line, "utf-8", maxlinelen=10_000).encode()


def _order(one: Letter) -> tuple[datetime, int, str]:
    named = _NAME.match(one.key)
    return one.at, int(named[3]) if named else 0, one.key


def _moment(file: Path) -> datetime:
    """Tell when a letter arrived: its name begins with that, and moving the mailbox does not change it."""
    if named := _NAME.match(file.name):
        return datetime.fromtimestamp(int(named[1]), UTC).replace(microsecond=min(int(named[2]), 999_999))
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
