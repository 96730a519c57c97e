"""The side door: what the gateway does with news."""

from datetime import datetime
from functools import partial

from gateway import accounts
from gateway.keeping import SessionKeeper, Standings
from gateway.preferences import Preferences
from shared.consuming import command_of, owner_of
from shared.contracts.envelope import Envelope
from shared.contracts.gateway import SessionsRevoked
from shared.contracts.organizations import AccountDisabledByOrganization, AccountEnabledByOrganization
from shared.contracts.privacy import PreferencesChanged


class Reactions:
    """React to accounts that may not be used, to people who sign out everywhere, and to how they read."""

    def __init__(self, standings: Standings, keeper: SessionKeeper) -> None:
        self._standings = standings
        self._keeper = keeper

    async def disable(self, _event: AccountDisabledByOrganization, envelope: Envelope) -> None:
        """Refuse the account from now on, and end its sessions."""
        await self._note(envelope, disabled=True)
        await self._end(envelope, until=envelope.time, reason="account_disabled")

    async def enable(self, _event: AccountEnabledByOrganization, envelope: Envelope) -> None:
        """Take the account in again, without the sessions that began before it was heard that it was disabled."""
        await self._note(envelope, disabled=False)
        await self._end(envelope, until=envelope.time, reason="account_disabled")

    async def end_sessions(self, event: SessionsRevoked, envelope: Envelope) -> None:
        """End the sessions of a person who signed out everywhere, one by one."""
        await self._end(envelope, until=event.until, reason="signed_out_everywhere")

    async def prefer(self, event: PreferencesChanged, envelope: Envelope) -> None:
        """Show pages as the person wants to read."""
        rule = partial(accounts.prefer, preferences=Preferences.of_news(event))
        await self._standings.change(owner_of(envelope), rule, command_of(envelope))

    async def _note(self, envelope: Envelope, *, disabled: bool) -> None:
        rule = partial(accounts.note, disabled=disabled, sequence=envelope.sequence)
        await self._standings.change(owner_of(envelope), rule, command_of(envelope))

    async def _end(self, envelope: Envelope, *, until: datetime, reason: str) -> None:
        whose = {"account": owner_of(envelope)}
        await self._keeper.end_all(whose, until=until, reason=reason, command=command_of(envelope))
