"""The rules of notices to the person's own phones and addresses: what is told, and where. Pure."""

import dataclasses
from collections.abc import Iterable

from security_info.model import SecurityInfo
from security_info.quotas import within
from shared import noticing
from shared.deciding import Actor, Decision, Rule
from shared.facts import Facts
from shared.letters import Channel, Letter, Waiting
from shared.noticing import Manner, Place, Told

MOST_TEXTS = 5
"""Notices in an hour that come as texts to one account; each costs something, and mail tells the same."""


def with_notices(
    rule: Rule[SecurityInfo], actor: Actor, manner: Manner, language: str | None = None
) -> Rule[SecurityInfo]:
    """Give *rule*, with notices of what it decides to where the person could be reached before, opened.

    What was just added is not told of itself; what was removed or changed is. *language* is the person's own, where
    it is known.
    """

    def tell(
        before: SecurityInfo, after: SecurityInfo, told: list[Told], facts: Facts
    ) -> tuple[SecurityInfo, tuple[Letter, ...]]:
        spoken = after.changed(language=language) if language else after
        return _tell(before, spoken, told, facts, manner, channels=("mail", "text"))

    return noticing.telling(rule, actor, tell)


def noted(
    info: SecurityInfo, facts: Facts, *, rule: Rule[SecurityInfo], told: Told, manner: Manner
) -> Decision[SecurityInfo]:
    """Note what happened elsewhere by *rule*, and tell the person of it, by mail alone."""
    decision = rule(info, facts)
    after, letters = _tell(info, decision.state, [told], facts, manner, channels=("mail",))
    return dataclasses.replace(decision, state=after, letters=letters)


def without(info: SecurityInfo, letter: Waiting) -> SecurityInfo:
    """Give the state without what was kept for a letter's sake."""
    return info.changed(notices=noticing.without(info.notices, letter)) if letter.kind == noticing.KIND else info


def _tell(
    before: SecurityInfo,
    after: SecurityInfo,
    told: Iterable[Told],
    facts: Facts,
    manner: Manner,
    *,
    channels: tuple[Channel, ...],
) -> tuple[SecurityInfo, tuple[Letter, ...]]:
    texted = within(after.texted_at, facts.now)
    open_ = noticing.gathering(after.notices, facts, manner)
    reached = set(after.notices[open_].letters.values()) if open_ else set()
    places = [
        Place(id=method.target.digest, channel=method.target.way, to=method.target.value.value)
        for method in before.reachable().values()
        if method.target.way in channels and not method.managed
    ]
    dear = [place.id for place in places if place.channel == "text" and place.id not in reached]
    left_out = dear[max(0, MOST_TEXTS - len(texted)) :]
    spoken = dataclasses.replace(manner, language=after.written_in or manner.language)
    affordable = [place for place in places if place.id not in left_out]
    notices, letters = noticing.tell(after.notices, told, affordable, facts, spoken)
    texts = (facts.now,) * sum(letter.channel == "text" for letter in letters)
    return after.changed(notices=notices, texted_at=(*texted, *texts)), letters
