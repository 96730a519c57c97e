"""The door for preferences: language, regional format and time zone."""

from functools import partial

from privacy.account import Account
from privacy.notices import Declarations
from privacy.preferences import preferring
from privacy.preferences.spreading import Spreading
from shared.asking import Call
from shared.contracts import privacy as contract
from shared.storing import Store


class PreferenceHandlers:
    """Answer for the account that calls; a rule that has not reached it yet holds already."""

    def __init__(self, accounts: Store[Account], declarations: Declarations, spreading: Spreading) -> None:
        self._accounts = accounts
        self._declarations = declarations
        self._spreading = spreading

    async def get_preferences(self, call: Call) -> contract.Preferences:
        """Show what is chosen and what is locked."""
        account = await self._accounts.read(call.account)
        home = account.home.organization_id
        if home is not None:
            account = preferring.with_lock(account, await self._spreading.lock_of(home))
        return shown(account, await self._name_of(home))

    async def put_preferences(self, call: Call, wish: contract.PutPreferences) -> contract.Preferences:
        """Choose."""
        await self._spreading.settle(call.account)
        name = await self._name_of((await self._accounts.read(call.account)).home.organization_id)
        rule = call.guarding(partial(preferring.choose, wish=wish), partial(shown, locked_by=name))
        return shown((await self._accounts.change(call.account, rule, command=call.command)).state, name)

    async def _name_of(self, organization_id: str | None) -> str | None:
        if organization_id is None:
            return None
        declared = await self._declarations.of([organization_id])
        return str(declared.get(organization_id, {}).get("name", organization_id))


def shown(account: Account, locked_by: str | None) -> contract.Preferences:
    """Show an account's preferences; *locked_by* is what its home organization is called."""
    chosen, lock = account.preferences, preferring.lock_on(account)
    return contract.Preferences(
        language=chosen.language,
        region=chosen.region,
        time_zone=chosen.time_zone,
        locked_language=lock.language if lock else None,
        locked_by=locked_by if lock else None,
        revision=chosen.revision,
    )
