"""The history as a table for spreadsheets, as those of the person's region read it: CSV (RFC 4180) in UTF-8."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import tzinfo

from babel import Locale
from babel.numbers import get_decimal_symbol

from gateway.words.activity import actor_said, part_said
from shared.contracts.privacy import ActivityEntry
from shared.telling import event_sentence
from shared.telling.languages import locale_of
from shared.telling.message import counted, marked

MOST_ROWS = 10_000
"""Entries that one file may have."""
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which spreadsheets tell UTF-8 from older encodings."""
# A spreadsheet takes such a beginning for a formula; one that splits at other signs than we do finds more cells.
_FORMULA = re.compile(r"(^|[,;|\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_HEADINGS = (
    marked("Time (%(zone)s)"),
    marked("Part"),
    marked("Who"),
    marked("What happened"),
    marked("Organization"),
    marked("Browser"),
    marked("Operating system"),
    marked("City"),
    marked("Country"),
    marked("IP address"),
    marked("Kind"),
    marked("Id"),
)
_SENTENCE = 3
_CUT_OFF = counted(
    "There is more. A file has at most %(count)s entry: narrow the activity down, by dates for example.",
    "There is more. A file has at most %(count)s entries: narrow the activity down, by dates for example.",
    by="count",
)


class Table:
    """Write entries as lines in one language and time zone, by the habits of *calendar*.

    Where numbers have a decimal comma, spreadsheets expect semicolons between cells.
    """

    def __init__(self, language: str, zone: tzinfo, calendar: Locale, *, product: str) -> None:
        self._language = language
        self._zone = zone
        self._product = product
        self._separator = ";" if get_decimal_symbol(calendar) == "," else ","
        self._territories = locale_of(language).territories

    def head(self) -> bytes:
        """Give the line of headings, after the mark of the encoding."""
        return BYTE_ORDER_MARK.encode() + self._written(
            [[heading.said(self._language, {"zone": str(self._zone)}) for heading in _HEADINGS]]
        )

    def lines(self, entries: Sequence[ActivityEntry]) -> bytes:
        """Give a line for each entry."""
        return self._written([self._row(entry) for entry in entries])

    def cut_off(self) -> bytes:
        """Give the last line of a file that has not all: it says so where sentences stand."""
        row = [""] * len(_HEADINGS)
        row[_SENTENCE] = _CUT_OFF.said(self._language, {"count": MOST_ROWS})
        return self._written([row])

    def _row(self, entry: ActivityEntry) -> list[str]:
        client = entry.client
        return [
            f"{entry.at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}",
            part_said(entry.part, self._language),
            actor_said(entry, self._language),
            event_sentence(entry, self._language, product=self._product),
            str(entry.facts.get("organization_name") or entry.facts.get("organization_id") or ""),
            client.browser or "",
            client.os or "",
            client.city or "",
            self._territories.get(client.country or "", client.country or ""),
            str(entry.facts.get("ip") or ""),
            entry.type,
            entry.id,
        ]

    def _written(self, rows: Sequence[Sequence[str]]) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n", delimiter=self._separator)
        writer.writerows(map(harmless_cell, row) for row in rows)
        return out.getvalue().encode()


def harmless_cell(text: str) -> str:
    """Give *text* so that no spreadsheet takes it, or a part of it, for a formula: with an apostrophe before it."""
    return _FORMULA.sub(r"\1'", text)
