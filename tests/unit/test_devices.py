"""The rules of one account's devices."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from devices import belonging, managing, owning, views
from devices.model import DEFAULT_LIMIT, Devices, Membership
from shared.contracts import devices as contract
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Decision
from shared.facts import Facts
from shared.testing import facts_at

NOW = facts_at()
LATER = facts_at(NOW.now + timedelta(hours=1))
KNOWN: dict[str, Any] = {"name": "FAB-1", "kind": "laptop", "os": "Windows", "os_version": "11"}


def number(sequence: int) -> str:
    return f"{sequence:010}"


def joined(state: Devices, sequence: int, organization: str = "fabrikam") -> Devices:
    return belonging.join(
        state, NOW, organization_id=organization, sequence=number(sequence), limit=DEFAULT_LIMIT
    ).state


def parted(state: Devices, sequence: int, organization: str = "fabrikam", facts: Facts = LATER) -> Decision[Devices]:
    return belonging.part(state, facts, organization_id=organization, sequence=number(sequence))


def put(
    state: Devices, device: str = "d1", organization: str = "fabrikam", facts: Facts = NOW, **changed: Any
) -> Decision[Devices]:
    return managing.put(
        state, facts, device_id=device, organization_id=organization, known=KNOWN | changed, limit=DEFAULT_LIMIT
    )


MEMBER = joined(Devices(), 1)
OWNER = put(MEMBER).state


def test_a_device_is_connected_for_a_member_and_that_is_news():
    decision = put(MEMBER)
    assert decision.news == (
        contract.DeviceConnected(device_id="d1", organization_id="fabrikam", kind="laptop", name="FAB-1"),
    )
    (shown,) = views.devices(decision.state, limit=DEFAULT_LIMIT).devices
    assert (shown.id, shown.name, shown.os_version, shown.state) == ("d1", "FAB-1", "11", "active")
    assert shown.connected_at == NOW.now


@pytest.mark.parametrize("state", [Devices(), parted(MEMBER, 2).state, joined(Devices(), 1, "contoso")])
def test_a_device_is_not_connected_for_anyone_else(state: Devices):
    with pytest.raises(contract.NotAMember):
        put(state)


def test_what_management_knows_anew_is_no_news_and_what_it_leaves_out_is_unknown():
    decision = put(OWNER, facts=LATER, os=None, os_version="12", compliance="compliant")
    assert decision.news == ()
    device = decision.state.device("d1")
    assert (device.os, device.os_version, device.compliance) == (None, "12", "compliant")
    assert device.connected_at == NOW.now


def test_what_the_person_decided_stays_when_a_device_is_put_in_again():
    state = owning.rename(OWNER, NOW, device_id="d1", name="Kitchen laptop").state
    state = owning.disable(state, NOW, device_id="d1", reason="lost").state
    shown = views.device("d1", put(state).state.device("d1"))
    assert (shown.name, shown.state, shown.disabled_reason) == ("Kitchen laptop", "disabled", "lost")


def test_what_the_person_decided_stays_when_a_device_comes_back():
    state = owning.rename(OWNER, NOW, device_id="d1", name="Kitchen laptop").state
    state = owning.disable(state, NOW, device_id="d1", reason="stolen").state
    state = joined(parted(state, 2).state, 3)
    decision = put(state, facts=LATER)
    assert [type(event) for event in decision.news] == [contract.DeviceConnected]
    device = decision.state.device("d1")
    assert (device.called, device.disabled_reason) == ("Kitchen laptop", "stolen")
    assert (device.connected_at, device.under) == (LATER.now, number(3))


def test_there_is_a_limit_of_connected_devices():
    state = MEMBER
    for place in range(DEFAULT_LIMIT):
        state = put(state, f"d{place}").state
    with pytest.raises(contract.DeviceLimitReached) as refused:
        put(state, "one more")
    assert refused.value.limit == DEFAULT_LIMIT
    assert put(state, "d0").news == (), "one that is there may be put in again"


def test_renaming_is_news_with_both_names():
    decision = owning.rename(OWNER, NOW, device_id="d1", name="Kitchen laptop")
    assert decision.news == (
        contract.DeviceRenamed(
            device_id="d1", organization_id="fabrikam", name="Kitchen laptop", previous_name="FAB-1"
        ),
    )
    assert owning.rename(decision.state, NOW, device_id="d1", name="Kitchen laptop").news == ()


def test_a_device_is_disabled_once_and_another_reason_is_news():
    first = owning.disable(OWNER, NOW, device_id="d1", reason="lost")
    assert [type(event) for event in first.news] == [contract.DeviceDisabled]
    again = owning.disable(first.state, LATER, device_id="d1", reason="lost")
    assert (again.state, again.news) == (first.state, ())
    worse = owning.disable(first.state, LATER, device_id="d1", reason="stolen")
    assert [event.reason for event in worse.news] == ["stolen"]
    device = worse.state.device("d1")
    assert (device.disabled_at, device.disabled_reason) == (NOW.now, "stolen")


def test_a_device_is_enabled_once():
    disabled = owning.disable(OWNER, NOW, device_id="d1", reason="lost").state
    decision = managing.enable(disabled, NOW, device_id="d1")
    assert decision.state == OWNER
    assert [type(event) for event in decision.news] == [contract.DeviceEnabled]
    assert managing.enable(OWNER, NOW, device_id="d1").news == ()


@pytest.mark.parametrize("state", [MEMBER, parted(OWNER, 2).state], ids=["never there", "disconnected"])
@pytest.mark.parametrize(
    "rule",
    [
        partial(owning.rename, device_id="d1", name="x"),
        partial(owning.disable, device_id="d1", reason="lost"),
        partial(managing.enable, device_id="d1"),
    ],
)
def test_a_device_that_is_not_there_is_not_found(state: Devices, rule: Any):
    with pytest.raises(contract.DeviceNotFound):
        rule(state, NOW)


def test_the_end_of_a_membership_disconnects_its_devices_and_no_others():
    state = put(joined(put(OWNER, "d2").state, 2, "contoso"), "d3", "contoso").state
    decision = parted(state, 3)
    assert decision.news == tuple(
        contract.DeviceDisconnected(device_id=device, organization_id="fabrikam", name="FAB-1")
        for device in ("d1", "d2")
    )
    assert set(decision.state.connected()) == {"d3"}
    assert parted(decision.state, 3).news == ()


def test_the_end_heard_late_disconnects_what_is_from_before_and_nothing_else():
    state = put(joined(OWNER, 3), "d2").state
    decision = parted(state, 2)
    assert set(decision.state.connected()) == {"d2"}
    assert [event.device_id for event in decision.news] == ["d1"]
    assert decision.state.memberships["fabrikam"] == Membership(sequence=number(3), member=True)


def test_a_device_that_was_put_in_again_since_is_not_from_before():
    state = put(joined(OWNER, 3)).state
    assert set(parted(state, 2).state.connected()) == {"d1"}


def test_a_start_heard_after_its_end_starts_nothing():
    state = joined(parted(Devices(), 2).state, 1)
    assert state.memberships["fabrikam"] == Membership(sequence=number(2), member=False)
    assert joined(state, 3).memberships["fabrikam"].member


def test_a_first_start_ends_nothing():
    assert MEMBER.memberships["fabrikam"] == Membership(sequence=number(1), member=True)


def test_the_longest_disconnected_devices_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("devices.model.CEILING", 2)
    state = MEMBER
    for turn, device in enumerate(("d1", "d2", "d3"), 1):
        state = put(joined(state, 2 * turn - 1), device).state
        state = parted(state, 2 * turn, facts=facts_at(NOW.now + timedelta(minutes=turn))).state
    assert set(state.devices) == {"d2", "d3"}


def test_a_system_changes_only_devices_of_its_organizations():
    enable = partial(managing.enable, device_id="d1")
    foreign = partial(managing.as_system, rule=enable, device_id="d1", speaks_for=lambda name: name == "contoso")
    own = partial(managing.as_system, rule=enable, device_id="d1", speaks_for=lambda name: name == "fabrikam")
    with pytest.raises(OrganizationNotYours):
        foreign(OWNER, NOW)
    assert own(OWNER, NOW).state == OWNER
    with pytest.raises(contract.DeviceNotFound):
        own(parted(OWNER, 2).state, NOW)


@pytest.mark.parametrize("rule", ["delete", "put"])
def test_what_an_organization_can_restore_no_other_destroys(rule: str):
    left = joined(parted(OWNER, 2).state, 3, "contoso")
    rules = {
        "delete": partial(managing.delete, device_id="d1"),
        "put": partial(managing.put, device_id="d1", organization_id="contoso", known=KNOWN, limit=DEFAULT_LIMIT),
    }
    with pytest.raises(OrganizationNotYours):
        managing.as_system(left, NOW, rule=rules[rule], device_id="d1", speaks_for=lambda name: name == "contoso")
    both = managing.as_system(left, NOW, rule=rules[rule], device_id="d1", speaks_for=lambda _name: True).state
    assert both.devices.get("d1") != left.devices["d1"]


def test_devices_are_shown_the_most_recently_active_first_and_those_never_seen_last():
    state = put(MEMBER, "never").state
    for hours, device in ((1, "old"), (3, "new"), (2, "between")):
        state = put(state, device, last_active_at=NOW.now + timedelta(hours=hours)).state
    assert [shown.id for shown in views.devices(state, limit=DEFAULT_LIMIT).devices] == [
        "new",
        "between",
        "old",
        "never",
    ]


def test_another_organizations_device_of_the_same_id_inherits_nothing():
    state = put(joined(MEMBER, 2, "contoso")).state
    state = owning.rename(state, NOW, device_id="d1", name="Mine").state
    state = owning.disable(state, NOW, device_id="d1", reason="not_mine").state
    decision = put(state, organization="contoso", name="CON-1")
    moved = decision.state.device("d1")
    assert (moved.called, moved.disabled_at, moved.organization_id) == ("CON-1", None, "contoso")
    assert [type(event).__name__ for event in decision.news] == ["DeviceDisconnected", "DeviceConnected"]
    assert [event.name for event in decision.news] == ["Mine", "CON-1"]
