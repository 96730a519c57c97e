"""What happens to an account is told by letter: several things in one, each once, to each place once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import devices, organizations
from shared.contracts.envelope import Client
from shared.contracts.security_info import MethodAdded, MethodRenamed
from shared.deciding import Actor, Decision
from shared.facts import Facts
from shared.letters import Letter, Waiting
from shared.noticing import (
    KIND,
    LIFETIME,
    MOST_NOTICES,
    MOST_TOLD,
    Manner,
    Notices,
    Place,
    Told,
    tell,
    telling,
    told_elsewhere,
    told_of,
    without,
)
from shared.testing import facts_at
from tests.unit.furnished import NOW

MAIL, PHONE = Place("m", "mail", "somebody@home.example"), Place("p", "text", "+46701740605")
MANNER = Manner("sv", timedelta(seconds=30))
chances = count(100)


def at(seconds: float) -> Facts:
    return facts_at(NOW.now + timedelta(seconds=seconds), chance=next(chances))


def happened(id_: str = "e1", **other: Any) -> Told:
    return Told.model_validate({"id": id_, "type": MethodAdded.wire, "at": NOW.now, "by": "you", **other})


def waiting(letter: Letter) -> Waiting:
    known = {name: getattr(letter, name) for name in ("id", "kind", "channel", "language", "due_at", "about")}
    return Waiting(key="alice", expires_at=letter.expires_at, attempts=1, content=b"", **known)


def ids(notices: Notices) -> list[list[str]]:
    return [[one.id for one in notice.told] for notice in notices.values()]


def test_a_notice_goes_to_each_place_and_says_nothing_by_itself():
    facts = at(0)
    notices, letters = tell({}, [happened()], [MAIL, PHONE], facts, MANNER)
    ((notice_id, notice),) = notices.items()
    assert [(one.kind, one.channel, one.to, one.language, one.about) for one in letters] == [
        (KIND, "mail", MAIL.to, "sv", notice_id),
        (KIND, "text", PHONE.to, "sv", notice_id),
    ]
    assert {one.due_at for one in letters} == {notice.due_at} == {facts.now + MANNER.gather}
    assert {one.expires_at for one in letters} == {facts.now + LIFETIME}
    assert all(one.fields == {} for one in letters)
    assert len({one.id for one in letters}) == 2
    assert notice.letters == {letters[0].id: "m", letters[1].id: "p"}
    assert (ids(notices), notice.more) == ([["e1"]], 0)


@pytest.mark.parametrize(("told", "places"), [([], [MAIL]), ([happened()], []), ([], [])])
def test_without_anything_to_tell_or_anywhere_to_tell_it_nothing_is_written(told: list[Told], places: list[Place]):
    there, _ = tell({}, [happened("e0")], [MAIL], at(0), MANNER)
    assert tell(there, told, places, at(1), MANNER) == (there, ())


def test_what_follows_comes_along_while_the_notice_waits():
    notices, first = tell({}, [happened("e1")], [MAIL], at(0), MANNER)
    for second in (1, 24.9):
        notices, letters = tell(notices, [happened(f"e at {second}")], [MAIL], at(second), MANNER)
        assert letters == ()
    assert ids(notices) == [["e1", "e at 1", "e at 24.9"]]
    assert next(iter(notices.values())).due_at == first[0].due_at


def test_in_the_last_moment_before_it_goes_another_is_begun():
    notices, first = tell({}, [happened("e1")], [MAIL], at(0), MANNER)
    notices, (second,) = tell(notices, [happened("e2")], [MAIL], at(25), MANNER)
    assert ids(notices) == [["e1"], ["e2"]]
    assert second.about != first[0].about
    assert second.due_at == NOW.now + timedelta(seconds=55)
    notices, letters = tell(notices, [happened("e3")], [MAIL], at(49.9), MANNER)
    assert (ids(notices), letters) == ([["e1"], ["e2", "e3"]], ())


@pytest.mark.parametrize(("gather", "last"), [(4, 2), (1, 0.5), (0, 0), (300, 295)])
def test_the_last_moment_is_never_more_than_half_of_the_waiting(gather: float, last: float):
    manner = replace(MANNER, gather=timedelta(seconds=gather))
    notices, _ = tell({}, [happened("e1")], [MAIL], at(0), manner)
    if last:
        assert tell(notices, [happened("e2")], [MAIL], at(last - 0.001), manner)[1] == ()
    assert len(tell(notices, [happened("e2")], [MAIL], at(last), manner)[1]) == 1


def test_the_same_is_told_once_however_often_it_is_heard():
    notices, _ = tell({}, [happened("e1")], [MAIL], at(0), MANNER)
    again, letters = tell(notices, [happened("e1"), happened("e1")], [MAIL], at(1), MANNER)
    assert (again, letters) == (notices, ())


def test_a_place_that_comes_in_meanwhile_gets_a_letter_of_the_same_notice():
    notices, _ = tell({}, [happened("e1")], [MAIL], at(0), MANNER)
    notices, (letter,) = tell(notices, [happened("e2")], [MAIL, PHONE], at(1), MANNER)
    assert (letter.channel, letter.due_at) == ("text", NOW.now + MANNER.gather)
    assert sorted(next(iter(notices.values())).letters.values()) == ["m", "p"]


def test_of_more_than_twenty_things_the_first_and_the_last_are_told_and_the_others_counted():
    told = [happened(f"e{number}") for number in range(MOST_TOLD + 7)]
    notices, _ = tell({}, told[:15], [MAIL], at(0), MANNER)
    notices, _ = tell(notices, told[15:], [MAIL], at(1), MANNER)
    (notice,) = notices.values()
    assert [one.id for one in notice.told] == [one.id for one in (*told[:10], *told[-10:])]
    assert notice.more == 7
    notices, _ = tell(notices, [happened("one more")], [MAIL], at(2), MANNER)
    assert next(iter(notices.values())).more == 8


def full() -> Notices:
    notices: Notices = {}
    for number in range(MOST_NOTICES):
        notices, letters = tell(notices, [happened(f"e{number}")], [MAIL], at(30 * number), MANNER)
        assert len(letters) == 1
    return notices


def test_more_than_ten_notices_do_not_wait_the_rest_is_counted_in_the_newest():
    notices = full()
    merged, letters = tell(notices, [happened("merged")], [MAIL], at(30 * 9 + 20), MANNER)
    assert (letters, ids(merged)[-1]) == ((), ["e9", "merged"])
    counted, letters = tell(notices, [happened("a"), happened("b")], [MAIL], at(30 * 10), MANNER)
    assert (letters, ids(counted)) == ((), ids(notices))
    assert [notice.more for notice in counted.values()] == [0] * 9 + [2]


def test_a_notice_is_over_with_its_last_letter_and_makes_room():
    notices = full()
    letter_id = next(iter(next(iter(notices.values())).letters))
    first = next(iter(notices))
    left = without(notices, replace(waiting(_letter()), id=letter_id, about=first))
    assert list(left) == list(notices)[1:]
    _, letters = tell(left, [happened("fits")], [MAIL], at(30 * 10), MANNER)
    assert len(letters) == 1


def _letter() -> Letter:
    return tell({}, [happened()], [MAIL], at(0), MANNER)[1][0]


def test_a_notice_stays_while_one_of_its_letters_waits():
    notices, (mail, text) = tell({}, [happened()], [MAIL, PHONE], at(0), MANNER)
    left = without(notices, waiting(mail))
    assert next(iter(left.values())).letters == {text.id: "p"}
    assert without(left, waiting(mail)) == left
    assert without(left, waiting(text)) == {}


def test_a_letter_of_no_notice_settles_nothing():
    notices, _ = tell({}, [happened()], [MAIL], at(0), MANNER)
    for about in (None, "another"):
        assert without(notices, replace(waiting(_letter()), about=about)) == notices


def test_what_is_told_has_the_ids_of_the_news_and_says_who_did_it():
    facts, client = at(0), Client(browser="Firefox", os="Linux")
    added = MethodAdded(method_id="m", method_type="phone", name="Phone")
    renamed = MethodRenamed(method_id="m", method_type="phone", name="B", previous_name="A")
    (told,) = told_of([renamed, added], Actor("user", "alice", client), facts)
    assert (told.id, told.type, told.at, told.by) == (facts.id("event", 1), added.wire, facts.now, "you")
    assert (told.client, told.facts) == (client, added.model_dump(mode="json"))
    assert told_of([added], Actor("system", "directory"), facts)[0].by == "system"


def test_a_decision_with_nothing_to_tell_is_left_as_it_is():
    decided: Decision[Any] = Decision(
        Manner(), news=(MethodRenamed(method_id="m", method_type="t", name="B", previous_name="A"),)
    )

    def never(*_given: Any) -> Any:
        raise AssertionError

    assert telling(lambda _state, _facts: decided, Actor("user", "alice"), never)(Manner(), at(0)) is decided


def test_a_service_tells_what_others_do_and_not_again_what_it_does_itself():
    of_security_info, of_organizations = told_elsewhere("security-info"), told_elsewhere("organizations")
    assert devices.DeviceDisabled in of_security_info
    assert devices.DeviceDisabled in of_organizations
    assert MethodAdded in of_organizations
    assert MethodAdded not in of_security_info
    assert organizations.AccountDisabledByOrganization in of_security_info
    assert organizations.AccountDisabledByOrganization not in of_organizations
    assert all(event.tells_person for event in (*of_security_info, *of_organizations))


@given(
    life=st.lists(
        st.tuples(
            st.sampled_from((0, 1, 5, 24, 26, 31, 100)),
            st.integers(0, 8),
            st.sets(st.sampled_from("mpq"), min_size=1),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_whatever_happens_everything_is_told_once_or_counted_and_no_place_is_written_to_twice(life: list[Any]):
    notices: Notices = {}
    under_way: dict[str, Letter] = {}
    told_at: Counter[str] = Counter()
    seconds = 0.0
    for step, (wait, happenings, where, send) in enumerate(life):
        seconds += wait
        fresh = [f"e{step}-{number}" for number in range(happenings)]
        before = {id_: set(notice.letters.values()) for id_, notice in notices.items()}
        known = {one for told in ids(notices) for one in told}
        more = sum(notice.more for notice in notices.values())
        places = [Place(id_, "mail", f"{id_}@home.example") for id_ in sorted(where)]
        notices, letters = tell(notices, [happened(one) for one in fresh], places, at(seconds), MANNER)
        for letter in letters:
            place = notices[str(letter.about)].letters[letter.id]
            assert letter.to == f"{place}@home.example"
            assert place not in before.get(str(letter.about), set())
            under_way[letter.id] = letter
        assert set(under_way) == {id_ for notice in notices.values() for id_ in notice.letters}
        told = [one for told in ids(notices) for one in told]
        assert len(told) == len(set(told))
        surplus = sum(notice.more for notice in notices.values()) - more
        waiting_still = {one for id_, told in zip(notices, ids(notices), strict=True) for one in told}
        pushed_out = {one for one in known if one not in waiting_still}
        unheard = set(fresh) - set(told)
        assert surplus == len(unheard) + len(pushed_out)
        assert set(told) - known <= set(fresh)
        told_at.update(set(told) - known)
        assert len(notices) <= MOST_NOTICES
        assert all(len(notice.told) <= MOST_TOLD for notice in notices.values())
        due = [one for one in under_way.values() if one.due_at <= NOW.now + timedelta(seconds=seconds)]
        for letter in due if send else ():
            notices = without(notices, waiting(under_way.pop(letter.id)))
    assert set(told_at.values()) <= {1}
