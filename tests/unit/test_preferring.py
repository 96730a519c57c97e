"""What is chosen, what is locked, and when what holds is news."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import belonging, registering
from privacy.account import Account, Lock
from privacy.preferences import preferring
from privacy.register import Register
from shared.contracts.privacy import LanguageLocked, PreferencesChanged, PutPreferences, PutPrivacyRules
from shared.testing import facts_at

NOW = facts_at()
LOCKED = Lock(organization_id="contoso", revision=1, language="sv")
UNLOCKED = Lock(organization_id="contoso", revision=2)
OTHER = Lock(organization_id="fabrikam", revision=1, language="sv")


def at_home(organization="contoso", sequence="0000000001", account=None, lock=None):
    rule = partial(belonging.join, organization_id=organization, sequence=sequence, home=True)
    return preferring.at_home(account or Account(), NOW, rule=rule, lock=lock or Lock(organization_id=organization))


HOME = at_home().state


def choose(account=HOME, **wish):
    return preferring.choose(account, NOW, wish=PutPreferences(**wish))


def told(decision):
    """Give what is told, which is at most one thing, without its number."""
    assert len(decision.news) <= 1
    return {k: v for k, v in decision.news[0].model_dump().items() if k != "revision"} if decision.news else None


def says(language=None, region=None, time_zone=None, locked_by=None):
    return {"language": language, "region": region, "time_zone": time_zone, "locked_by": locked_by}


def test_a_choice_is_told_whole_and_once():
    chosen = choose(language="sv", region="FI", time_zone="Europe/Helsinki")
    assert told(chosen) == says("sv", "FI", "Europe/Helsinki")
    again = choose(chosen.state, language="sv", region="FI", time_zone="Europe/Helsinki")
    assert (again.state, again.news) == (chosen.state, ())


def test_what_is_left_out_follows_the_browser_again():
    chosen = choose(language="sv", region="FI").state
    assert told(choose(chosen, region="FI")) == says(None, "FI")


def test_each_change_has_the_next_number():
    account, numbers = HOME, []
    for language in ("sv", "sv", None, "en"):
        decision = choose(account, language=language)
        numbers += [one.revision for one in decision.news]
        account = decision.state
    assert numbers == [1, 2, 3]
    assert account.preferences.revision == 3


def test_a_lock_holds_over_the_choice_which_comes_back_after_it():
    chosen = choose(language="en").state
    locked = preferring.obey(chosen, NOW, lock=LOCKED)
    assert told(locked) == says("sv", locked_by="contoso")
    assert told(preferring.obey(locked.state, NOW, lock=UNLOCKED)) == says("en")


def test_a_lock_to_the_language_that_holds_is_news_too():
    chosen = choose(language="sv").state
    assert told(preferring.obey(chosen, NOW, lock=LOCKED)) == says("sv", locked_by="contoso")


def test_another_language_than_the_locked_one_is_refused_and_changes_nothing():
    locked = preferring.obey(HOME, NOW, lock=LOCKED).state
    with pytest.raises(LanguageLocked) as refused:
        choose(locked, language="en", region="SE")
    assert refused.value.language == "sv"


@pytest.mark.parametrize("language", [None, "sv", "en"])
def test_under_a_lock_the_rest_can_be_chosen_and_the_language_of_before_may_stay(language):
    chosen = choose(language="en").state
    locked = preferring.obey(chosen, NOW, lock=LOCKED).state
    assert told(choose(locked, language=language, region="GB")) == says("sv", "GB", locked_by="contoso")


def test_an_older_rule_and_another_organizations_change_nothing():
    unlocked = preferring.obey(preferring.obey(HOME, NOW, lock=LOCKED).state, NOW, lock=UNLOCKED).state
    for lock in (LOCKED, UNLOCKED, OTHER):
        assert preferring.obey(unlocked, NOW, lock=lock).state == unlocked


def test_a_new_home_brings_its_rule_and_drops_that_of_the_one_before_in_one_piece_of_news():
    first = at_home(lock=LOCKED)
    assert told(first) == says("sv", locked_by="contoso")
    second = at_home("fabrikam", "0000000002", first.state, OTHER)
    assert told(second) == says("sv", locked_by="fabrikam")
    third = at_home("litware", "0000000003", second.state)
    assert told(third) == says()


def test_late_news_of_a_home_brings_no_rule():
    now_at = at_home("fabrikam", "0000000002").state
    late = at_home("contoso", "0000000001", now_at, LOCKED)
    assert late.news == ()
    assert preferring.holding(late.state) == preferring.holding(now_at)


def test_without_a_home_no_rule_holds():
    assert preferring.obey(Account(), NOW, lock=LOCKED).state == Account()


def put_rules(register, **wish):
    return registering.put_rules(register, NOW, wish=PutPrivacyRules(**wish)).state


def test_another_language_in_the_rules_is_a_newer_rule_to_be_spread():
    locked = put_rules(Register(), language="sv")
    assert (locked.language_revision, locked.to_spread) == (1, True)
    assert put_rules(locked, language="sv") == locked
    unlocked = put_rules(locked)
    assert (unlocked.language_revision, unlocked.to_spread) == (2, True)
    assert preferring.lock_of("contoso", unlocked) == UNLOCKED


def test_for_how_long_histories_are_kept_is_no_rule_to_be_spread():
    assert not put_rules(Register(), history_days=100).to_spread


def test_a_rule_is_spread_unless_a_newer_one_came_meanwhile():
    locked = put_rules(Register(), language="sv")
    assert not preferring.spread(locked, NOW, revision=1).state.to_spread
    assert preferring.spread(put_rules(locked), NOW, revision=1).state.to_spread


STEPS = st.one_of(
    st.tuples(st.just("choose"), st.sampled_from([None, "en", "sv"]), st.sampled_from([None, "SE", "US"])),
    st.tuples(st.just("obey"), st.integers(1, 5), st.sampled_from(["contoso", "fabrikam"])),
    st.tuples(st.just("move"), st.integers(1, 9), st.sampled_from(["contoso", "fabrikam"])),
)
RULES = {number: {0: None, 1: "sv", 2: "en"}[number % 3] for number in range(6)}
"""The language of an organization's rule by its number: a number always stands for the same rule."""


