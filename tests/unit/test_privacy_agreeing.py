"""What a person accepted is what they were shown, and it stays on record."""

from datetime import timedelta
from functools import partial

import pytest

from privacy import belonging
from privacy.account import MOST_ACCEPTED, Accepted, Account
from privacy.register import Terms, Version
from privacy.terms import agreeing
from shared.contracts import privacy as contract
from shared.testing import facts_at

NOW = facts_at()
MEMBER = belonging.join(Account(), NOW, organization_id="contoso", sequence="0000000001", home=True).state


def later(seconds):
    return facts_at(NOW.now + timedelta(seconds=seconds))


def digest(version, language):
    return f"{version}{language}".encode().hex().rjust(64, "0")


def terms(*versions, withdrawn=False):
    """Make terms of versions; one that ends in "!" is material."""
    made = tuple(
        Version(
            version=name.rstrip("!"),
            material=name.endswith("!"),
            source=name,
            published_at=NOW.now,
            titles={"sv": "Villkor", "en": "Terms"},
            digests={language: digest(name.rstrip("!"), language) for language in ("sv", "en")},
        )
        for name in versions
    )
    return Terms(versions=made, withdrawn_at=NOW.now if withdrawn else None)


def wish(version, language="sv", **changed):
    return contract.AcceptTerms(
        **{"version": version, "language": language, "digest": digest(version, language)} | changed
    )


accept = partial(agreeing.accept, organization_id="contoso", terms_id="tos", session="s1")


def accepted(state=MEMBER, *versions, of=None):
    for number, name in enumerate(versions):
        known = of or terms(*versions[: number + 1])
        state = accept(state, later(number), terms=known, wish=wish(name.rstrip("!"))).state
    return state


def to_accept(state, known):
    return agreeing.is_to_accept(state.acceptances("contoso", "tos"), known)


def test_an_acceptance_says_what_when_and_in_which_session():
    decision = accept(MEMBER, NOW, terms=terms("1"), wish=wish("1"))
    (proof,) = decision.state.acceptances("contoso", "tos")
    assert proof.model_dump() == {
        "version": "1",
        "language": "sv",
        "digest": digest("1", "sv"),
        "at": NOW.now,
        "session": "s1",
    }
    assert contract.Acceptance.model_validate(decision.answer).at == NOW.now
    assert "session" not in decision.answer
    assert decision.news == (
        contract.TermsAccepted(
            organization_id="contoso",
            terms_id="tos",
            title="Villkor",
            version="1",
            language="sv",
            digest=digest("1", "sv"),
        ),
    )


def test_the_same_text_again_gives_the_first_proof_and_no_news():
    first = accept(MEMBER, NOW, terms=terms("1"), wish=wish("1"))
    again = accept(first.state, later(60), terms=terms("1"), wish=wish("1"), session="s2")
    assert (again.state, again.news, again.answer) == (first.state, (), first.answer)


def test_a_version_that_was_accepted_is_accepted_in_every_language():
    first = accept(MEMBER, NOW, terms=terms("1"), wish=wish("1"))
    again = accept(first.state, later(60), terms=terms("1"), wish=wish("1", "en"))
    assert (again.state, again.news, again.answer) == (first.state, (), first.answer)
    with pytest.raises(contract.TermsChanged):
        accept(first.state, NOW, terms=terms("1"), wish=wish("1", "de"))


@pytest.mark.parametrize(
    "shown",
    [
        wish("1"),
        wish("2", digest=digest("1", "sv")),
        wish("2", digest=digest("2", "en")),
        wish("2", "de"),
        wish("2", "de", digest=digest("2", "sv")),
        wish("3"),
        wish("2", digest="0" * 64),
    ],
    ids=["before", "text of before", "text of another language", "no such language", "as if", "none", "nothing"],
)
def test_what_was_not_shown_as_it_stands_is_not_accepted(shown):
    with pytest.raises(contract.TermsChanged) as refused:
        accept(MEMBER, NOW, terms=terms("1", "2"), wish=shown)
    assert refused.value.version == "2"


@pytest.mark.parametrize(
    ("state", "known"),
    [
        (MEMBER, None),
        (Account(), terms("1")),
        (Account(), terms("1", withdrawn=True)),
        (belonging.part(MEMBER, NOW, organization_id="contoso", sequence="2").state, terms("1")),
    ],
    ids=["none", "a stranger's", "withdrawn from strangers", "after leaving"],
)
def test_nobody_accepts_what_they_are_not_asked(state, known):
    with pytest.raises(contract.TermsNotFound):
        accept(state, NOW, terms=known, wish=wish("1"))


def test_who_is_asked_no_more_is_told_since_when():
    with pytest.raises(contract.TermsNotAsked) as refused:
        accept(MEMBER, NOW, terms=terms("1", withdrawn=True), wish=wish("1"))
    assert refused.value.withdrawn_at == NOW.now


def test_what_was_accepted_stays_when_one_leaves_and_counts_when_one_comes_back():
    left = belonging.part(accepted(MEMBER, "1"), NOW, organization_id="contoso", sequence="0000000002").state
    assert len(left.acceptances("contoso", "tos")) == 1
    back = belonging.join(left, NOW, organization_id="contoso", sequence="0000000003", home=False).state
    assert not to_accept(back, terms("1"))


@pytest.mark.parametrize("versions", [("1",), ("1!",), ("1", "2")])
def test_who_never_accepted_is_asked_unless_they_were_withdrawn(versions):
    assert to_accept(MEMBER, terms(*versions))
    assert not to_accept(MEMBER, terms(*versions, withdrawn=True))


@pytest.mark.parametrize(
    ("published", "asked"),
    [
        (("1!",), False),
        (("1!", "2"), False),
        (("1!", "2!"), True),
        (("1!", "2!", "3"), True),
        (("1!", "2", "3!"), True),
        (("0!", "1"), False),
        (("2!",), True),
    ],
)
def test_who_accepted_is_asked_again_after_a_version_that_matters(published, asked):
    assert to_accept(accepted(MEMBER, "1"), terms(*published)) is asked


@pytest.mark.parametrize("order", [("1", "2!"), ("2!", "1")], ids=["in order", "the older one recorded last"])
def test_the_newest_version_counts_whichever_was_recorded_last(order):
    """A tab that read the register before a version was published may write after another that read it afterwards."""
    state = MEMBER
    for number, name in enumerate(order):
        state = accept(state, later(number), terms=terms(name), wish=wish(name.rstrip("!"))).state
    known = terms("1", "2!")
    assert [one.version for one in agreeing.newest_first(state.acceptances("contoso", "tos"), known)] == ["2", "1"]
    assert not to_accept(state, known)


def test_every_proof_is_kept_and_an_account_has_room_for_so_many():
    state, proof = MEMBER, Accepted(version="", language="sv", digest="0" * 64, at=NOW.now)
    for number in range(MOST_ACCEPTED - 2):
        of = f"o{number // 1_000}", f"t{number // 100}"
        state = state.with_accepted(*of, proof.model_copy(update={"version": str(number)}))
    state = accepted(state, "a", "b")
    assert state.number_of_acceptances == MOST_ACCEPTED
    with pytest.raises(contract.RegisterFull) as refused:
        accept(state, NOW, terms=terms("a", "b", "c"), wish=wish("c"))
    assert refused.value.limit == MOST_ACCEPTED
    assert accept(state, NOW, terms=terms("a", "b"), wish=wish("b")).state == state
