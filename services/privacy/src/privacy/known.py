"""What is known of one person, read together: their account, and what their organizations told and declare."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from privacy.account import Account
from privacy.notices import Declarations
from privacy.register import Register
from shared.storing import Store


@dataclass(frozen=True, slots=True)
class Known:
    """An account, with the registers and the declarations of its organizations by their ids."""

    account: Account
    registers: Mapping[str, Register]
    declared: Mapping[str, Mapping[str, Any]]

    def register(self, organization_id: str) -> Register:
        """Give what an organization told; nothing, where it told nothing."""
        return self.registers.get(organization_id) or Register()

    def name(self, organization_id: str) -> str:
        """Give what an organization is called; one that has told nothing yet goes by its id."""
        return str(self.declared.get(organization_id, {}).get("name", organization_id))

    def now(self, account: Account) -> "Known":
        """Give the same of the account as it is meanwhile."""
        return replace(self, account=account)

    def current(self, organization_id: str, terms_id: str) -> str | None:
        """Name the current version of terms."""
        terms = self.register(organization_id).published.get(terms_id)
        return terms.current.version if terms else None

    def organizations(self) -> list[str]:
        """Name the account's organizations, the home organization first, the others by what they are called."""
        home = self.account.home.organization_id
        return sorted(self.account.organizations(), key=lambda id_: (id_ != home, self.name(id_).casefold(), id_))


class Knowledge:
    """Read it, in two steps: nothing is read of organizations to which the account does not belong."""

    def __init__(self, accounts: Store[Account], registers: Store[Register], declarations: Declarations) -> None:
        self._accounts = accounts
        self._registers = registers
        self._declarations = declarations

    async def of(self, account: str, *, without: Sequence[str] = ()) -> Known:
        """Read what is known of an account; of registers *without* some fields, which may be long."""
        state = await self._accounts.read(account)
        theirs = state.organizations()
        registers, declared = await asyncio.gather(
            self._registers.read_many(theirs, without=without), self._declarations.of(theirs)
        )
        return Known(state, registers, declared)
