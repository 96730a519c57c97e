"""What the history tells of language, regional format and time zone: those that hold now, by their names."""

import pytest

from shared.contracts.privacy import ActivityEntry
from shared.telling import event_sentence

CHOSEN = {"language": "sv", "region": "SE", "time_zone": "Europe/Stockholm"}
FOLLOWING = dict.fromkeys(CHOSEN)


def told(facts, language, by="you"):
    wire = "profile.privacy.preferences.changed.v1"
    at = "2026-03-24T09:00:00Z"
    entry = ActivityEntry(id="e", type=wire, part="privacy", at=at, by=by, client={}, facts=facts)
    return event_sentence(entry, language, product="P").partition(". ")[2]


@pytest.mark.parametrize(
    ("facts", "language", "says"),
    [
        (CHOSEN, "en", "Now: Svenska, Sweden, Stockholm"),
        (CHOSEN, "sv", "Nu: Svenska, Sverige, Stockholm"),
        (FOLLOWING, "en", "Now: the browser’s language, the browser’s regional format, the browser’s time zone"),  # noqa: RUF001  # the apostrophe that people read
        (FOLLOWING | {"region": "FI"}, "sv", "Nu: webbläsarens språk, Finland, webbläsarens tidszon"),
        (CHOSEN | {"time_zone": "Europe/Gothenburg"}, "en", "Now: Svenska, Sweden, Europe/Gothenburg"),
        (CHOSEN | {"language": "fi", "region": "ZQ"}, "en", "Now: fi, ZQ, Stockholm"),
    ],
)
@pytest.mark.parametrize("by", ["you", "system"])
def test_a_change_tells_what_holds_now(facts, language, says, by):
    assert told(facts, language, by) == says
