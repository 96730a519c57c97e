"""However a number is asked for, one account has it once."""

import pytest

from security_info.methods import Reachable
from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from tests.unit.furnished import with_methods
from tests.unit.sending_codes import ANOTHER, NUMBER, adding, after, changing


def targets_of(info: SecurityInfo) -> list[str]:
    return [method.target.digest for method in info.known().values() if isinstance(method, Reachable)]


def test_a_second_setup_of_a_number_gives_the_first_up():
    first = adding(SecurityInfo(), to=NUMBER)
    second = adding(first.state, to=NUMBER, facts=after(40))
    assert set(second.state.methods) == {second.answer["method_id"]}
    with pytest.raises(contract.MethodNotFound):
        second.state.method(first.answer["method_id"])


def test_a_setup_gives_up_a_change_to_its_number():
    info, (phone,) = with_methods("phone")
    waiting = changing(info, phone, ANOTHER).state
    added = adding(waiting, to=ANOTHER, facts=after(40))
    kept = added.state.methods[phone]
    assert isinstance(kept, Reachable)
    assert (kept.change, kept.sent) == (None, None)
    assert len(set(targets_of(added.state))) == 2


def test_a_change_gives_up_a_setup_and_another_change_to_its_number():
    info, (one, other) = with_methods("phone", "phone")
    waiting = changing(info, one, ANOTHER).state
    setup = adding(info.without([other]), to=ANOTHER, facts=after(20, chance=30))
    taken = changing(waiting, other, ANOTHER, facts=after(40)).state
    kept = taken.methods[one]
    assert isinstance(kept, Reachable)
    assert kept.change is None
    alone = changing(setup.state, one, ANOTHER, facts=after(40)).state
    assert setup.answer["method_id"] not in alone.methods


def test_other_setups_stay():
    first = adding(SecurityInfo(), to=NUMBER)
    second = adding(first.state, to=ANOTHER, facts=after(40))
    assert len(second.state.methods) == 2
