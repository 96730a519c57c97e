"""How far an import is, on disk: what was answered, and which rows were refused."""

import csv
import io
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from gateway.words import with_words
from onebox.importing.table import TOO_MANY_CELLS, Row

_HEAD = ("line", "account", "device_id", "key", "reason")
_OWN_WORDS = {TOO_MANY_CELLS: "The row has more cells than the first line has columns: is a separator unquoted?"}


class Note(BaseModel):
    """How far it is; *run* makes the keys by which what is sent again is carried out once."""

    digest: str
    url: str
    run: str
    answered: int = 0
    refused: int = 0
    report_size: int = 0


class Notebook:
    """Keep the note beside the table, and the report of refused rows, which never knows more than the note."""

    def __init__(self, table: Path, *, digest: str, url: str) -> None:
        """Go on with the note of this very table for this very portal, or begin anew."""
        self.note_file = table.with_name(f"{table.name}.import.json")
        self.report_file = table.with_name(f"{table.name}.refused.csv")
        self.note = self._read(digest, url) or Note(digest=digest, url=url, run=secrets.token_hex(16))
        self._fresh: list[str] = []

    @property
    def goes_on(self) -> bool:
        """Tell whether an earlier import was interrupted."""
        return self.note.answered > 0

    def taken(self, row: Row) -> None:
        """Note that a row is in."""
        self.note.answered = row.number

    def refused(self, row: Row, problem: Mapping[str, Any]) -> None:
        """Note that a row is not in, and why."""
        written = io.StringIO()
        csv.writer(written).writerow(
            [row.line, *map(_harmless, (row.account, row.device_id)), problem["key"], _reason(problem)]
        )
        self._fresh.append(written.getvalue())
        self.note.answered = row.number
        self.note.refused += 1

    def save(self) -> None:
        """Write everything to disk, the note last: what it does not know of is cut off the report by the next."""
        if self._fresh or (self.report_file.exists() and self.note.report_size == 0):
            self._report()
        draft = self.note_file.with_suffix(".draft")
        draft.write_text(self.note.model_dump_json())
        draft.replace(self.note_file)

    def end(self) -> None:
        """Forget how far it was: the next import of the same table is another one."""
        self.note_file.unlink(missing_ok=True)

    def _report(self) -> None:
        if not self._fresh:
            self.report_file.unlink()
            return
        with self.report_file.open("a+b") as report:
            report.truncate(self.note.report_size)
            head = "" if self.note.report_size else f"{','.join(_HEAD)}\r\n"
            report.write((head + "".join(self._fresh)).encode())
            report.flush()
            self.note.report_size = report.tell()
        self._fresh.clear()

    def _read(self, digest: str, url: str) -> Note | None:
        try:
            note = Note.model_validate_json(self.note_file.read_text())
        except (FileNotFoundError, ValidationError):
            return None
        return note if (note.digest, note.url) == (digest, url) else None


def _reason(problem: Mapping[str, Any]) -> str:
    if problem["key"] in _OWN_WORDS:
        return _OWN_WORDS[problem["key"]]
    worded = with_words(problem, "en")
    faults = [f"{_column(fault['pointer'])}: {fault['detail']}" for fault in worded.get("errors", ())]
    return "; ".join(faults) if faults else f"{worded['title']}: {worded['detail']}"


def _column(pointer: str) -> str:
    """Name the column that a part of the line was made from."""
    parts = [part for part in pointer.split("/") if part not in {"", "device"}]
    if parts[:1] == ["last_place"]:
        return f"last_{parts[-1]}"
    return parts[0] if parts else "row"


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking somebody's text for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
