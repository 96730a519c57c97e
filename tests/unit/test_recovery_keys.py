"""The rules of recovery keys, of asking for a device back, and of what changes often."""

from datetime import timedelta
from typing import Any

import pytest

from devices import managing, owning, views
from devices.model import MOST_RECOVERY_KEYS, Devices
from shared.contracts import devices as contract
from shared.facts import Facts
from shared.testing import facts_at
from tests.unit.test_devices import LATER, NOW, OWNER, parted, put

KEY = "123456-234567-345678-456789-567890-678901-789012-890123"


def with_key(state: Devices = OWNER, key_id: str = "k1", *, facts: Facts = NOW, **told: Any) -> Any:
    wish = contract.PutRecoveryKey.model_validate({"kind": "bitlocker", "key": KEY, "volume": "C:", **told})
    return managing.put_recovery_key(state, facts, device_id="d1", key_id=key_id, wish=wish)


KEPT = with_key().state


def test_a_key_is_listed_without_itself():
    (told,) = with_key().news
    listed = views.recovery_keys("d1", KEPT.device("d1"))
    (shown,) = listed.keys
    assert (shown.id, shown.kind, shown.volume, shown.revealed_at) == ("k1", "bitlocker", "C:", None)
    assert views.device("d1", KEPT.device("d1")).recovery_keys == 1
    for said in (told.model_dump_json(), listed.model_dump_json(), repr(KEPT)):
        assert KEY not in said


def test_each_reveal_is_news():
    first = owning.reveal(KEPT, LATER, device_id="d1", key_id="k1")
    again = owning.reveal(first.state, facts_at(chance=9), device_id="d1", key_id="k1")
    assert [type(event) for decision in (first, again) for event in decision.news] == [contract.RecoveryKeyRevealed] * 2
    assert all(event.tells_person for event in first.news)
    assert views.revealed("k1", first.state.device("d1").recovery_key("k1"), of="FAB-1").key == KEY
    (shown,) = views.recovery_keys("d1", first.state.device("d1")).keys
    assert shown.revealed_at == LATER.now


def test_a_rotation_is_asked_for_once_until_the_key_is_replaced():
    asked = owning.ask_rotation(KEPT, LATER, device_id="d1", key_id="k1")
    assert [type(event) for event in asked.news] == [contract.RecoveryKeyRotationRequested]
    assert owning.ask_rotation(asked.state, LATER, device_id="d1", key_id="k1").news == ()
    replaced = with_key(asked.state, key="another key", facts=LATER).state.device("d1").recovery_key("k1")
    assert (replaced.rotation_asked_at, replaced.revealed_at, replaced.put_in_at) == (None, None, LATER.now)


def test_there_is_a_limit_of_keys_and_one_that_is_there_can_be_replaced():
    state = OWNER
    for number in range(MOST_RECOVERY_KEYS):
        state = with_key(state, f"k{number}").state
    with pytest.raises(contract.RecoveryKeyLimitReached):
        with_key(state, "one more")
    assert len(with_key(state, "k0").state.device("d1").recovery_keys) == MOST_RECOVERY_KEYS


def test_a_key_is_taken_out_once():
    gone = managing.delete_recovery_key(KEPT, NOW, device_id="d1", key_id="k1")
    assert [type(event) for event in gone.news] == [contract.RecoveryKeyDeleted]
    assert gone.state == OWNER
    assert managing.delete_recovery_key(OWNER, NOW, device_id="d1", key_id="k1").news == ()


@pytest.mark.parametrize("rule", [owning.reveal, owning.ask_rotation])
@pytest.mark.parametrize(
    ("state", "problem"),
    [(OWNER, contract.RecoveryKeyNotFound), (parted(KEPT, 2).state, contract.DeviceNotFound)],
)
def test_a_key_that_is_not_there_is_not_found(state: Devices, problem: type[Exception], rule: Any):
    with pytest.raises(problem):
        rule(state, NOW, device_id="d1", key_id="k1")


def test_keys_stay_when_management_tells_of_the_device_again_and_when_it_is_disabled():
    state = owning.disable(put(KEPT, facts=LATER, name="FAB-2").state, LATER, device_id="d1", reason="lost").state
    assert set(state.device("d1").recovery_keys) == {"k1"}


def test_a_device_that_is_deleted_takes_its_keys_along():
    gone = managing.delete(KEPT, NOW, device_id="d1")
    assert gone.state.devices == {}
    assert [event.reason for event in gone.news] == ["deleted"]
    assert managing.delete(gone.state, NOW, device_id="d1").news == ()


def test_only_a_disabled_device_is_asked_back_and_once():
    with pytest.raises(contract.DeviceNotDisabled):
        owning.ask_back(OWNER, NOW, device_id="d1")
    disabled = owning.disable(OWNER, NOW, device_id="d1", reason="lost").state
    asked = owning.ask_back(disabled, LATER, device_id="d1")
    assert [type(event) for event in asked.news] == [contract.DeviceEnablingRequested]
    assert owning.ask_back(asked.state, LATER, device_id="d1").news == ()
    assert views.device("d1", asked.state.device("d1")).asked_back_at == LATER.now
    enabled = managing.enable(asked.state, LATER, device_id="d1").state
    assert views.device("d1", enabled.device("d1")).asked_back_at is None


def test_activity_is_no_news_and_never_goes_back():
    place = {"country": "SE", "city": "Lund"}
    seen = managing.note(OWNER, NOW, device_id="d1", known={"last_active_at": LATER.now, "last_place": place})
    assert seen.news == ()
    late = {"last_active_at": LATER.now - timedelta(minutes=1), "last_place": {"country": "NO"}}
    device = managing.note(seen.state, NOW, device_id="d1", known=late).state.device("d1")
    assert device.last_active_at == LATER.now
    assert device.last_place is not None
    assert (device.last_place.country, device.last_place.city) == ("SE", "Lund")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("unknown", "compliant", False),
        ("compliant", "unknown", False),
        ("compliant", "not_compliant", True),
        ("unknown", "not_compliant", True),
        ("not_compliant", "compliant", True),
        ("not_compliant", "not_compliant", False),
    ],
)
def test_that_a_device_keeps_the_rules_no_more_or_again_is_news(before: str, now: str, *, told: bool):
    state = put(OWNER, compliance=before).state
    for decision in (
        put(state, compliance=now),
        managing.note(state, NOW, device_id="d1", known={"compliance": now, "compliance_reasons": ("Old",)}),
    ):
        assert [type(event) for event in decision.news] == [contract.DeviceComplianceChanged] * told
