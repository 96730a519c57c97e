"""The side door: what organizations does with news from elsewhere."""

from functools import partial

from organizations.account import Account
from organizations.telling import note_news
from shared.consuming import command_of, owner_of
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.contracts.privacy import PreferencesChanged
from shared.deciding import Rule
from shared.noticing import Manner, told_by
from shared.preferring import noting
from shared.storing import Store


class Reactions:
    """Tell people at work what happened to their account, in the way that they want."""

    def __init__(self, accounts: Store[Account], manner: Manner) -> None:
        self._accounts = accounts
        self._manner = manner

    async def prefer(self, event: PreferencesChanged, envelope: Envelope) -> None:
        """Write letters as the person wants them."""
        rule: Rule[Account] = noting(event, envelope.sequence)
        await self._accounts.change(owner_of(envelope), rule, command=command_of(envelope))

    async def tell(self, _event: Event, envelope: Envelope) -> None:
        """Write a notice."""
        rule = partial(note_news, told=told_by(envelope), manner=self._manner)
        await self._accounts.change(owner_of(envelope), rule, command=command_of(envelope))
