"""Devices of a membership that ended, and was restored or purged, in whatever order the news comes."""

from itertools import permutations
from typing import Any

import pytest

from devices import belonging, managing, owning
from devices.model import Devices
from shared.contracts import devices as contract
from shared.facts import Facts
from shared.testing import facts_at
from tests.unit.test_devices import KNOWN, number

LIMIT = 3


def started(state: Devices, sequence: int, id_: str, *, restored: bool = False) -> Any:
    told = {"organization_id": "fabrikam", "sequence": number(sequence), "membership_id": id_, "restored": restored}
    return belonging.join(state, facts_at(), limit=LIMIT, **told)


def ended(state: Devices, sequence: int, id_: str) -> Any:
    told = {"organization_id": "fabrikam", "sequence": number(sequence), "membership_id": id_}
    return belonging.part(state, facts_at(), **told)


def purge(state: Devices, sequence: int, id_: str) -> Any:
    told = {"organization_id": "fabrikam", "sequence": number(sequence), "membership_id": id_}
    return belonging.purge(state, facts_at(), **told)


def put(state: Devices, device: str, facts: Facts | None = None) -> Devices:
    known = KNOWN | {"last_active_at": (facts or facts_at()).now}
    return managing.put(state, facts_at(), device_id=device, organization_id="fabrikam", known=known, limit=LIMIT).state


def left_behind() -> Devices:
    state = started(Devices(), 1, "a").state
    for device in ("d1", "d2"):
        state = put(state, device)
    return ended(state, 2, "a").state


def test_a_restored_membership_brings_its_devices_back():
    back = started(left_behind(), 3, "a", restored=True)
    assert set(back.state.connected()) == {"d1", "d2"}
    assert [type(event) for event in back.news] == [contract.DeviceConnected] * 2


def test_another_membership_brings_nothing_back():
    assert started(left_behind(), 3, "b").state.connected() == {}


def test_a_device_that_is_put_in_under_another_membership_inherits_nothing_and_outlives_the_purge():
    state = put(started(Devices(), 1, "a").state, "d1")
    wish = contract.PutRecoveryKey.model_validate({"kind": "luks", "key": "a recovery key"})
    state = managing.put_recovery_key(state, facts_at(), device_id="d1", key_id="k", wish=wish).state
    state = owning.disable(state, facts_at(), device_id="d1", reason="lost").state
    for before in (ended(state, 2, "a").state, state):  # the end may be heard after the device was put in anew
        anew = put(started(before, 3, "b").state, "d1")
        device = anew.device("d1")
        assert (device.recovery_keys, device.disabled_at, device.membership) == ({}, None, "b")
        for late in (purge(anew, 2, "a"), ended(anew, 2, "a")):
            assert (late.state.devices, late.news) == (anew.devices, ())


def test_devices_of_before_memberships_had_ids_come_back_and_are_forgotten_with_theirs():
    state = put(
        belonging.join(Devices(), facts_at(), organization_id="fabrikam", sequence=number(1), limit=3).state, "d1"
    )
    gone = ended(state, 2, "a").state
    assert set(started(gone, 3, "a", restored=True).state.connected()) == {"d1"}
    assert purge(gone, 3, "a").state.devices == {}


def test_no_more_come_back_than_there_may_be():
    state = left_behind()
    other = belonging.join(state, facts_at(), organization_id="contoso", sequence=number(3), limit=LIMIT).state
    for device in ("c1", "c2"):
        other = managing.put(
            other, facts_at(), device_id=device, organization_id="contoso", known=KNOWN, limit=LIMIT
        ).state
    assert len(started(other, 4, "a", restored=True).state.connected()) == LIMIT


def test_what_is_purged_is_forgotten_and_nothing_else():
    state = put(started(left_behind(), 3, "b").state, "d3")
    purged = purge(state, 2, "a")
    assert (set(purged.state.devices), purged.news) == ({"d3"}, ())
    assert purged.state.memberships["fabrikam"].member


def test_a_purge_that_is_heard_first_is_the_end():
    state = put(started(Devices(), 1, "a").state, "d1")
    purged = purge(state, 3, "a")
    assert [type(event) for event in purged.news] == [contract.DeviceDisconnected]
    late = ended(purged.state, 2, "a")
    assert (late.state.devices, late.news) == ({}, ())
    assert not late.state.memberships["fabrikam"].member


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_an_end_heard_after_the_restoration_disconnects_nothing(order: tuple[int, ...]):
    state = put(started(Devices(), 1, "a").state, "d1")
    heard = (lambda one: ended(one, 2, "a").state, lambda one: started(one, 3, "a", restored=True).state)
    for place in order:
        state = heard[place](state)
    assert set(state.connected()) == {"d1"}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_an_earlier_membership_does_not_come_back_with_a_later_one(order: tuple[int, ...]):
    state = put(started(Devices(), 1, "a").state, "d1")
    heard = (
        lambda one: ended(one, 2, "a").state,
        lambda one: started(one, 3, "b").state,
        lambda one: ended(one, 4, "b").state,
        lambda one: started(one, 5, "b", restored=True).state,
    )
    for place in order:
        state = heard[place](state)
    assert state.connected() == {}
    assert state.memberships["fabrikam"].member
