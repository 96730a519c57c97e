"""Reading a table of devices: in whatever dialect it comes, and what is told where it cannot be read."""

import json

import pytest

from onebox.importing.__main__ import main
from onebox.importing.table import _PART, Table
from tests.onebox.tables import HEAD, table

DIALECTS = {
    "plain": f"{HEAD}\nalice,d1,contoso,Röd,laptop\n".encode(),
    "semicolons and a mark": ("\ufeff" + HEAD.replace(",", ";") + "\r\nalice;d1;contoso;Röd;Laptop\r\n").encode(),
    "UTF-16 with tabs": f"{HEAD}\nalice,d1,contoso,Röd,laptop".replace(",", "\t").encode("utf-16"),
    "other names of the columns": b"Kind,NAME, Device ID ,Organization-ID,Account\nLAPTOP,R\xc3\xb6d,d1,contoso,alice",
    "Excel's own first line": b"sep=;\r\n" + f"{HEAD}\r\nalice,d1,contoso,Röd,laptop\r\n".replace(",", ";").encode(),
    "a separator named that no first line has most of": f"Sep=:\n{HEAD}\nalice,d1,contoso,Röd,laptop".replace(
        ",", ":"
    ).encode(),
    "a tab that is named": f"sep=\t\n{HEAD}\nalice,d1,contoso,Röd,laptop".replace(",", "\t").encode(),
    "a separator after the last cell": f"{HEAD}\nalice,d1,contoso,Röd,laptop,\n".encode(),
    "a separator after every last cell": f"{HEAD},\nalice,d1,contoso,Röd,laptop,, \n".encode(),
    "lines of blanks": f"{HEAD}\n  \nalice,d1,contoso,Röd,laptop\n \t \n , ,,,\n".encode(),
    "quotes and empty lines": f'{HEAD}\n\n"alice","d1","contoso","Röd","laptop"\n,,,,\n'.encode(),
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS)
def test_a_table_is_read_in_whatever_dialect_it_comes(tmp_path, content):
    read = Table(table(tmp_path, content))
    (row,) = read.rows()
    device = {"organization_id": "contoso", "name": "Röd", "kind": "laptop"}
    assert json.loads(row.content) == {"account": "alice", "device_id": "d1", "device": device}
    assert (row.number, read.size) == (1, 1)


def test_every_column_is_sent_and_others_are_named(tmp_path):
    head = f"{HEAD},maker,model,os,os_version,join_type,compliance,compliance_reasons,registered_at,last_active_at"
    cells = (
        "Lenovo,T14,Windows,11,Joined,not_compliant,No disk encryption; Old ,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z"
    )
    file = table(tmp_path, f"{head},last_country,last_city,Owner mail\na,d,contoso,n,laptop,{cells},se,Umeå,x@y\n")
    read = Table(file)
    device = json.loads(next(read.rows()).content)["device"]
    assert read.left_out == ("owner_mail",)
    assert device["compliance_reasons"] == ["No disk encryption", "Old"]
    assert device["last_place"] == {"country": "SE", "city": "Umeå"}
    assert device["join_type"] == "joined"
    assert len(device) == 14 - 1


NO_TABLES = {
    "a missing column": ("account,device_id,name\n", "organization_id, kind"),
    "nothing at all": ("", "account"),
    "a column twice": (f"{HEAD},Name\n", "name"),
    "bytes that are no text": (HEAD.encode() + b"\n\xff\xff,d,c,n,laptop\n", "UTF-8"),
}


@pytest.mark.parametrize(("content", "told"), NO_TABLES.values(), ids=NO_TABLES)
def test_what_is_no_table_of_devices_is_told_as_such(tmp_path, monkeypatch, capsys, content, told):
    monkeypatch.setenv("TOKEN", "good")
    assert main([str(table(tmp_path, content)), "--url", "http://localhost:1"]) == 2
    assert told in capsys.readouterr().err


NO_TEXTS = {
    "far into the file": (f"{HEAD}\n" + "a,d,c,Röd,laptop\n" * 20_000, b"a,d,c,\xff,laptop\n", 6),
    "with a mark": (f"\ufeff{HEAD}\n", b"a,d,c,n\xe4,laptop\n", 7),
    "a letter that is cut in two": (f"{HEAD}\n{'x' * (_PART - len(HEAD) - 2)}", b"\xc3,d\n", 0),
    "at the very end": (f"{HEAD}\na,d,c,R", b"\xc3", 0),
    "lines that end with both": (f"{HEAD}\r\na,d,c,n,laptop\r\n" * 3, b"\xff", 0),
}


@pytest.mark.parametrize(("good", "bad", "at"), NO_TEXTS.values(), ids=NO_TEXTS)
def test_where_bytes_are_no_text_is_told_by_line_and_byte(*, tmp_path, monkeypatch, capsys, good, bad, at):
    monkeypatch.setenv("TOKEN", "good")
    file = table(tmp_path, good.encode() + bad)
    assert main([str(file), "--url", "http://localhost:1"]) == 2
    line, byte = good.count("\n") + 1, len(good.encode()) + at + 1
    assert f"is not UTF-8 in line {line}, at byte {byte}." in capsys.readouterr().err


def test_half_a_character_of_utf_16_is_told_too(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TOKEN", "good")
    good = f"{HEAD}\na,d,c,".encode("utf-16")
    assert main([str(table(tmp_path, good + b"\x00\xdcn\x00")), "--url", "http://localhost:1"]) == 2
    assert f"is not UTF-16 in line 2, at byte {len(good) + 1}." in capsys.readouterr().err


def test_lines_are_counted_from_the_one_that_names_the_separator(tmp_path):
    rows = list(Table(table(tmp_path, f"sep=,\n{HEAD}\na,d,c,n,laptop\n \na,d,c,n,laptop,x\n")).rows())
    assert [(row.number, row.line, row.problem) for row in rows] == [(1, 3, None), (2, 5, {"key": "too_many_cells"})]


def test_what_cannot_be_written_is_named_also_where_the_system_names_no_file(tmp_path, monkeypatch, capsys):
    async def full(*_arguments, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("TOKEN", "good")
    monkeypatch.setattr("onebox.importing.__main__.put_in", full)
    file = table(tmp_path, f"{HEAD}\n")
    assert main([str(file), "--url", "http://localhost:1"]) == 2
    assert capsys.readouterr().err == f"What lies beside {file} cannot be read or written: No space left on device.\n"
