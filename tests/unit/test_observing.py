"""Nothing that a log must not hold gets into it."""

import io
import json
import logging

import pytest
import structlog

from shared import observing


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch):
    out = io.StringIO()
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    observing._log_through(logging.StreamHandler(out), "info")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "123456"},
        {"secret": "JBSWY3DPEHPK3PXP"},
        {"key": "JBSWY3DPEHPK3PXP"},
        {"email": "alice@contoso.example"},
        {"phone": "+46701740605"},
        {"authorization": "Bearer abc"},
        {"cookie": "profile=abc"},
        {"note": "wrote to alice@contoso.example"},
        {"note": "called +46701740605"},
        {"note": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"},
        {"note": "amqp://user:hunter2@host"},
        {"note": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"},
    ],
)
def test_secrets_numbers_and_addresses_are_hidden(lines, fields: dict[str, str]):
    structlog.get_logger("test").info("something", **fields)
    (line,) = lines()
    for value in ("123456", "JBSWY3DPEHPK3PXP", "alice@", "46701740605", "Bearer", "profile=", "hunter2", "eyJ"):
        assert value not in json.dumps(line)


def test_what_libraries_and_tracebacks_say_is_hidden_too(lines):
    logging.getLogger("aiohttp.server").error("refused %s", "alice@contoso.example")
    try:
        int("the code 123456 of alice@contoso.example")
    except ValueError:
        structlog.get_logger("test").exception("failed")
    text = json.dumps(lines())
    assert "alice@" not in text
    assert "123456" not in text
    assert "Traceback" in text


def test_harmless_fields_are_shown(lines):
    structlog.get_logger("test").info("ready", service="privacy", port=8085, status_code=200)
    (line,) = lines()
    assert (line["event"], line["service"], line["port"], line["level"]) == ("ready", "privacy", 8085, "info")
