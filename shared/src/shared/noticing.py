"""Notices: what happened to an account is told to the person by letter, several things in one go together. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.contracts import devices, gateway, organizations, privacy, security_info
from shared.contracts.envelope import Client, Envelope
from shared.contracts.event import Event
from shared.deciding import Actor, Decision, Rule
from shared.facts import Facts
from shared.letters import Channel, Letter, Waiting

KIND = "notice"
_LAST_MOMENT = timedelta(seconds=5)
"""Before a notice is due nothing more comes along: the clocks of those who write and send may differ by so much."""
LIFETIME = timedelta(days=3)
"""For how long a notice is worth sending."""
MOST_NOTICES = 10
"""Notices that wait at once; what more happens is only counted, in the newest."""
MOST_TOLD = 20
"""Things that one notice tells of; more are only counted."""

State = TypeVar("State", bound=BaseModel)


class Told(BaseModel):
    """Something that happened, as a notice tells it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: str
    type: str
    at: datetime
    by: Literal["you", "system"]
    client: Client = Client()
    facts: dict[str, Any] = {}


class Notice(BaseModel):
    """A notice that waits to be sent: what it tells, and the letters that carry it to one place each."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    due_at: datetime
    told: tuple[Told, ...]
    more: int = 0
    letters: dict[str, str] = {}

    def with_told(self, told: Iterable[Told]) -> "Notice":
        """Give the notice with more to tell; what it tells already is not told twice."""
        known = {one.id for one in self.told}
        everything = (*self.told, *(one for one in told if one.id not in known))
        surplus = max(0, len(everything) - MOST_TOLD)
        if surplus:  # nothing can be hidden behind what is done many times: the first and the last are told
            everything = (*everything[: MOST_TOLD // 2], *everything[-MOST_TOLD // 2 :])
        return self.model_copy(update={"told": everything, "more": self.more + surplus})


Notices: TypeAlias = dict[str, Notice]
"""The notices of one account that wait, by their ids, oldest first."""


@dataclass(frozen=True, slots=True)
class Manner:
    """In which language people are told, where their own is not known, and how long a notice waits for what follows."""

    language: str = "en"
    gather: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person can be reached; *id* is opaque and the same for the same place."""

    id: str
    channel: Channel
    to: str = field(repr=False)


def tell(
    notices: Mapping[str, Notice], told: Iterable[Told], places: Iterable[Place], facts: Facts, manner: Manner
) -> tuple[Notices, tuple[Letter, ...]]:
    """Tell the person at these *places*: in the notice that is still gathering, else in a new one.

    A notice and its letters are written by one decision; what a letter says is read from the notice when it is sent.
    """
    told, places = list(told), list(places)
    if not (told and places):
        return dict(notices), ()
    open_ = gathering(notices, facts, manner)
    if open_ is None and len(notices) >= MOST_NOTICES:
        newest = _newest(notices)
        return {**notices, newest: notices[newest].model_copy(update={"more": notices[newest].more + len(told)})}, ()
    notice_id = open_ or facts.id(KIND)
    notice = notices.get(notice_id) or Notice(due_at=facts.now + manner.gather, told=())
    reached = set(notice.letters.values())
    unreached = [place for place in places if place.id not in reached]
    letters = tuple(
        Letter(
            id=facts.id("letter", order),
            kind=KIND,
            channel=place.channel,
            to=place.to,
            language=manner.language,
            expires_at=facts.now + LIFETIME,
            due_at=notice.due_at,
            about=notice_id,
        )
        for order, place in enumerate(unreached)
    )
    new = {letter.id: place.id for letter, place in zip(letters, unreached, strict=True)}
    grown = notice.with_told(told).model_copy(update={"letters": {**notice.letters, **new}})
    return {**notices, notice_id: grown}, letters


def gathering(notices: Mapping[str, Notice], facts: Facts, manner: Manner) -> str | None:
    """Name the notice with which more may still come along."""
    if not notices:
        return None
    newest = _newest(notices)
    last_moment = notices[newest].due_at - min(_LAST_MOMENT, manner.gather / 2)
    return newest if facts.now < last_moment else None


def _newest(notices: Mapping[str, Notice]) -> str:
    return list(notices)[-1]


def without(notices: Mapping[str, Notice], letter: Waiting) -> Notices:
    """Give the notices after a letter was sent or given up; one that has no letter left is over."""
    notice = notices.get(letter.about or "")
    if notice is None or letter.about is None:
        return dict(notices)
    left = {id_: place for id_, place in notice.letters.items() if id_ != letter.id}
    if left:
        return {**notices, letter.about: notice.model_copy(update={"letters": left})}
    return {id_: kept for id_, kept in notices.items() if id_ != letter.about}


def told_of(news: Iterable[Event], actor: Actor, facts: Facts) -> list[Told]:
    """Give what of the *news* of a decision the person is told, under the ids that the events will have."""
    return [
        Told(
            id=facts.id("event", order),
            type=event.wire,
            at=facts.now,
            by="you" if actor.kind == "user" else "system",
            client=actor.client,
            facts=event.model_dump(mode="json"),
        )
        for order, event in enumerate(news)
        if event.tells_person
    ]


def told_elsewhere(process: str) -> tuple[type[Event], ...]:
    """Name what a *process* is told by others and tells on: each event that a person should get a letter of."""
    known = (*security_info.EVENTS, *devices.EVENTS, *organizations.EVENTS, *privacy.EVENTS, *gateway.EVENTS)
    return tuple(event for event in known if event.tells_person and event.owner() != process)


def told_by(envelope: Envelope) -> Told:
    """Give what news from elsewhere tells the person."""
    return Told(
        id=envelope.id,
        type=envelope.type,
        at=envelope.time,
        by="you" if envelope.authtype == "user" else "system",
        client=envelope.client(),
        facts=envelope.data,
    )


def telling(
    rule: Rule[State],
    actor: Actor,
    tell_in: Callable[[State, State, list[Told], Facts], tuple[State, tuple[Letter, ...]]],
) -> Rule[State]:
    """Give *rule*, with the notices of what it decides: *tell_in* gets the state before, after, and what is told."""

    def told(state: State, facts: Facts) -> Decision[State]:
        decision = rule(state, facts)
        told = told_of(decision.news, actor, facts)
        if not told:
            return decision
        after, letters = tell_in(state, decision.state, told, facts)
        return Decision(
            after,
            decision.answer,
            decision.news,
            decision.refusal,
            letters=(*decision.letters, *letters),
            settled=decision.settled,
        )

    return told
