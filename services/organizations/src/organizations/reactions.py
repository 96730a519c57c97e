"""The side door: what organizations does with news from elsewhere."""

from functools import partial

from organizations.account import Account
from organizations.telling import note_news
from shared.consuming import command_of, owner_of
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.noticing import Manner, told_by
from shared.storing import Store


class Reactions:
    """Tell people at work what happened to their account."""

    def __init__(self, accounts: Store[Account], manner: Manner) -> None:
        self._accounts = accounts
        self._manner = manner

    async def tell(self, _event: Event, envelope: Envelope) -> None:
        """Write a notice."""
        rule = partial(note_news, told=told_by(envelope), manner=self._manner)
        await self._accounts.change(owner_of(envelope), rule, command=command_of(envelope))
