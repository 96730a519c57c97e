"""Five wrong answers in a row lock, each time for longer."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security_info.locking import Tries
from shared.testing import facts_at

NOW = facts_at().now


def wrong(tries: Tries, times: int, at: datetime = NOW) -> Tries:
    for _ in range(times):
        tries = tries.failed(at)
    return tries


@pytest.mark.parametrize("times", range(5))
def test_fewer_than_five_wrong_answers_do_not_lock(times: int):
    tries = wrong(Tries(), times)
    assert tries.lock(NOW) is None
    assert tries.left == 5 - times


def test_the_fifth_locks_for_a_quarter_of_an_hour_and_not_longer():
    tries = wrong(Tries(), 5)
    ends = NOW + timedelta(minutes=15)
    assert tries.lock(NOW) == tries.lock(ends - timedelta(milliseconds=1)) == ends
    assert tries.lock(ends) is None
    assert tries.left == 5


def test_each_lock_in_a_row_is_twice_as_long_up_to_a_day():
    tries, at, minutes = Tries(), NOW, []
    for _ in range(10):
        tries = wrong(tries, 5, at)
        ends = tries.lock(at)
        assert ends is not None
        minutes.append((ends - at) / timedelta(minutes=1))
        at = ends
    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]


@given(waits=st.lists(st.integers(0, 100_000), max_size=60))
def test_whoever_waits_guesses_no_more_than_five_times_between_locks(waits: list[int]):
    tries, at, since = Tries(), NOW, 0
    for seconds in waits:
        at += timedelta(seconds=seconds)
        if tries.lock(at):
            continue
        tries, since = tries.failed(at), since + 1
        assert (since == 5) == (tries.lock(at) is not None)
        since %= 5
