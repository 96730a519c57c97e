"""What happened, as it is entered in a history."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from privacy.history.entries import by_of, entry_of, entry_of_sign_in, part_of
from shared.contracts.envelope import Envelope
from shared.contracts.event import REGISTER
from shared.contracts.gateway import SessionEnded, SessionStarted
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
    assert by_of(envelope.type, authtype) == entry_of(envelope)["by"] == by


@pytest.mark.parametrize("status", ["success", "failure", "interrupted"])
def test_nobody_knows_who_signed_in_whatever_came_of_it(status):
    assert entry_of_sign_in(line(status=status, reason="second_factor"))["by"] == "unknown"


def test_a_sign_in_to_the_portal_is_one_too():
    assert part_of(SessionStarted.wire) == "sign_ins"
    assert by_of(SessionStarted.wire, "user") == "unknown"
    assert part_of(SessionEnded.wire) == "sessions"
    assert by_of(SessionEnded.wire, "user") == "you"


def test_a_sign_in_that_succeeded_has_no_reason_not_to():
    assert "reason" not in entry_of_sign_in(line(reason="other"))["facts"]
    assert entry_of_sign_in(line(status="failure", reason="other"))["facts"]["reason"] == "other"


def test_two_organizations_may_give_sign_ins_the_same_id():
    assert entry_of_sign_in(line())["_id"] != entry_of_sign_in(line(organization_id="fabrikam"))["_id"]


def test_the_address_stands_in_the_entry_as_it_is_shown():
    entry = entry_of_sign_in(line(ip="2001:0db8::0001"), "Contoso")
    assert entry["facts"]["ip"] == "2001:db8::1"
    assert entry["facts"]["organization_name"] == "Contoso"
    assert "organization_name" not in entry_of_sign_in(line())["facts"]


@pytest.mark.parametrize(
    "ip", ["fe80::1%eth0", "fe80::1%" + "a free text " * 1000, "1" * 46, "192.0.2.256", "not an address", 7, ""]
)
def test_what_is_no_address_by_itself_is_refused(ip):
    with pytest.raises(ValidationError) as refused:
        line(ip=ip)
    assert [(error["loc"], error["msg"]) for error in refused.value.errors()] == [(("ip",), "Value error, ip_address")]


def test_the_longest_address_there_is_fits():
    assert line(ip="0000:0000:0000:0000:0000:ffff:192.168.100.228").ip is not None
