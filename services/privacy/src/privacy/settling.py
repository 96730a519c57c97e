"""An account belongs elsewhere: with another home organization come its rules, which may change meanwhile."""

from functools import partial

from privacy.account import Account
from privacy.history.retention import Retention
from privacy.preferences import preferring
from privacy.preferences.spreading import Spreading
from shared.deciding import Command, Rule
from shared.storing import Store


class Settler:
    """Carry out what is told of memberships and homes; again after an interruption, it changes nothing twice."""

    def __init__(self, accounts: Store[Account], spreading: Spreading, retention: Retention) -> None:
        self._accounts = accounts
        self._spreading = spreading
        self._retention = retention

    async def settle(self, account: str, rule: Rule[Account], *, command: Command, home: str | None) -> None:
        """Carry out a *rule*, which may make *home* the home organization."""
        if home is None:
            await self._accounts.change(account, rule, command=command)
            return
        locked = partial(preferring.at_home, rule=rule, lock=await self._spreading.lock_of(home))
        await self._accounts.change(account, locked, command=command)
        await self._spreading.settle(account)
        await self._retention.review(account)
