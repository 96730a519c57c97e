"""Tables for spreadsheets: RFC 4180, and nothing in them that a spreadsheet carries out."""

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as some

from gateway.tabulating import BYTE_ORDER_MARK, Table, harmless_cell
from shared.contracts.envelope import Client
from shared.contracts.privacy import SIGN_IN, ActivityEntry

RENAMED = "profile.devices.device.renamed.v1"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def entry(**told):
    facts = {
        "id": "o~1",
        "type": SIGN_IN,
        "part": "sign_ins",
        "at": datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        "by": "unknown",
    }
    return ActivityEntry(**{**facts, "client": Client(), "facts": {"status": "success"}} | told)


def read(content, **how):
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True, **how))


def made(language="en", zone=UTC, calendar="en_GB"):
    return Table(language, zone, Locale.parse(calendar), product="P")


def test_times_are_those_of_the_persons_clock_and_the_zone_heads_them():
    table = made(zone=ZoneInfo("Europe/Stockholm"))
    (before,), (after,) = (
        read(table.lines([entry(at=datetime(2026, 3, 29, hour, 59, tzinfo=UTC))])) for hour in (0, 1)
    )
    assert (before[0], after[0]) == ("2026-03-29 01:59:00", "2026-03-29 03:59:00")
    (head,) = read(table.head().removeprefix(BYTE_ORDER_MARK.encode()))
    assert head[0] == "Time (Europe/Stockholm)"
    assert read(made().head().removeprefix(BYTE_ORDER_MARK.encode()))[0][0] == "Time (UTC)"


@pytest.mark.parametrize(("calendar", "separator"), [("en_GB", ","), ("sv_SE", ";"), ("en_ZA", ";"), ("sv_FI", ";")])
def test_where_numbers_have_a_decimal_comma_semicolons_stand_between_cells(calendar, separator):
    table = made(calendar=calendar)
    for content in (table.head(), table.lines([entry()]), table.cut_off()):
        (row,) = read(content, delimiter=separator)
        assert len(row) == 12


def test_a_line_tells_through_which_organization_a_sign_in_came():
    named, unnamed = {"organization_id": "c", "organization_name": "Contoso"}, {"organization_id": "c"}
    rows = read(made().lines([entry(facts={"status": "success"} | told) for told in (named, unnamed, {})]))
    assert [row[4] for row in rows] == ["Contoso", "c", ""]


@pytest.mark.parametrize(
    ("by", "type_", "who"),
    [
        ("unknown", SIGN_IN, "Whoever signed in as you, or tried to"),
        ("you", RENAMED, "You"),
        ("administrator", RENAMED, "An administrator of your organization"),
        ("system", RENAMED, "Your organization: an administrator or one of its systems"),
        ("system", "profile.security-info.method.locked.v1", "It came about by itself"),
        ("newer", RENAMED, "Somebody else"),
    ],
)
def test_a_line_tells_who_did_it(by, type_, who):
    (row,) = read(made().lines([entry(by=by, type=type_, facts={"name": "N", "previous_name": "O"})]))
    assert row[2] == who


def test_lines_end_as_the_standard_says_and_quotes_stand_twice():
    lines = made().lines([entry(facts={"status": "success", "application": 'a "b", c'})] * 2)
    assert lines.count(b"\r\n") == lines.count(b"\n") == 2
    assert lines.endswith(b"\r\n")
    assert b'to \xe2\x80\x9ca ""b"", c\xe2\x80\x9d"' in lines


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "x;", "x\t", "x|  ", "x,"])
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
    for separator in ",;\t|":
        for cell in made.replace("\r", "\n").replace("\n", separator).split(separator):
            assert not cell.lstrip().startswith(tuple(SIGNS))


@pytest.mark.parametrize("text", ["", "Malmö", "192.0.2.7", "2026-03-29 01:59:00", "a=b", "10 - 2", "2001:db8::1"])
def test_what_is_harmless_stays_as_it_is(text):
    assert harmless_cell(text) == text


def test_a_country_without_a_name_keeps_its_code():
    (row,) = read(made("sv").lines([entry(client=Client(country="ZQ"))]))
    assert row[8] == "ZQ"
