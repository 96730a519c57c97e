"""Device management puts recovery keys in again and again; only another key is a new one."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from devices import managing
from devices.model import Device, Devices
from shared.contracts import devices as contract
from shared.facts import Facts

KNOWN = {"kind": "bitlocker", "key": "111111-222222", "volume": "C:"}


@pytest.fixture
def shown():
    """Devices with a key that was shown, and that is to be replaced."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    device = Device(organization_id="contoso", name="Laptop", kind="laptop", connected_at=moment, under="")
    state = put(Devices(devices={"d1": device})).state
    key = state.device("d1").recovery_key("k1").model_copy(update={"revealed_at": moment, "rotation_asked_at": moment})
    return state.with_device("d1", state.device("d1").with_recovery_key("k1", key))


def put(state, **changed):
    wish = contract.PutRecoveryKey(**KNOWN | changed)
    return managing.put_recovery_key(state, Facts(), device_id="d1", key_id="k1", wish=wish)


def test_the_same_key_again_is_no_news_and_stays_one_that_was_shown(shown):
    again = put(shown)
    assert (again.state, again.news) == (shown, ())


@pytest.mark.parametrize("changed", [{"key": "111111-333333"}, {"volume": "D:"}, {"kind": "other"}])
def test_another_key_is_news_and_was_shown_to_nobody(shown, changed):
    after = put(shown, **changed)
    key = after.state.device("d1").recovery_key("k1")
    assert [type(event) for event in after.news] == [contract.RecoveryKeyStored]
    assert (key.revealed_at, key.rotation_asked_at) == (None, None)


@pytest.mark.parametrize("key", [" " * 8, "aaaaaaaa\n", "aaaaaaaa\u202e", "aaaa\u200baaaa", " aaaaaaaa", "aaaaaaaa "])
def test_a_key_that_would_not_be_typed_as_it_is_shown_is_refused(key):
    with pytest.raises(ValidationError, match="characters"):
        contract.PutRecoveryKey(**KNOWN | {"key": key})
    assert contract.PutRecoveryKey(**KNOWN | {"key": "åäö one two"}).key.get_secret_value() == "åäö one two"
