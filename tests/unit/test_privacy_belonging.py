"""What privacy heard of memberships ends the same, in whatever order it was heard; what it connected ends with them."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from privacy import belonging, connections
from privacy.account import Account
from privacy.register import Service
from shared.contracts.privacy import ServiceDisconnected
from shared.testing import facts_at

NOW = facts_at()
ORGANIZATIONS = ("contoso", "fabrikam", "litware")
MAIL = Service(entry="e1", name="Mail")


class News(NamedTuple):
    """What happened, by its number."""

    number: int
    do: str
    organization: str
    home: bool = False
    previous: str = ""


def heard(state: Account, news: News) -> Account:
    about = {"organization_id": news.organization, "sequence": f"{news.number:010}"}
    if news.do == "move":
        return belonging.move(state, NOW, previous_organization_id=news.previous, **about).state
    if news.do == "join":
        return belonging.join(state, NOW, home=news.home, **about).state
    return belonging.part(state, NOW, **about).state


def all_heard(news: Sequence[News], state: Account | None = None) -> Account:
    state = state or Account()
    for one in news:
        state = heard(state, one)
    return state


@st.composite
def histories(draw: st.DrawFn) -> list[News]:
    """Draw what may happen to an account: it comes, goes and moves, and never leaves its home."""
    news, members, home = [News(1, "join", "contoso", home=True)], {"contoso"}, "contoso"
    for organization in draw(st.lists(st.sampled_from(ORGANIZATIONS), max_size=12)):
        number = news[-1].number + 1
        if organization not in members:
            moves = draw(st.booleans())
            news.append(News(number, "join", organization, home=moves))
            members.add(organization)
            if moves:
                news.append(News(number + 1, "move", organization, previous=home))
                home = organization
        elif organization != home:
            news.append(News(number, "part", organization))
            if draw(st.booleans()):
                news.append(News(number + 1, "purge", organization))
            members.remove(organization)
    return news


@given(history=histories(), data=st.data())
def test_any_order_and_any_repetition_end_the_same(history: list[News], data: st.DataObject):
    again = data.draw(st.lists(st.sampled_from(history), max_size=6))
    shuffled = all_heard(data.draw(st.permutations([*history, *again])))
    in_order = all_heard(history)
    assert shuffled.memberships == in_order.memberships
    assert shuffled.home == in_order.home
    assert shuffled.organizations() == in_order.organizations()
    assert shuffled.organizations()[0] == shuffled.home.organization_id


@given(history=histories(), data=st.data())
def test_a_connection_lasts_as_long_as_the_membership_that_it_was_made_in(history: list[News], data: st.DataObject):
    """Connect whenever it is possible after some news came; late news ends what it would have ended in time."""
    place = data.draw(st.integers(0, len(history)))
    late = data.draw(st.lists(st.sampled_from(history), unique=True))
    told = all_heard([one for one in history[:place] if one not in late])
    connected = [id_ for id_ in ORGANIZATIONS if told.belongs_to(id_)]
    for id_ in connected:
        told = connections.connect(told, NOW, organization_id=id_, service_id="mail", service=MAIL).state
    under = {id_: int(told.services[id_]["mail"].under) for id_ in connected}
    told = all_heard(data.draw(st.permutations([*late, *history[place:]])), told)
    for id_ in connected:
        ends = [one.number for one in history if one.organization == id_ and one.do in {"part", "purge"}]
        assert ("mail" in told.connections(id_)) == (not any(end > under[id_] for end in ends))


def test_who_leaves_is_disconnected_from_the_services_there_and_from_no_others():
    state = all_heard([News(1, "join", "contoso", home=True), News(2, "join", "fabrikam")])
    for id_ in ("contoso", "fabrikam"):
        state = connections.connect(state, NOW, organization_id=id_, service_id="mail", service=MAIL).state
    decision = belonging.part(state, NOW, organization_id="fabrikam", sequence="0000000003")
    assert decision.news == (
        ServiceDisconnected(service_id="mail", organization_id="fabrikam", name="Mail", reason="membership_ended"),
    )
    assert set(decision.state.services) == {"contoso"}
    assert decision.state.entries == ("e1",)
    again = belonging.part(decision.state, NOW, organization_id="fabrikam", sequence="0000000003")
    assert (again.state, again.news) == (decision.state, ())


def test_an_end_heard_after_the_next_beginning_leaves_what_was_connected_since():
    rules = (
        partial(belonging.join, organization_id="contoso", sequence="0000000003", home=False),
        partial(connections.connect, organization_id="contoso", service_id="mail", service=MAIL),
        partial(belonging.part, organization_id="contoso", sequence="0000000002"),
    )
    state = Account()
    for rule in rules:
        state = rule(state, NOW).state
    assert state.belongs_to("contoso")
    assert "mail" in state.connections("contoso")


def test_a_home_of_which_nothing_was_told_is_none():
    state = all_heard([News(1, "join", "contoso")])
    assert state.home.organization_id is None
    assert state.organizations() == ("contoso",)
