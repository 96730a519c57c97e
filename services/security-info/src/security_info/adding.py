"""Adding methods of each type: what is drawn and hashed before the decision, and what is shown after it."""

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import Protocol, TypeAlias

from security_info import enrolling, questions, views
from security_info.dispatching import Dispatch
from security_info.methods import (
    AppPassword,
    AuthenticatorApp,
    Method,
    Reachable,
    RecoveryCodes,
    SecurityKey,
    SecurityQuestions,
    app_password,
    codes,
    recovery_codes,
    security_questions,
)
from security_info.methods.security_key import RelyingParty
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from shared.asking import Call
from shared.contracts import security_info as contract
from shared.deciding import Rule
from shared.facts import Facts, now
from shared.identifying import Principal
from shared.sealing import Secret
from shared.storing import Outcome, Store

_HASHING_AT_ONCE = 2

Started: TypeAlias = (
    contract.AuthenticatorAppSetup
    | contract.SecurityKeySetup
    | contract.CodeSetup
    | contract.AppPasswordShown
    | contract.RecoveryCodesShown
    | contract.MethodDone
)


class Change(Protocol):
    """Carry out the command of the call by a rule."""

    def __call__(self, rule: Rule[SecurityInfo]) -> Awaitable[Outcome[SecurityInfo]]:
        """Carry it out."""


class Adding:
    """Add a method of any type."""

    def __init__(
        self,
        store: Store[SecurityInfo],
        policies: PolicyBook,
        *,
        issuer: str,
        party: RelyingParty,
        dispatch: Dispatch,
    ) -> None:
        self._store = store
        self._policies = policies
        self._issuer = issuer
        self._party = party
        self._dispatch = dispatch
        self._hashing = asyncio.Semaphore(_HASHING_AT_ONCE)

    async def add(self, call: Call, wish: contract.AddMethod, change: Change) -> Started:
        """Add a method, or start its setup."""
        match wish.type:
            case "app-password":
                return await self._app_password(wish, call.principal.language, change)
            case "recovery-codes":
                return await self._recovery_codes(wish, call.principal.language, change)
            case "security-questions":
                return await self._security_questions(call, wish, change)
            case "phone" | "email":
                return await self._reachable(call, wish, change)
            case _:
                language = call.principal.language
                rule = partial(enrolling.start_setup, wish=wish, language=language, policies=self._policies.of)
                outcome = await change(rule)
                return await self.setup(call, outcome.answer["method_id"])

    async def setup(self, call: Call, method_id: str) -> Started:
        """Show what the setup of a method needs."""
        info = await self._store.read(call.account, opens=(f"methods.{method_id}.key",))
        if isinstance(waiting := info.method(method_id), Reachable):
            return views.code_setup(info, method_id, waiting, now(), self._dispatch.allowance)
        account_name = _name_of(call.principal)
        match info.setup(method_id, now()):
            case AuthenticatorApp() as app:
                return views.app_setup(method_id, app, issuer=self._issuer, account_name=account_name)
            case SecurityKey() as key:
                policy = self._policies.of(info.organizations())
                return views.key_setup(info, method_id, key, policy, party=self._party, account_name=account_name)
            case _:
                raise contract.MethodConfirmedAlready

    async def _app_password(self, wish: contract.AddMethod, language: str, change: Change) -> Started:
        password = app_password.new_password(Facts())
        made = AppPassword(name="", started_at=now(), digest=codes.digest(password))
        outcome = await change(self._adding(wish, made, language))
        method_id = outcome.answer["method_id"]
        there = outcome.state.methods.get(method_id)
        if not isinstance(there, AppPassword) or there.digest != made.digest:
            raise contract.ShownOnce(method_id=method_id)
        return contract.AppPasswordShown(method_id=method_id, name=there.name, password=password)

    async def _recovery_codes(self, wish: contract.AddMethod, language: str, change: Change) -> Started:
        drawn = recovery_codes.new_codes(Facts())
        kept = recovery_codes.sealable([codes.digest(code) for code in drawn])
        made = RecoveryCodes(name="", started_at=now(), codes=kept)
        outcome = await change(self._adding(wish, made, language))
        method_id = outcome.answer["method_id"]
        there = outcome.state.methods.get(method_id)
        # No two seals are alike, so what was just made is told from what an earlier command made by its seal.
        if not isinstance(there, RecoveryCodes) or there.codes.sealed != kept.sealed:
            raise contract.ShownOnce(method_id=method_id)
        return contract.RecoveryCodesShown(method_id=method_id, codes=drawn)

    async def _security_questions(self, call: Call, wish: contract.AddMethod, change: Change) -> Started:
        info = await self._store.read(call.account)
        answers = questions.checked(self._policies.of(info.organizations()), wish.answers or ())
        async with self._hashing:
            hashes = await asyncio.to_thread(security_questions.hashed, answers)
        sealable = {question: Secret(kept) for question, kept in hashes.items()}
        made = SecurityQuestions(name="", started_at=now(), answers=sealable)
        outcome = await change(self._adding(wish, made, call.principal.language))
        return contract.MethodDone(method_id=outcome.answer["method_id"])

    async def _reachable(self, call: Call, wish: contract.AddMethod, change: Change) -> Started:
        person = call.principal
        if wish.number is not None:
            target = self._dispatch.number(wish.number, wish.way)
        elif wish.address is not None:
            target = self._dispatch.address(wish.address, person)
        else:
            raise TypeError("the contract sees to a target")
        sending = self._dispatch.sending(person.language)
        rule = partial(enrolling.start_reaching, wish=wish, target=target, sending=sending, policies=self._policies.of)
        outcome = await self._dispatch.within_quotas(call, target.digest, target.way, lambda: change(rule))
        return await self.setup(call, outcome.answer["method_id"])

    def _adding(self, wish: contract.AddMethod, made: Method, language: str) -> Rule[SecurityInfo]:
        return partial(enrolling.add, wish=wish, made=made, language=language, policies=self._policies.of)


def _name_of(person: Principal) -> str:
    """Tell what the account is called in an authenticator app or by a key."""
    return person.email or person.name or person.account
