"""Tables for spreadsheets: RFC 4180, and nothing in them that a spreadsheet carries out."""

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.tabulating import Table, harmless_cell
from shared.contracts.envelope import Client
from shared.contracts.privacy import SIGN_IN, ActivityEntry

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def entry(**told):
    facts = {
        "id": "o~1",
        "type": SIGN_IN,
        "part": "sign_ins",
        "at": datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        "by": "you",
    }
    return ActivityEntry(**{**facts, "client": Client(), "facts": {"status": "success"}} | told)


def read(content, **how):
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True, **how))


def test_times_have_the_offset_of_the_persons_zone_on_that_day():
    table = Table("en", ZoneInfo("Europe/Stockholm"), product="P")
    (before,), (after,) = (
        read(table.lines([entry(at=datetime(2026, 3, 29, hour, 59, tzinfo=UTC))])) for hour in (0, 1)
    )
    assert (before[0], after[0]) == ("2026-03-29T01:59:00+01:00", "2026-03-29T03:59:00+02:00")


def test_lines_end_as_the_standard_says_and_quotes_stand_twice():
    lines = Table("en", UTC, product="P").lines([entry(facts={"status": "success", "application": 'a "b", c'})] * 2)
    assert lines.count(b"\r\n") == lines.count(b"\n") == 2
    assert lines.endswith(b"\r\n")
    assert b'to \xe2\x80\x9ca ""b"", c\xe2\x80\x9d"' in lines


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "x;", "x\t", "x|  "])
def test_what_begins_like_a_formula_is_made_harmless_wherever_a_spreadsheet_begins_a_cell(sign, before):
    made = harmless_cell(f"{before}{sign}cmd|'/c calc'!A1")
    assert made != f"{before}{sign}cmd|'/c calc'!A1"
    for separator in ",;\t|":
        (cells,) = read(f'"{made}"\r\n'.encode(), delimiter=separator)
        assert not any(cell.lstrip(" ").startswith(tuple(SIGNS)) for cell in cells)


@given(some.text(max_size=40))
def test_no_cell_begins_like_a_formula_however_the_line_is_split(text):
    made = harmless_cell(text)
    assert made.replace("'", "") == text.replace("'", "")
    for separator in ";\t|":
        for cell in made.replace("\r", "\n").replace("\n", separator).split(separator):
            assert not cell.lstrip().startswith(tuple(SIGNS))


@pytest.mark.parametrize(
    "text", ["", "Malmö", "192.0.2.7", "2026-03-29T01:59:00+01:00", "a=b", "10 - 2", "2001:db8::1"]
)
def test_what_is_harmless_stays_as_it_is(text):
    assert harmless_cell(text) == text


def test_a_country_without_a_name_keeps_its_code():
    (row,) = read(Table("sv", UTC, product="P").lines([entry(client=Client(country="ZQ"))]))
    assert row[7] == "ZQ"
