"""The door: one short method per endpoint."""

import asyncio
from collections.abc import Callable
from functools import partial

from privacy import connections, views
from privacy.account import Account
from privacy.history.activity import Activity
from privacy.known import Knowledge
from privacy.register import ALL_BUT_SERVICES, ALL_BUT_TERMS, USES, Register
from privacy.terms import agreeing
from privacy.terms.texts import Place, Texts
from shared.asking import Call
from shared.contracts import privacy as contract
from shared.deciding import Rule
from shared.storing import Store

_NEWEST = 5
"""Entries of the history that a glance shows."""


class Handlers:
    """Answer for the account that calls."""

    def __init__(
        self,
        activity: Activity,
        accounts: Store[Account],
        registers: Store[Register],
        texts: Texts,
        knowledge: Knowledge,
    ) -> None:
        self._activity = activity
        self._accounts = accounts
        self._registers = registers
        self._texts = texts
        self._knowledge = knowledge

    async def get_activity(self, call: Call) -> contract.Activity:
        """Read a page of the history."""
        return views.activity(await self._activity.page(call.account, call.query))

    async def get_glance(self, call: Call) -> contract.Glance:
        """Read what the overview shows at once."""
        known, found, second_step_failed_at = await asyncio.gather(
            self._knowledge.of(call.account, without=USES),
            self._activity.page(call.account, contract.ActivityQuery(limit=_NEWEST)),
            self._activity.second_step_failed_at(call.account),
        )
        return views.glance(known, _reader(call), found, second_step_failed_at)

    async def get_parts(self, call: Call) -> contract.PrivacyParts:
        """Read services, terms, data uses and notices at once."""
        return views.parts(await self._knowledge.of(call.account), _reader(call))

    async def get_terms(self, call: Call) -> contract.TermsText:
        """Read a text of terms: the current version in the reader's own language, unless others are asked for."""
        organization_id, terms_id = views.parted(call.path["terms_id"])
        known = await self._knowledge.of(call.account, without=ALL_BUT_TERMS)
        query: contract.TermsQuery = call.query
        version = query.version or known.current(organization_id, terms_id) or ""
        texts = await self._texts.of(Place(organization_id, terms_id, version))
        return views.terms_text(
            known, (organization_id, terms_id), texts, version=version, shown=query.language, reader=_reader(call)
        )

    async def accept_terms(self, call: Call, wish: contract.AcceptTerms) -> contract.Acceptance:
        """Accept terms as they were shown."""
        organization_id, terms_id = place = views.parted(call.path["terms_id"])
        terms = (await self._registers.read(organization_id, without=ALL_BUT_TERMS)).published.get(terms_id)
        agree = partial(agreeing.accept, organization_id=organization_id, terms_id=terms_id, terms=terms)
        rule: Rule[Account] = partial(agree, wish=wish, session=call.principal.session)
        if call.conditional:
            rule = call.guarding(rule, await self._text_seen(call, place, wish))
        outcome = await self._accounts.change(call.account, rule, command=call.command)
        return contract.Acceptance.model_validate(outcome.answer)

    async def disconnect_service(self, call: Call) -> None:
        """Disconnect a service."""
        organization_id, service_id = views.parted(call.path["service_id"])
        known = await self._knowledge.of(call.account) if call.conditional else None
        told = known.register(organization_id) if known else await self._services_of(organization_id)
        rule: Rule[Account] = partial(
            connections.disconnect_oneself,
            organization_id=organization_id,
            service_id=service_id,
            service=told.services.get(service_id),
        )
        if known:
            rule = call.guarding(rule, lambda state: views.parts(known.now(state), _reader(call)))
        await self._accounts.change(call.account, rule, command=call.command)

    async def _services_of(self, organization_id: str) -> Register:
        return await self._registers.read(organization_id, without=ALL_BUT_SERVICES)

    async def _text_seen(
        self, call: Call, place: tuple[str, str], wish: contract.AcceptTerms
    ) -> Callable[[Account], contract.TermsText]:
        """Give the view of the text that is accepted, as `GET` shows it."""
        known = await self._knowledge.of(call.account, without=ALL_BUT_TERMS)
        texts = await self._texts.of(Place(*place, wish.version))
        seen = partial(views.terms_text, version=wish.version, shown=wish.language, reader=_reader(call))
        return lambda state: seen(known.now(state), place, texts)


def _reader(call: Call) -> str:
    return call.principal.language
