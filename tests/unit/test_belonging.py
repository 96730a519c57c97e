"""What was heard of memberships ends the same, in whatever order it was heard."""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from security_info import belonging, managing
from security_info.model import SecurityInfo
from shared.testing import facts_at
from tests.unit.furnished import ANYTHING, with_methods

NOW = facts_at()
ORGANIZATIONS = ("contoso", "fabrikam", "litware")


class News(NamedTuple):
    """What happened, by its number: a membership, or a move from one home to another."""

    number: int
    organization: str
    member: bool
    home: bool = False
    previous: str | None = None


def heard(news: Sequence[News], info: SecurityInfo | None = None) -> SecurityInfo:
    state = info or SecurityInfo()
    for one in news:
        sequence = f"{one.number:010}"
        if one.previous:
            decision = belonging.move_home(
                state,
                NOW,
                organization_id=one.organization,
                previous_organization_id=one.previous,
                sequence=sequence,
            )
        else:
            decision = belonging.note(
                state, NOW, organization_id=one.organization, sequence=sequence, member=one.member, home=one.home
            )
        state = decision.state
    return state


@st.composite
def histories(draw: st.DrawFn) -> list[News]:
    """Draw what may happen to an account: it comes, goes and moves, and never leaves its home."""
    news, members, home, number = [News(1, "contoso", True, True)], {"contoso"}, "contoso", 1
    for organization in draw(st.lists(st.sampled_from(ORGANIZATIONS), max_size=12)):
        number += 1
        if organization not in members:
            moves = draw(st.booleans())
            news.append(News(number, organization, True, home=moves))
            members.add(organization)
            if moves:
                number += 1
                news.append(News(number, organization, True, previous=home))
                home = organization
        elif organization != home:
            news.append(News(number, organization, False))
            members.remove(organization)
    return news


@given(history=histories(), data=st.data())
def test_any_order_and_any_repetition_end_the_same(history: list[News], data: st.DataObject):
    again = data.draw(st.lists(st.sampled_from(history), max_size=6))
    shuffled = data.draw(st.permutations([*history, *again]))
    in_order = heard(history)
    info = heard(shuffled)
    assert info.memberships == in_order.memberships
    assert sum(one.home and one.member for one in info.memberships.values()) == 1
    assert set(info.organizations()) == set(in_order.organizations())
    assert info.home() == in_order.home() in info.organizations()


def test_what_is_older_than_what_is_known_changes_nothing():
    info = heard([News(2, "contoso", False)])
    assert heard([News(1, "contoso", True, True)], info) is info
    assert heard([News(2, "contoso", True, True)], info) is info
    assert info.organizations() == []


def test_a_move_leaves_the_one_before_a_member():
    info = heard([News(1, "contoso", True, True), News(3, "fabrikam", True, previous="contoso")])
    assert info.home() == "fabrikam"
    assert set(info.organizations()) == {"contoso", "fabrikam"}


def stands(news: Sequence[tuple[int, bool]], info: SecurityInfo | None = None) -> SecurityInfo:
    state = info or SecurityInfo()
    for number, disabled in news:
        state = belonging.note_standing(state, NOW, disabled=disabled, sequence=f"{number:010}").state
    return state


def let_in(info: SecurityInfo) -> bool:
    return managing.app_password_of(info, "1", ANYTHING) is not None


@given(states=st.lists(st.booleans(), min_size=1, max_size=8), data=st.data())
def test_the_newest_news_of_an_accounts_standing_counts_in_any_order(states: list[bool], data: st.DataObject):
    news = list(enumerate(states))
    again = data.draw(st.lists(st.sampled_from(news), max_size=4))
    info = stands(data.draw(st.permutations([*news, *again])))
    assert info.standing == stands(news).standing
    assert info.standing.disabled == states[-1]


def test_the_app_passwords_of_a_disabled_account_let_nobody_in_until_it_is_enabled():
    info, _ = with_methods("app-password")
    assert let_in(info)
    disabled = stands([(2, True)], info)
    assert not let_in(disabled)
    refused = managing.check_app_password(disabled, NOW, password="1", policies=ANYTHING)
    assert (refused.answer["method_id"], refused.state) == (None, disabled)
    assert not let_in(stands([(1, False)], disabled)), "older news"
    assert let_in(stands([(3, False)], disabled))
    assert let_in(stands([(3, False), (2, True)], info)), "enabled was heard first"


def test_an_account_of_which_nothing_was_heard_has_no_home():
    assert SecurityInfo().home() is None
