"""The door: one short method per endpoint."""

from functools import partial

from security_info import model, views
from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.deciding import Rule
from shared.facts import now
from shared.identifying import Principal
from shared.serving import Call
from shared.storing import Outcome, Store


class Handlers:
    """Answer for the account that calls."""

    def __init__(self, store: Store[SecurityInfo], *, issuer: str) -> None:
        self._store = store
        self._issuer = issuer

    async def get_security_info(self, call: Call) -> contract.SecurityInfo:
        """List the methods."""
        return views.security_info(await self._store.read(call.account))

    async def add_method(self, call: Call, wish: contract.AddMethod) -> contract.AuthenticatorAppSetup:
        """Start the setup of an authenticator app."""
        outcome = await self._change(call, partial(model.start_setup, name=wish.name, language=call.principal.language))
        return await self._setup(call, outcome.answer["method_id"])

    async def get_setup(self, call: Call) -> contract.AuthenticatorAppSetup:
        """Show a setup that is under way again."""
        return await self._setup(call, call.path["method_id"])

    async def confirm_method(self, call: Call, wish: contract.ConfirmMethod) -> contract.Method:
        """Finish a setup with a code."""
        method_id = call.path["method_id"]
        rule = partial(model.confirm, method_id=method_id, code=wish.code.get_secret_value())
        outcome = await self._change(call, rule, opens=(_key_of(method_id),))
        return views.method(outcome.state, method_id)

    async def change_method(self, call: Call, wish: contract.ChangeMethod) -> contract.Method:
        """Give a method another name."""
        method_id = call.path["method_id"]
        outcome = await self._change(call, partial(model.rename, method_id=method_id, name=wish.name))
        return views.method(outcome.state, method_id)

    async def remove_method(self, call: Call) -> None:
        """Remove a method."""
        await self._change(call, partial(model.remove, method_id=call.path["method_id"]))

    async def set_default_method(self, call: Call, wish: contract.SetDefaultMethod) -> contract.SecurityInfo:
        """Choose the method that is asked for first."""
        outcome = await self._change(call, partial(model.set_default, method_id=wish.method_id))
        return views.security_info(outcome.state)

    async def _setup(self, call: Call, method_id: str) -> contract.AuthenticatorAppSetup:
        info = await self._store.read(call.account, opens=(_key_of(method_id),))
        method = info.setup(method_id, now())
        return views.setup(method_id, method, issuer=self._issuer, account_name=_name_of(call.principal))

    async def _change(self, call: Call, rule: Rule[SecurityInfo], opens: tuple[str, ...] = ()) -> Outcome[SecurityInfo]:
        guarded = call.guarding(rule, views.security_info)
        return await self._store.change(call.account, guarded, command=call.command, opens=opens)


def _name_of(person: Principal) -> str:
    """Tell what the account is called in an authenticator app."""
    return person.email or person.name or person.account


def _key_of(method_id: str) -> str:
    return f"methods.{method_id}.key"
