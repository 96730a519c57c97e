"""Accounts are connected to services of organizations to which they belong."""

from datetime import timedelta
from functools import partial

import pytest

from privacy import belonging, connections
from privacy.account import MOST_CONNECTIONS, Account
from privacy.register import Service
from shared.contracts import privacy as contract
from shared.contracts.devices import NotAMember
from shared.contracts.problem import Invalid
from shared.testing import facts_at

NOW = facts_at()
MAIL = Service(entry="e1", name="Mail", may_disconnect=True)
AT = {"organization_id": "contoso", "service_id": "mail"}
MEMBER = belonging.join(Account(), NOW, organization_id="contoso", sequence="0000000001", home=True).state
connect = partial(connections.connect, **AT, service=MAIL)
CONNECTED = connect(MEMBER, NOW).state


def later(seconds):
    return facts_at(NOW.now + timedelta(seconds=seconds))


def disconnected(reason, name="Mail"):
    return contract.ServiceDisconnected(**AT, name=name, reason=reason)


def test_connecting_is_told_once():
    decision = connect(MEMBER, NOW)
    assert decision.news == (contract.ServiceConnected(**AT, name="Mail"),)
    known = decision.state.connections("contoso")["mail"]
    assert (known.since, known.last_used_at, known.under) == (NOW.now, None, "0000000001")
    again = connect(decision.state, later(60))
    assert (again.state, again.news) == (decision.state, ())


def test_only_members_are_connected_and_only_to_what_there_is():
    for account in (Account(), belonging.part(MEMBER, NOW, organization_id="contoso", sequence="2").state):
        with pytest.raises(NotAMember):
            connect(account, NOW)
    with pytest.raises(NotAMember):
        connect(MEMBER, NOW, organization_id="fabrikam")
    with pytest.raises(contract.ServiceNotFound):
        connect(MEMBER, NOW, service=None)


def test_use_is_noted_and_a_late_report_does_not_undo_it():
    used, earlier = NOW.now, NOW.now - timedelta(hours=1)
    state = connect(CONNECTED, NOW, last_used_at=used).state
    for late in (earlier, None, used):
        assert connect(state, NOW, last_used_at=late).state == state
    since = NOW.now - timedelta(days=30)
    assert connect(state, NOW, since=since).state.connections("contoso")["mail"].since == since


@pytest.mark.parametrize("state", [MEMBER, CONNECTED])
@pytest.mark.parametrize(("field", "pointer"), [("since", "/connected_at"), ("last_used_at", "/last_used_at")])
def test_what_is_yet_to_come_is_refused_and_a_clock_a_little_ahead_is_not(state, field, pointer):
    with pytest.raises(Invalid) as refused:
        connect(state, NOW, **{field: NOW.now + timedelta(minutes=5, seconds=1)})
    assert [(one.pointer, one.key) for one in refused.value.errors] == [(pointer, "in_the_future")]
    ahead = NOW.now + timedelta(minutes=5)
    known = connect(state, NOW, **{field: ahead}).state.connections("contoso")["mail"]
    assert getattr(known, field) == ahead


def test_an_account_is_connected_to_so_many_services_and_no_more():
    state = MEMBER
    for number in range(MOST_CONNECTIONS):
        service = Service(entry=f"e{number}", name="S")
        state = connect(state, NOW, service_id=f"s{number}", service=service).state
    with pytest.raises(contract.RegisterFull) as refused:
        connect(state, NOW, service=Service(entry="one more", name="S"))
    assert refused.value.limit == MOST_CONNECTIONS
    assert connect(state, NOW, service_id="s0", service=Service(entry="e0", name="S")).state == state
    assert connect(state, NOW, service_id="s0", service=Service(entry="another", name="S")).news


def test_a_person_disconnects_where_the_organization_lets_them():
    decision = connections.disconnect_oneself(CONNECTED, NOW, **AT, service=MAIL)
    assert decision.news == (disconnected("person"),)
    assert decision.state == MEMBER
    with pytest.raises(contract.DisconnectingForbidden):
        connections.disconnect_oneself(CONNECTED, NOW, **AT, service=MAIL.model_copy(update={"may_disconnect": False}))


@pytest.mark.parametrize(
    ("account", "service"),
    [(MEMBER, MAIL), (CONNECTED, None), (CONNECTED, MAIL.model_copy(update={"entry": "e2"}))],
    ids=["not connected", "taken out", "put in again since"],
)
def test_a_person_does_not_disconnect_what_they_are_not_shown(account, service):
    with pytest.raises(contract.ServiceNotFound):
        connections.disconnect_oneself(account, NOW, **AT, service=service)


def test_an_organization_disconnects_whomever_it_wants_and_once():
    decision = connections.disconnect(CONNECTED, NOW, **AT)
    assert (decision.news, decision.state) == ((disconnected("organization"),), MEMBER)
    again = connections.disconnect(decision.state, NOW, **AT)
    assert (again.news, again.state) == ((), MEMBER)


def test_whoever_was_connected_to_what_was_taken_out_is_disconnected_from_it_alone():
    state = connect(CONNECTED, NOW, service_id="chat", service=Service(entry="e2", name="Chat")).state
    assert state.entries == ("e1", "e2")
    decision = connections.clear(state, NOW, organization_id="contoso", entries={"e1"})
    assert decision.news == (disconnected("organization"),)
    assert (set(decision.state.connections("contoso")), decision.state.entries) == ({"chat"}, ("e2",))
    again = connections.clear(decision.state, NOW, organization_id="contoso", entries={"e1"})
    assert (again.state, again.news) == (decision.state, ())


def test_a_service_put_in_again_is_another():
    renewed = Service(entry="e2", name="New mail")
    decision = connect(CONNECTED, later(60), service=renewed)
    assert decision.news == (disconnected("organization"), contract.ServiceConnected(**AT, name="New mail"))
    assert decision.state.connections("contoso")["mail"].since == later(60).now
    cleared = connections.clear(decision.state, NOW, organization_id="contoso", entries={"e1"})
    assert cleared.state == decision.state
