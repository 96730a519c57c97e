"""The door for systems: what an organization tells of services, connections, terms and uses of data."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from privacy import connections, registering
from privacy.account import Account
from privacy.register import ALL_BUT_SERVICES, Register
from privacy.terms.texts import Place, Texts, source_of
from shared.asking import Call
from shared.contracts import privacy as contract
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Command, Decision, Rule
from shared.storing import Store
from shared.sweeping import Sweeper


class SystemHandlers:
    """Answer to systems that speak for an organization; *removed* and *ruled* sweep where that is to be spread."""

    def __init__(
        self,
        accounts: Store[Account],
        registers: Store[Register],
        texts: Texts,
        *,
        removed: Sequence[Sweeper],
        ruled: Sequence[Sweeper],
    ) -> None:
        self._accounts = accounts
        self._registers = registers
        self._texts = texts
        self._removed = removed
        self._ruled = ruled

    async def put_service(self, call: Call, wish: contract.PutService) -> None:
        """Put a service in."""
        await self._register(call, partial(registering.put_service, service_id=call.path["service_id"], wish=wish))

    async def delete_service(self, call: Call) -> None:
        """Take a service out."""
        await self._register(call, partial(registering.delete_service, service_id=call.path["service_id"]))
        _nudge(self._removed)

    async def put_connection(self, call: Call, wish: contract.PutConnection) -> None:
        """Connect an account to a service, or tell when it was last used."""
        service_id = call.path["service_id"]
        service = (await self._registers.read(_bound(call), without=ALL_BUT_SERVICES)).services.get(service_id)
        connect = partial(connections.connect, service_id=service_id, service=service)
        await self._account(call, partial(connect, since=wish.connected_at, last_used_at=wish.last_used_at))

    async def delete_connection(self, call: Call) -> None:
        """Disconnect an account from a service."""
        await self._account(call, partial(connections.disconnect, service_id=call.path["service_id"]))

    async def put_data_use(self, call: Call, wish: contract.PutDataUse) -> None:
        """Put a use of data in."""
        await self._register(call, partial(registering.put_data_use, use_id=call.path["use_id"], wish=wish))

    async def delete_data_use(self, call: Call) -> None:
        """Take a use of data out."""
        await self._register(call, partial(registering.delete_data_use, use_id=call.path["use_id"]))

    async def publish_terms(self, call: Call, wish: contract.PublishTerms) -> None:
        """Publish a version: it is given its place, then its texts are kept, and only then is it shown."""
        place = Place(_bound(call), call.path["terms_id"], call.path["version"])
        made = await self._texts.made(place, wish.texts)
        reserve = partial(registering.reserve, terms_id=place.terms_id, version=place.version, material=wish.material)
        reserving = partial(reserve, source=source_of(wish.texts))
        await self._registers.change(place.organization_id, reserving, command=_reserving(call.command))
        texts = await self._texts.put(place, made)
        titles = {language: text.title for language, text in texts.items()}
        digests = {language: text.digest for language, text in texts.items()}
        await self._register(call, partial(registering.publish, **place._asdict(), titles=titles, digests=digests))

    async def withdraw_terms(self, call: Call) -> None:
        """Ask nobody to accept these terms any more."""
        rule = partial(registering.withdraw, organization_id=_bound(call), terms_id=call.path["terms_id"])
        await self._register(call, rule)

    async def put_rules(self, call: Call, wish: contract.PutPrivacyRules) -> None:
        """Say for how long histories are kept, and whether the language is locked."""
        await self._register(call, partial(registering.put_rules, wish=wish))
        _nudge(self._ruled)

    async def _register(self, call: Call, rule: Rule[Register]) -> None:
        await self._registers.change(_bound(call), rule, command=call.command)

    async def _account(self, call: Call, rule: Callable[..., Decision[Account]]) -> None:
        await self._accounts.change(call.account, partial(rule, organization_id=_bound(call)), command=call.command)


def _nudge(sweepers: Sequence[Sweeper]) -> None:
    for sweeper in sweepers:
        sweeper.nudge()


def _reserving(command: Command) -> Command:
    """Give the command of the first step; nobody can send one of this id."""
    return replace(command, id=f"{command.id}~reserve")


def _bound(call: Call) -> str:
    """Name the organization of the path, for a system that is bound to it."""
    organization_id = call.path["organization_id"]
    if not call.system.speaks_for(organization_id):
        raise OrganizationNotYours
    return organization_id
