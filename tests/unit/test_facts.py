"""Chance that is drawn once."""

import uuid
from datetime import timedelta

from shared.facts import Facts, now
from shared.testing import facts_at


def test_ids_are_version_7_and_sort_by_time():
    early, late = facts_at("2026-03-01T09:00:00+00:00"), facts_at("2026-03-01T09:00:01+00:00")
    assert uuid.UUID(early.id("a")).version == 7
    assert uuid.UUID(early.id("a")).variant == uuid.RFC_4122
    assert early.id("z") < late.id("a")


def test_a_label_gives_the_same_again_and_another_gives_another():
    facts = Facts()
    assert facts.id("a") == facts.id("a") != facts.id("b")
    assert facts.secret("a", 20) == facts.secret("a", 20) != facts.secret("b", 20)


def test_ids_of_one_draw_sort_by_their_order():
    facts = Facts()
    ids = [facts.id("event", order) for order in range(20)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 20


def test_two_draws_differ():
    assert Facts().id("a") != Facts().id("a")


def test_time_is_what_the_database_keeps():
    assert now().microsecond % 1000 == 0
    assert now().utcoffset() == timedelta(0)
