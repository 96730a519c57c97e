"""Notices, codes and looks for the words of letters."""

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from security_info.letters import code_words
from security_info.methods import Reachable
from security_info.model import SecurityInfo
from shared import contracts
from shared.contracts.envelope import Client
from shared.contracts.event import REGISTER
from shared.letters import Channel, Letter
from shared.noticing import Notice, Told
from shared.telling.look import Look
from shared.telling.notices import notice_words
from shared.telling.writing import Said, Written, written
from tests.unit.furnished import started

for found in pkgutil.iter_modules(contracts.__path__):
    importlib.import_module(f"shared.contracts.{found.name}")

AT = datetime(2025, 10, 7, 12, 3, tzinfo=UTC)
TO = "asa.lindqvist@contoso.example"
CODE = "718402"
ORGANIZATION = "Contoso"
CLIENT = Client(browser="Firefox", os="Windows", country="SE", city="Malmö")
TOLD = sorted(wire for wire, event in REGISTER.items() if event.tells_person)


def look(**other: Any) -> Look:
    told = {
        "product": "Kontohjälpen",
        "accent": "#0b6e4f",
        "portal_url": "https://profile.contoso.example",
        "zone": ZoneInfo("Europe/Stockholm"),
        **other,
    }
    return Look(**told)


def letter(kind: str = "notice", channel: Channel = "mail", language: str = "en", **other: Any) -> Letter:
    told = {
        "id": "0198c0de-0000-7000-8000-000000000001",
        "kind": kind,
        "channel": channel,
        "to": TO if channel == "mail" else "+46701740605",
        "language": language,
        "expires_at": AT + timedelta(minutes=5),
        "due_at": AT,
        "fields": {"code": CODE} if kind == "code" else {},
        "about": "n",
        **other,
    }
    return Letter(**told)


def told(wire: str = "profile.security-info.method.added.v1", **other: Any) -> Told:
    facts = dict.fromkeys(REGISTER[wire].model_fields, "Åäö") | {"method_type": "phone"}
    given = {"id": "e", "type": wire, "at": AT, "by": "you", "client": CLIENT, "facts": facts, **other}
    return Told(**given)


def named(name: str, **other: Any) -> Told:
    return told(facts={"method_type": "phone", "name": name}, **other)


def notice(*things: Told, more: int = 0) -> Notice:
    return Notice(due_at=AT, told=things, more=more)


def noticed(
    *things: Told, language: str = "en", more: int = 0, organization: str | None = ORGANIZATION, **other: Any
) -> Said:
    return notice_words(notice(*things, more=more), look(**other), language, organization)


def coded(language: str = "en", organization: str | None = ORGANIZATION, **other: Any) -> Said:
    return code_words(letter("code", language=language), look(**other), organization)


def mail(said: Said, language: str = "en", **other: Any) -> Written:
    return written(said.sheet, look(**other), language)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def read(html: str) -> tuple[str, list[tuple[str, dict[str, str | None]]]]:
    """Give what a person sees of a part in HTML, in one line, and its tags."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return " ".join(" ".join(reader.words).split()), reader.tags


def waiting_for_a_code(info: SecurityInfo) -> SecurityInfo:
    """Let a setup wait for the code of `letter`."""
    state, phone = started(info, "phone")
    method = state.methods[phone]
    assert isinstance(method, Reachable)
    assert method.sent
    return state.with_method(phone, method.with_changes(sent=method.sent.model_copy(update={"letter": letter().id})))
