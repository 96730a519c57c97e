"""The door for systems: what helps people in and out of trouble."""

from datetime import timedelta
from functools import partial

from security_info import managing, proving, reaching, views
from security_info.dispatching import Dispatch
from security_info.methods import codes
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from security_info.telling import with_notices
from shared.asking import Call
from shared.contracts import security_info as contract
from shared.contracts.problem import CommandReused, OrganizationNotYours
from shared.deciding import Decision, Rule
from shared.facts import Facts, now
from shared.noticing import Manner
from shared.storing import Opens, Outcome, Store

_ACCESS_CODE_LENGTH = 12


class SystemHandlers:
    """Answer to systems that speak for an account's home organization."""

    def __init__(self, store: Store[SecurityInfo], policies: PolicyBook, *, dispatch: Dispatch, manner: Manner) -> None:
        self._store = store
        self._policies = policies
        self._dispatch = dispatch
        self._manner = manner

    async def get_locks(self, call: Call) -> contract.AccountLocks:
        """List the locks."""
        info = await self._store.read(call.account)
        _refuse_stranger(call, info)
        return views.locks(info, now())

    async def lift_locks(self, call: Call) -> None:
        """Lift the locks."""
        await self._change_as_system(call, managing.lift_locks)

    async def issue_access_code(self, call: Call, wish: contract.IssueAccessCode) -> contract.AccessCode:
        """Issue a temporary access code; told again, it cannot be shown a second time."""
        code = codes.drawn(Facts().secret("access-code", _ACCESS_CODE_LENGTH), _ACCESS_CODE_LENGTH)
        lifetime = timedelta(minutes=wish.lifetime_minutes)
        rule = partial(proving.issue_access_code, digest=codes.digest(code), lifetime=lifetime)
        kept = (await self._change_as_system(call, rule)).state.access_code
        if kept is None or not codes.same(code, kept.digest):
            raise contract.ShownOnce(method_id="")
        return contract.AccessCode(code=codes.grouped(code), expires_at=kept.expires_at)

    async def check_app_password(self, call: Call, wish: contract.CheckAppPassword) -> contract.AppPasswordChecked:
        """Tell whether an app may come in, by what there is now: an echo is let in by no earlier answer."""
        password = wish.password.get_secret_value()
        await self._policies.refresh()
        rule = partial(managing.check_app_password, password=password, policies=self._policies.of)
        outcome = await self._change_as_system(call, rule, opens=())
        method_id = managing.app_password_of(outcome.state, password, self._policies.of)
        return contract.AppPasswordChecked(accepted=method_id is not None, method_id=method_id)

    async def put_method(self, call: Call, wish: contract.PutMethod) -> contract.MethodRecord:
        """Put a phone of the organization's in."""
        await self._policies.refresh()
        method_id, target = call.path["method_id"], self._dispatch.office_number(wish)
        rule = partial(reaching.put, method_id=method_id, name=wish.name, target=target, policies=self._policies.of)
        outcome = await self._change_as_system(call, partial(rule, language=self._manner.language))
        if outcome.answer.get("put") != target.digest:  # the digest of a command does not tell numbers apart
            raise CommandReused
        return views.record(method_id, outcome.state)

    async def withdraw_method(self, call: Call) -> None:
        """Take a phone of the organization's out."""
        await self._change_as_system(call, partial(reaching.withdraw, method_id=call.path["method_id"]))

    async def _change_as_system(
        self, call: Call, rule: Rule[SecurityInfo], opens: Opens[SecurityInfo] = reaching.places_of
    ) -> Outcome[SecurityInfo]:
        """Change an account for a system that speaks for its home organization; whom it tells is opened."""
        told = with_notices(_bound(call, rule), call.command.actor, self._manner)
        outcome = await self._store.change(call.account, told, command=call.command, opens=opens)
        _refuse_stranger(call, outcome.state)  # told again, it may have moved on meanwhile
        return outcome


def _bound(call: Call, rule: Rule[SecurityInfo]) -> Rule[SecurityInfo]:
    """Give *rule*, for the home organization's systems alone."""

    def bound(info: SecurityInfo, facts: Facts) -> Decision[SecurityInfo]:
        _refuse_stranger(call, info)
        return rule(info, facts)

    return bound


def _refuse_stranger(call: Call, info: SecurityInfo) -> None:
    """Raise `OrganizationNotYours` unless the system speaks for the account's home organization."""
    if not call.system.speaks_for(info.home()):
        raise OrganizationNotYours
