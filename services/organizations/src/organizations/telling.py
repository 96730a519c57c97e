"""The rules of notices to the address that the directory knows: what is told, and where. Pure."""

import dataclasses
from collections.abc import Iterable

from organizations.account import Account
from shared import noticing
from shared.deciding import Actor, Decision, Rule
from shared.facts import Facts
from shared.letters import Letter, Waiting
from shared.noticing import Manner, Place, Told

_WORK = "work"


def with_notices(rule: Rule[Account], actor: Actor, manner: Manner) -> Rule[Account]:
    """Give *rule*, with notices of what it decides; that an account was put in is news to nobody who has one."""

    def tell(before: Account, after: Account, told: list[Told], facts: Facts) -> tuple[Account, tuple[Letter, ...]]:
        return _tell(after, told, facts, manner) if before.home else (after, ())

    return noticing.telling(rule, actor, tell)


def note_news(account: Account, facts: Facts, *, told: Told, manner: Manner) -> Decision[Account]:
    """Tell of what happened elsewhere."""
    after, letters = _tell(account, [told], facts, manner)
    return Decision(after, letters=letters)


def without(account: Account, letter: Waiting) -> Account:
    """Give the account without what was kept for a letter's sake."""
    return account.model_copy(update={"notices": noticing.without(account.notices, letter)})


def _tell(account: Account, told: Iterable[Told], facts: Facts, manner: Manner) -> tuple[Account, tuple[Letter, ...]]:
    address = account.profile.email
    places = [Place(id=_WORK, channel="mail", to=address)] if address else []
    spoken = dataclasses.replace(manner, language=account.written_in or manner.language)
    notices, letters = noticing.tell(account.notices, told, places, facts, spoken)
    return account.model_copy(update={"notices": notices}), letters
