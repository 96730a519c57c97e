"""Moments of a directory that are told from now on back, and what is noted of a directory that has such."""

from datetime import UTC, datetime, timedelta

import pytest

from onebox.directory_file import parsed, read
from onebox.directory_moments import MOMENTS, resolved
from onebox.processes import SetupError
from shared.contracts.devices import PutDevice
from shared.contracts.privacy import PutConnection, SignInLine
from shared.facts import now
from tests.onebox.playing import DEMO, SMALL

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SIGN_IN = "sign_ins: [{account: alice, organization_id: contoso, id: '1', at: %s, status: success}]\n"


def a_directory(at, more=""):
    return parsed((SMALL + SIGN_IN % at + more).encode(), "d.yaml")


@pytest.mark.parametrize(
    ("told", "past"),
    [
        ("-PT5H", timedelta(hours=5)),
        ("-P2DT30M", timedelta(days=2, minutes=30)),
        ("-P3W", timedelta(weeks=3)),
        ("-P1Y2M", timedelta(days=365 + 60)),
    ],
)
def test_a_duration_is_a_moment_that_far_back(told, past):
    assert resolved({"a": [{"at": told, "name": told}]}, NOW) == {"a": [{"at": NOW - past, "name": told}]}


@pytest.mark.parametrize("told", ["2026-01-01T00:00:00Z", "PT5H", "-PT", "-P99999999Y", 5, NOW])
def test_what_is_no_duration_stays_for_the_contract_to_judge(told):
    assert resolved({"at": told}, NOW) == {"at": told}


def test_every_moment_of_a_body_can_be_told_so():
    bodies = (PutDevice, PutConnection, SignInLine)
    moments = {name for body in bodies for name, field in body.model_fields.items() if "datetime" in str(field).lower()}
    assert moments == MOMENTS


def test_it_is_resolved_when_the_file_is_read():
    before = now()
    (sign_in,) = a_directory("-PT5H").sign_ins
    assert before - timedelta(hours=5, seconds=1) < sign_in.at <= now() - timedelta(hours=5)


def test_a_moment_that_is_none_is_told_with_its_place():
    with pytest.raises(SetupError, match=r"line 12: sign_ins > 0 > at is to be a moment, or how long ago it was"):
        a_directory("yesterday")


def test_the_digest_is_of_what_stands_in_the_file_and_not_of_when_it_is_read(monkeypatch, tmp_path):
    first = a_directory("-PT5H").digest
    monkeypatch.setattr("onebox.directory_file.now", lambda: NOW + timedelta(days=400))
    later = a_directory("-PT5H")
    assert later.sign_ins[0].at == NOW + timedelta(days=400) - timedelta(hours=5)
    assert later.digest == first == a_directory("'-PT5H'").digest
    assert a_directory("-PT6H").digest != first
    people = "people: {eve: {given_name: Eve, family_name: E, email: e@contoso.example}}\n"
    assert a_directory("-PT5H", people).digest == first, "of people the portal is told nothing"
    terms = "    terms: {use: [{version: '1', texts: {en: {title: Use, file: use.md}}}]}\n"
    (tmp_path / "d.yaml").write_text(SMALL.replace("accounts:", f"{terms}accounts:"))
    (tmp_path / "use.md").write_text("One")
    one = read(tmp_path / "d.yaml").digest
    (tmp_path / "use.md").write_text("Another")
    assert read(tmp_path / "d.yaml").digest not in {one, first}, "what stands in files beside it belongs to it"


@pytest.mark.parametrize("year", [2025, 2029])
def test_the_demo_is_new_in_every_year(monkeypatch, year):
    then = datetime(year, 2, 28, 12, tzinfo=UTC)
    monkeypatch.setattr("onebox.directory_file.now", lambda: then)
    directory = read(DEMO)
    used = [
        connection
        for account in directory.accounts.values()
        for of in account.services.values()
        for connection in of.values()
    ]
    moments = [told for one in used for told in (one.connected_at, one.last_used_at) if told]
    moments += [told.at for told in directory.sign_ins]
    assert len(moments) > 12
    assert max(moments) < then
    assert max(one.at for one in directory.sign_ins) > then - timedelta(days=2)
