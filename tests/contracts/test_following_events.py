import json
from datetime import UTC, datetime

import pytest

from onebox import events
from onebox.processes import SetupError


@pytest.fixture
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FROM", raising=False)
    monkeypatch.setattr(events.logging, "disable", lambda: None)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "offset"),
    [
        ("first", "first"),
        ("next", "next"),
        ("last", "last"),
        ("17", 17),
        ("1h", "1h"),
        ("2D", "2D"),
        ("2026-03-01T09:00:00+01:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_one_says_where_to_begin(given, offset):
    assert events.offset(given) == offset


@pytest.mark.parametrize("given", ["yesterday", "-1", "1w", "²"])
def test_what_says_no_place_is_told_in_a_sentence(given):
    with pytest.raises(SetupError, match=f"FROM={given} says no place"):
        events.offset(given)


def test_an_event_is_one_line():
    event = {
        "time": "2026-03-01T09:00:00Z",
        "type": "profile.gateway.session.ended.v1",
        "account": "a1",
        "sequence": "0000000002",
        "data": {"reason": "å\nb"},
    }
    expected = '2026-03-01T09:00:00Z profile.gateway.session.ended.v1 a1 0000000002 {"reason":"å\\nb"}'
    assert events.line(event) == expected


def test_it_says_when_nothing_runs(in_folder, capsys):
    assert events.main() == 1
    assert "does not run" in capsys.readouterr().err


def test_it_says_when_there_is_no_broker_to_read_from(in_folder, capsys):
    (in_folder / ".data").mkdir()
    (in_folder / ".data/onebox.json").write_text(json.dumps({"provider": "http://localhost", "amqp": None}))
    assert events.main() == 1
    assert capsys.readouterr().err.strip() == events.NO_BROKER


def test_it_says_when_the_broker_is_gone(in_folder, capsys):
    (in_folder / ".data").mkdir()
    nobody = "amqp://subscriber:x@127.0.0.1:1/"
    (in_folder / ".data/onebox.json").write_text(json.dumps({"provider": "http://localhost", "amqp": nobody}))
    assert events.main() == 1
    assert capsys.readouterr().err.strip() == events.NOT_REACHED
