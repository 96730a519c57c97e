"""Codes once more, for another number or address, or for a proof: what is read before the decision."""

from collections.abc import Callable
from functools import partial

from security_info import reaching, views
from security_info.adding import Change
from security_info.dispatching import Dispatch
from security_info.methods import Phone, Reachable
from security_info.methods.reachable import Target
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from shared.asking import Call
from shared.contracts import security_info as contract
from shared.deciding import Decision
from shared.facts import now
from shared.storing import Outcome, Store


class Changing:
    """Send codes for methods that are there."""

    def __init__(self, store: Store[SecurityInfo], policies: PolicyBook, dispatch: Dispatch) -> None:
        self._store = store
        self._policies = policies
        self._dispatch = dispatch

    async def send_again(self, call: Call, wish: contract.SendCode, change: Change) -> contract.CodeSetup:
        """Send another code to what waits to be confirmed."""
        method_id = call.path["method_id"]
        waiting = (await self._store.read(call.account)).methods.get(method_id)
        asked: Target | None = None
        if isinstance(waiting, Reachable):
            asked = waiting.change.target if waiting.change else waiting.target
        sending = self._dispatch.sending(call.principal.language, expected=asked.digest if asked else None)
        rule = partial(
            reaching.send_again, method_id=method_id, way=wish.way, sending=sending, policies=self._policies.of
        )
        if asked is not None:
            way = (wish.way if isinstance(waiting, Phone) else None) or asked.way
            outcome = await self._dispatch.within_quotas(call, asked.digest, way, partial(change, rule))
        else:
            outcome = await change(rule)  # which refuses, or tells again what was sent once
        sent = _reachable(outcome.state, method_id)
        return views.code_setup(outcome.state, method_id, sent, now(), self._dispatch.allowance)

    async def retarget(self, call: Call, wish: contract.ChangeMethod, change: Change) -> Outcome[SecurityInfo]:
        """Ask for another number or address."""
        if wish.number is not None:
            type_, target = "phone", self._dispatch.number(wish.number, wish.way)
        elif wish.address is not None:
            type_, target = "email", self._dispatch.address(wish.address, call.principal)
        else:
            raise TypeError("the contract sees to one of them")
        rule = partial(
            reaching.start_change,
            method_id=call.path["method_id"],
            type_=type_,
            target=target,
            sending=self._dispatch.sending(call.principal.language),
            policies=self._policies.of,
        )
        return await self._dispatch.within_quotas(call, target.digest, target.way, partial(change, rule))

    async def asked(
        self, call: Call, wish: contract.StartProof, rule: Callable[..., Decision[SecurityInfo]], change: Change
    ) -> Outcome[SecurityInfo]:
        """Ask for a proof by *rule*; where a code is sent for it, within what may be sent."""
        info = await self._store.read(call.account) if wish.method_id else SecurityInfo()
        method = info.reachable().get(wish.method_id or "")
        language = call.principal.language
        if method is None:
            return await change(partial(rule, sending=self._dispatch.sending(language)))
        reaching.refuse_unavailable(self._policies.of(info.organizations()), method.type)
        way = method.target.way if method.managed else wish.way or method.target.way
        sending = self._dispatch.sending(language, expected=method.target.digest)
        ask = partial(change, partial(rule, sending=sending))
        return await self._dispatch.within_quotas(call, method.target.digest, way, ask, own=True)


def _reachable(info: SecurityInfo, method_id: str) -> Reachable:
    method = info.method(method_id)
    if not isinstance(method, Reachable):
        raise contract.NothingToSend
    return method
