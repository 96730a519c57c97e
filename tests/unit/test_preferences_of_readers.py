"""How a person reads, as the gateway and the writers of letters know it: the newest counts, however late it comes."""

from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from gateway import accounts, sessions
from gateway.accounts import Account
from gateway.preferences import Preferences
from gateway.sessions import Session
from organizations.account import Account as WorkAccount
from security_info.model import SecurityInfo
from shared.contracts.privacy import Preferences as Answer
from shared.contracts.privacy import PreferencesChanged
from shared.preferring import Preferred, noting
from shared.telling.languages import LANGUAGES, PSEUDO_LANGUAGES, regional, regions_of, usual_region
from shared.testing import facts_at
from tests.unit.telling_letters import AT, look

NOW = facts_at()
SWEDISH, ENGLISH = (Preferences(revision=number, language=code) for number, code in ((1, "sv"), (2, "en")))


def news(**told):
    nothing = dict.fromkeys(("language", "region", "time_zone", "locked_by"))
    return PreferencesChanged(**nothing | {"revision": 1} | told)


def a_session(**more):
    return Session(account="a", secret_digest=b"", started_at=NOW.now, seen_at=NOW.now, expires_at=NOW.now, **more)


@pytest.mark.parametrize("order", list(permutations((Preferences(), SWEDISH, ENGLISH))))
def test_of_what_is_told_of_an_account_the_newest_holds(order):
    account = Account()
    for one in order:
        account = accounts.prefer(account, NOW, preferences=one).state
    assert account.preferences == ENGLISH


def test_what_is_chosen_in_a_session_holds_there_until_something_newer_is_known():
    chosen = sessions.prefer(a_session(), NOW, preferences=SWEDISH).state
    assert chosen.preferences == SWEDISH
    assert chosen.preferences.unless_older(Preferences()) == SWEDISH
    assert chosen.preferences.unless_older(ENGLISH) == ENGLISH
    alone = SWEDISH.model_copy(update={"language": "en"})
    assert alone.unless_older(SWEDISH) == alone, "what could not be said to privacy holds in this session alone"
    assert sessions.prefer(chosen, NOW, preferences=Preferences()).state == chosen


def test_a_session_that_is_over_takes_no_choice():
    ended = a_session(ended_at=NOW.now)
    assert sessions.prefer(ended, NOW, preferences=SWEDISH).state == ended
    assert sessions.prefer(None, NOW, preferences=SWEDISH).state is None


def test_news_and_the_answer_to_a_choice_tell_the_same():
    told = {"region": "FI", "time_zone": "Europe/Helsinki", "revision": 3}
    free = Preferences(language="sv", **told)
    assert Preferences.of_news(news(language="sv", **told)) == free
    assert Preferences.of_answer(Answer(language="sv", **told)) == free
    locked = free.model_copy(update={"locked": True})
    assert Preferences.of_news(news(language="sv", locked_by="contoso", **told)) == locked
    assert Preferences.of_answer(Answer(language="en", locked_language="sv", locked_by="Contoso", **told)) == locked


@pytest.mark.parametrize("kind", [WorkAccount, SecurityInfo])
def test_letters_are_written_in_the_language_that_is_preferred_else_in_the_one_last_seen(kind):
    seen = kind(language="en")
    assert (kind().written_in, seen.written_in) == (None, "en")
    preferring = noting(news(language="sv", region="FI"), "0000000002")(seen, NOW).state
    assert preferring.written_in == "sv"
    assert preferring.preferred == Preferred(sequence="0000000002", language="sv", region="FI")
    late = noting(news(language="en"), "0000000001")(preferring, NOW).state
    assert late == preferring
    assert noting(news(), "0000000003")(preferring, NOW).state.written_in == "en"


@pytest.mark.parametrize(
    ("language", "region", "zone", "said"),
    [
        ("en", None, None, "7 October 2025 at 14:03 CEST"),
        ("en", "US", None, "October 7, 2025 at 2:03\u202fPM CEST"),
        ("en", "US", "America/New_York", "October 7, 2025 at 8:03\u202fAM EDT"),
        ("sv", "FI", "Europe/Helsinki", "7 oktober 2025 kl. 15:03 EEST"),
        ("sv", "DE", "Mars/Base", "7 oktober 2025 kl. 14:03 CEST"),
        ("sv", None, "../../etc/passwd", "7 oktober 2025 kl. 14:03 CEST"),
    ],
)
def test_a_letter_tells_moments_in_the_readers_zone_and_format(language, region, zone, said):
    own = look().for_reader(Preferred(region=region, time_zone=zone))
    assert own.moment(AT, language) == said
    assert look().zone == ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize("language", [*LANGUAGES, *PSEUDO_LANGUAGES])
def test_every_language_has_its_usual_region_and_ignores_those_that_it_has_no_habits_of(language):
    plain = regional(language, None)
    assert plain.territory == usual_region(language)
    assert plain.territory in regions_of(plain.language)
    for strange in ("ZZ", "se", "../..", "001", ""):
        assert regional(language, strange) == plain
    for region in regions_of(plain.language):
        assert regional(language, region).territory == region
