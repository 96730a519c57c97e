"""How many codes are sent in an hour, and how close to each other, against an oracle that only counts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security_info.model import SecurityInfo
from security_info.quotas import Allowance, refuse_until, within
from security_info.reaching import Sending, again_at
from shared.contracts.security_info import TooManySends
from tests.unit.furnished import NOW
from tests.unit.sending_codes import adding, after, again

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
USUAL = Allowance()
allowances = st.builds(
    Allowance, sends=st.integers(1, 6), pause=st.sampled_from((0, 1, 30, 600)).map(lambda n: timedelta(seconds=n))
)
gaps = st.lists(st.sampled_from((0, 1, 29, 30, 31, 400, 719, 720, 1200, 3569, 3570, 3599, 3600, 3601)), max_size=40)


def at(*seconds):
    return tuple(NOW.now + timedelta(seconds=second) for second in seconds)


def free_at(sends, now, allowance, target="the same"):
    """Tell when another code may go to a target, where all of these went to one."""
    info = SecurityInfo(sent_at=sends, last_sent={"the same": sends[-1]} if sends else {})
    return again_at(info, now, target, allowance)


def one_more(sends, now, allowance):
    refuse_until(free_at(sends, now, allowance), now)
    return (*within(sends, now), now)


def test_only_the_same_target_has_to_rest():
    assert free_at(at(0), at(1)[0], USUAL, "another") == at(1)[0]
    assert free_at(at(0, 30, 60, 90, 120), at(121)[0], USUAL, "another") == at(3600)[0]


def test_five_an_hour_and_half_a_minute_apart_are_usual():
    assert (USUAL.sends, USUAL.pause) == (5, 30 * SECOND)


@pytest.mark.parametrize(
    ("sends", "now", "free"),
    [
        ((), 0, 0),
        ((0,), 0, 30),
        ((0,), 29, 30),
        ((0,), 30, 30),
        ((0,), 500, 500),
        ((0, 30, 60, 90), 120, 120),
        ((0, 30, 60, 90, 120), 121, 3600),
        ((0, 30, 60, 90, 120), 3599, 3600),
        ((0, 30, 60, 90, 120), 3600, 3600),
        ((30, 60, 90, 120, 3600), 3605, 3630),
        ((600, 1200, 1800, 2400, 4190), 4195, 4220),
    ],
)
def test_there_is_room_again_when_the_oldest_of_the_hour_has_passed_and_the_last_has_rested(sends, now, free):
    assert free_at(at(*sends), at(now)[0], USUAL) == at(free)[0]


def test_a_send_that_is_refused_is_not_counted_and_says_when_to_come_back():
    sends = at(0, 30, 60, 90, 120)
    with pytest.raises(TooManySends) as refused:
        one_more(sends, at(600)[0], USUAL)
    assert refused.value.until == at(3600)[0]
    assert refused.value.retry_after == 3001
    assert one_more(sends, at(3600)[0], USUAL) == at(30, 60, 90, 120, 3600)


def test_whoever_waits_as_long_as_was_told_is_let_through():
    for milliseconds in (1, 500, 999):
        now = NOW.now + timedelta(milliseconds=milliseconds)
        with pytest.raises(TooManySends) as refused:
            one_more((NOW.now,), now, USUAL)
        assert one_more((NOW.now,), now + refused.value.retry_after * SECOND, USUAL)


def test_what_is_to_come_refuses_and_now_does_not():
    refuse_until(NOW.now, NOW.now)
    with pytest.raises(TooManySends):
        refuse_until(NOW.now + timedelta(milliseconds=1), NOW.now)


@given(allowance=allowances, gaps=gaps)
def test_no_hour_ever_has_more_than_allowed_nor_two_sends_too_close(allowance, gaps):
    kept, sent, now = (), [], NOW.now
    for gap in gaps:
        now += timedelta(seconds=gap)
        recent = [moment for moment in sent if now - moment < HOUR]
        may = len(recent) < allowance.sends and all(now - moment >= allowance.pause for moment in recent)
        assert (free_at(kept, now, allowance) == now) == may
        try:
            kept = one_more(kept, now, allowance)
        except TooManySends as refused:
            assert not may
            told = refused.until
            assert told > now
            then = [moment for moment in sent if told - moment < HOUR]
            assert len(then) < allowance.sends
            assert all(told - moment >= allowance.pause for moment in then)
            just = told - timedelta(milliseconds=1)
            before = [moment for moment in sent if just - moment < HOUR]
            full = len(before) >= allowance.sends
            assert full or any(just - moment < allowance.pause for moment in before), "it could have been sooner"
        else:
            assert may
            sent.append(now)
        assert len(kept) <= allowance.sends
    assert set(within(kept, now)) == {moment for moment in sent if now - moment < HOUR}


def test_codes_to_all_targets_of_an_account_are_counted_together():
    hurried = Sending("en", Allowance(sends=3, pause=timedelta()))
    first = adding(SecurityInfo(), to="+4670", sending=hurried)
    info = again(first.state, first.answer["method_id"], facts=after(1), sending=hurried).state
    info = adding(info, "email", "somebody@home.example", facts=after(2), sending=hurried).state
    for refused in (
        lambda: adding(info, to="+4671", facts=after(3, 3), sending=hurried),
        lambda: again(info, first.answer["method_id"], facts=after(3), sending=hurried),
    ):
        with pytest.raises(TooManySends) as told:
            refused()
        assert told.value.until == NOW.now + HOUR
    assert adding(info, to="+4671", facts=after(3600), sending=hurried).state.sent_at == at(1, 2, 3600)


def test_without_a_pause_nothing_rests_even_where_the_other_of_two_was_written_with_a_later_moment():
    hurried = Sending("en", Allowance(sends=3, pause=timedelta()))
    first = adding(SecurityInfo(), facts=after(1), sending=hurried)
    both = again(first.state, first.answer["method_id"], sending=hurried).state
    assert both.sent_at == at(1, 0)
