"""Read a device management's export, row by row: CSV in whatever dialect it comes."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pydantic_core import to_json

from onebox.processes import SetupError
from shared.contracts.devices import BulkLine
from shared.contracts.endpoint import LINE_LIMIT
from shared.contracts.problem import Problem, TooLarge
from shared.reading import parsed

NEEDED = ("account", "device_id", "organization_id", "name", "kind")
OPTIONAL = (
    "maker",
    "model",
    "os",
    "os_version",
    "join_type",
    "compliance",
    "compliance_reasons",
    "registered_at",
    "last_active_at",
    "last_country",
    "last_city",
)
_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r'"?sep=(\t|[^\s"])"?\s*', re.IGNORECASE)
"""Excel's own first line."""
_PART = 64 * 1024
_CHOSEN = ("kind", "join_type", "compliance")
"""Columns of which some values are known; exports write them in capitals or not."""

TOO_MANY_CELLS = "too_many_cells"


@dataclass(frozen=True, slots=True)
class Row:
    """One device: *number* counts rows from 1, *line* is where it ends in the file.

    *content* is what is sent, without a line's end; where it breaks the contract there is a *problem* instead.
    """

    number: int
    line: int
    account: str
    device_id: str
    content: bytes | None = None
    problem: Mapping[str, Any] | None = None


class Table:
    """An export; SetupError where it cannot be read or lacks a needed column."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            begin = file.read(4)
        self._encoding = next((name for mark, name in _ENCODINGS.items() if begin.startswith(mark)), "utf-8")
        self.left_out: tuple[str, ...] = ()
        with self._open() as file:
            head = file.readline()
        told = _SEPARATOR.fullmatch(head)
        self._before = 1 if told else 0
        self._delimiter = told[1] if told else max(_DELIMITERS, key=head.count)
        with self._reading() as (reader, _):
            self.size = sum(1 for cells in reader if _says_something(cells))

    def rows(self) -> Iterator[Row]:
        """Give the rows in their order; lines with nothing in them are none."""
        with self._reading() as (reader, columns):
            number = 0
            for cells in reader:
                if _says_something(cells):
                    number += 1
                    yield _row(number, self._before + reader.line_num, columns, cells)

    @contextmanager
    def _open(self) -> Iterator[TextIO]:
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                yield file
        except UnicodeDecodeError:
            encoding = self._encoding.removesuffix("-sig").upper()
            raise SetupError(f"{self._path} is not {encoding}{self._where()}.") from None

    def _where(self) -> str:
        """Tell where the first byte is that is no text: Python itself counts within the part that it was reading."""
        text = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(self._encoding)(), translate=True)
        line, end, ended = 1, 0, False
        with self._path.open("rb") as file:
            while not ended:
                part, before = file.read(_PART), text.getstate()
                end, ended = end + len(part), not part
                try:
                    line += text.decode(part, final=ended).count("\n")
                except UnicodeDecodeError as error:
                    rest = len(error.object) - error.start
                    text.setstate(before)
                    line += text.decode(part[: max(0, len(part) - rest)]).count("\n")
                    return f" in line {line}, at byte {end - rest + 1}"
        return ""

    @contextmanager
    def _reading(self) -> Iterator[tuple[Any, list[str]]]:
        with self._open() as file:
            for _ in range(self._before):
                file.readline()
            reader = csv.reader(file, delimiter=self._delimiter)
            try:
                columns = [_named(cell) for cell in next(reader, [])]
                self._check(columns)
                yield reader, columns
            except csv.Error as error:
                line = self._before + reader.line_num
                raise SetupError(f"{self._path}, line {line}: it cannot be read ({error}).") from None

    def _check(self, columns: list[str]) -> None:
        known = {*NEEDED, *OPTIONAL}
        twice = {name for name in columns if name in known and columns.count(name) > 1}
        if lacking := [name for name in NEEDED if name not in columns]:
            raise SetupError(f"{self._path} has no column {', '.join(lacking)} in its first line.")
        if twice:
            raise SetupError(f"{self._path} has more than one column {', '.join(sorted(twice))}.")
        self.left_out = tuple(name for name in columns if name and name not in known)


def _named(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_").replace("-", "_")


def _says_something(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _row(number: int, line: int, columns: list[str], cells: list[str]) -> Row:
    told = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    account, device_id = told.get("account", ""), told.get("device_id", "")
    if _says_something(cells[len(columns) :]):
        return Row(number, line, account, device_id, problem={"key": TOO_MANY_CELLS})
    try:
        content = _content(told)
    except Problem as problem:
        return Row(number, line, account, device_id, problem=problem.document())
    return Row(number, line, account, device_id, content)


def _content(told: Mapping[str, str]) -> bytes:
    device: dict[str, Any] = {
        name: told[name].casefold() if name in _CHOSEN else told[name]
        for name in (*NEEDED, *OPTIONAL)
        if name in told and name not in {"account", "device_id", "compliance_reasons", "last_country", "last_city"}
    }
    reasons = [reason.strip() for reason in told.get("compliance_reasons", "").split(";")]
    place = {"country": told.get("last_country", "").upper(), "city": told.get("last_city")}
    device |= {"compliance_reasons": [reason for reason in reasons if reason]} if any(reasons) else {}
    device |= {"last_place": {name: value for name, value in place.items() if value}} if any(place.values()) else {}
    line = {name: told[name] for name in ("account", "device_id") if name in told} | {"device": device}
    parsed(BulkLine, line)
    content = to_json(line)
    if len(content) > LINE_LIMIT:
        raise TooLarge(limit=LINE_LIMIT)
    return content
