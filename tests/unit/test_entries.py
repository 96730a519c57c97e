"""What happened, as it is entered in a history."""

from datetime import UTC, datetime

import pytest

from privacy.entries import by_of, entry_of, entry_of_sign_in, part_of
from shared.contracts.envelope import Envelope
from shared.contracts.event import REGISTER
from shared.contracts.privacy import SIGN_IN, SignInLine
from shared.contracts.privacy.history import PARTS


def line(**told):
    facts = {
        "account": "alice",
        "organization_id": "contoso",
        "id": "s1",
        "at": "2026-11-20T09:00:00Z",
        "status": "success",
    }
    return SignInLine.model_validate(facts | told)


@pytest.mark.parametrize("wire", [*sorted(REGISTER), SIGN_IN])
def test_every_event_is_about_a_part_that_can_be_asked_for(wire):
    assert part_of(wire) in PARTS


@pytest.mark.parametrize(
    ("authtype", "by"),
    [
        ("user", "you"),
        ("administrator", "administrator"),
        ("system", "system"),
        ("unknown", "system"),
        (None, "system"),
    ],
)
def test_who_did_it_is_told_by_who_caused_the_event(authtype, by):
    envelope = Envelope(
        id="e",
        source="/x",
        subject="alice",
        type="profile.organizations.account.disabled.v1",
        time=datetime(2026, 11, 20, tzinfo=UTC),
        sequence="1",
        account="alice",
        authtype=authtype,
        data={},
    )
    assert by_of(authtype) == entry_of(envelope)["by"] == by


@pytest.mark.parametrize(("status", "by"), [("success", "you"), ("failure", "unknown"), ("interrupted", "unknown")])
def test_nobody_knows_who_tried_to_sign_in_and_did_not_succeed(status, by):
    assert entry_of_sign_in(line(status=status, reason="second_factor"))["by"] == by


def test_a_sign_in_that_succeeded_has_no_reason_not_to():
    assert "reason" not in entry_of_sign_in(line(reason="other"))["facts"]
    assert entry_of_sign_in(line(status="failure", reason="other"))["facts"]["reason"] == "other"


def test_two_organizations_may_give_sign_ins_the_same_id():
    assert entry_of_sign_in(line())["_id"] != entry_of_sign_in(line(organization_id="fabrikam"))["_id"]


@pytest.mark.parametrize("ip", ["192.0.2.7", "2001:db8::1"])
def test_the_address_stands_in_one_place_only_and_no_search_finds_it(ip):
    entry = entry_of_sign_in(line(ip=ip, city="Umeå", application="Mail"))
    assert entry["facts"]["ip"] == ip
    assert str({name: value for name, value in entry.items() if name != "facts"}).count(ip) == 0
    assert entry["words"] == "sign-in success mail umeå"
