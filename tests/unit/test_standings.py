"""The rules of an account's standing with the gateway, and of a person's sessions."""

from datetime import datetime, timedelta

import pytest

from gateway import accounts, sessions
from gateway.accounts import Account
from gateway.sessions import Session
from shared.contracts.gateway import SessionEnded, SessionNotFound, SessionsRevoked
from shared.contracts.problem import AccountDisabled, NotSignedIn
from shared.deciding import Decision
from shared.sealing import Secret
from shared.testing import facts_at

NOW = facts_at("2026-03-01T09:00:00.250+00:00")
SECOND = NOW.now.timestamp() - 0.25
SIGNED_OUT = accounts.sign_out(Account(), NOW).state


@pytest.mark.parametrize(
    "issued_at",
    [SECOND - 3600, SECOND - 1, SECOND, int(SECOND), SECOND + 0.25, None],
    ids=["long before", "the second before", "the same second", "as a number", "the very moment", "who knows"],
)
def test_a_token_from_before_the_signing_out_is_refused(issued_at: float | None):
    with pytest.raises(NotSignedIn):
        SIGNED_OUT.refuse_token(issued_at)


@pytest.mark.parametrize("issued_at", [SECOND + 0.251, SECOND + 1, int(SECOND) + 1, SECOND + 3600])
def test_a_token_from_after_it_is_taken(issued_at: float):
    SIGNED_OUT.refuse_token(issued_at)


@pytest.mark.parametrize("issued_at", [None, 0, SECOND])
def test_any_token_of_a_person_who_never_signed_out_everywhere_is_taken(issued_at: float | None):
    Account().refuse_token(issued_at)


def test_a_session_from_before_the_signing_out_does_not_count():
    moment = timedelta(milliseconds=1)
    now = int(NOW.now.timestamp())
    begun = [SIGNED_OUT.takes_session(NOW.now + offset, now) for offset in (-moment, 0 * moment, moment)]
    assert begun == [False, False, True]
    assert Account().takes_session(NOW.now, None)


def test_nor_does_a_later_one_of_whom_the_provider_still_knew_from_before():
    now = int(NOW.now.timestamp())
    later = NOW.now + timedelta(hours=1)
    assert [SIGNED_OUT.takes_session(later, at) for at in (None, now - 1, now, now + 1)] == [False, False, True, True]


def test_signing_out_everywhere_is_news_with_its_moment():
    assert accounts.sign_out(Account(), NOW).news == (SessionsRevoked(until=NOW.now),)


def test_signing_out_that_is_saved_late_lets_nothing_count_again():
    earlier = facts_at(NOW.now - timedelta(seconds=1))
    decision = accounts.sign_out(SIGNED_OUT, earlier)
    assert decision.state == SIGNED_OUT
    assert decision.news == (SessionsRevoked(until=NOW.now),)
    later = facts_at(NOW.now + timedelta(seconds=1))
    assert accounts.sign_out(SIGNED_OUT, later).state.signed_out_until == later.now


def note(account: Account, sequence: int, *, disabled: bool) -> Decision[Account]:
    return accounts.note(account, NOW, disabled=disabled, sequence=f"{sequence:010}")


def test_the_newest_news_of_an_account_counts_however_late():
    disabled = note(Account(), 3, disabled=True).state
    assert note(disabled, 2, disabled=False) == Decision(disabled)
    assert note(disabled, 3, disabled=False) == Decision(disabled)
    assert not note(disabled, 10, disabled=False).state.disabled


def test_an_account_that_is_disabled_is_refused_and_stays_signed_out():
    disabled = note(SIGNED_OUT, 1, disabled=True).state
    assert disabled.signed_out_until == NOW.now
    with pytest.raises(AccountDisabled):
        disabled.refuse_if_disabled()
    note(disabled, 2, disabled=False).state.refuse_if_disabled()


def begun(at: datetime = NOW.now) -> Session:
    return Session(
        account="alice",
        secret_digest=sessions.digest_of("secret"),
        started_at=at,
        seen_at=at,
        expires_at=at + timedelta(hours=12),
        id_token=Secret(sealed=b"sealed"),
    )


def test_a_person_ends_a_session_of_their_own():
    decision = sessions.end_own(begun(), NOW, session_id="s", account="alice", reason="ended_elsewhere")
    assert decision.news == (SessionEnded(session_id="s", reason="ended_elsewhere"),)
    assert decision.state
    assert (decision.state.ended_at, decision.state.id_token) == (NOW.now, None)


@pytest.mark.parametrize(
    ("session", "account"),
    [(None, "alice"), (begun(), "bob"), (begun(), ""), (begun().model_copy(update={"ended_at": NOW.now}), "alice")],
    ids=["none", "somebody else's", "nobody's", "over"],
)
def test_any_other_session_is_not_found(session: Session | None, account: str):
    with pytest.raises(SessionNotFound):
        sessions.end_own(session, NOW, session_id="s", account=account, reason="ended_elsewhere")


def test_a_session_ends_once():
    over = sessions.end(begun(), NOW, session_id="s", reason="signed_out").state
    assert sessions.end(over, NOW, session_id="s", reason="account_disabled") == Decision(over)
    assert sessions.end(None, NOW, session_id="s", reason="signed_out") == Decision(None)


def test_a_session_that_is_over_is_not_seen_any_more():
    over = sessions.end(begun(), NOW, session_id="s", reason="signed_out").state
    later = facts_at(NOW.now + timedelta(hours=1))
    assert sessions.see(over, later) == Decision(over)
    seen = sessions.see(begun(), later).state
    assert seen
    assert seen.seen_at == later.now


def test_a_session_lives_until_its_end_or_until_it_is_idle_for_too_long():
    session, hour = begun(), timedelta(hours=1)
    assert session.lives(NOW.now + hour - timedelta(seconds=1), idle=hour)
    assert not session.lives(NOW.now + hour, idle=hour)
    assert not session.lives(NOW.now + 12 * hour, idle=99 * hour)
    assert not session.model_copy(update={"ended_at": NOW.now}).lives(NOW.now, idle=hour)


def test_only_its_secret_opens_a_session():
    assert begun().opens_with("secret")
    assert not begun().opens_with("Secret")
    assert not begun().opens_with("")