def stepped(account, step):
    what, number, other = step
    if what == "choose":
        try:
            return choose(account, language=number, region=other)
        except LanguageLocked:
            return None
    lock = Lock(organization_id=other, revision=number, language=RULES.get(number))
    return (
        preferring.obey(account, NOW, lock=lock) if what == "obey" else at_home(other, f"{number:010}", account, lock)
    )


@given(st.lists(STEPS, max_size=20))
def test_it_is_news_exactly_when_what_holds_changes(steps):
    account, revision = Account(), 0
    for step in steps:
        decision = stepped(account, step)
        if decision is None:
            continue
        before, after = preferring.holding(account), preferring.holding(decision.state)
        assert (before != after) == bool(decision.news)
        for news in decision.news:
            revision += 1
            expected = {name: getattr(after, name) for name in ("language", "region", "time_zone", "locked_by")}
            assert news == PreferencesChanged(**expected, revision=revision)
        account = decision.state
    assert account.preferences.revision == revision


@given(st.permutations(range(1, 6)), st.integers(0, 4))
def test_of_rules_the_newest_holds_in_whatever_order_they_come(order, known):
    first = at_home(lock=Lock(organization_id="contoso", revision=known, language=RULES[known])).state
    account = first
    for number in order:
        lock = Lock(organization_id="contoso", revision=number, language=RULES[number])
        account = preferring.obey(account, NOW, lock=lock).state
    assert account.preferences.lock == Lock(organization_id="contoso", revision=5, language=RULES[5])
