"""Accounts with methods, and organizations with policies, for the rules of security info."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pyotp

from security_info import enrolling
from security_info.methods import (
    AppPassword,
    AuthenticatorApp,
    Reachable,
    RecoveryCodes,
    SecurityQuestions,
    codes,
    recovery_codes,
)
from security_info.methods.reachable import Target
from security_info.model import Membership, SecurityInfo
from security_info.policy import DEFAULT, NOBODY, Policies, Policy, Told
from security_info.quotas import Allowance
from security_info.reaching import Sending
from shared.contracts import security_info as contract
from shared.contracts.security_policy import SecurityPolicy
from shared.facts import Facts
from shared.letters import Channel
from shared.sealing import Secret
from shared.testing import facts_at
from tests.unit.registering import PARTY, key

NOW = facts_at()
CODES = tuple(f"{number:012}" for number in range(recovery_codes.HOW_MANY))


def policies(*, nobody: SecurityPolicy = DEFAULT, **told: SecurityPolicy) -> Policies:
    """Give the policies of organizations by their ids."""

    def of(organizations: Iterable[str]) -> Policy:
        heard = tuple(Told(id_, id_.title(), told.get(id_, nobody)) for id_ in organizations)
        return Policy(heard or (Told(NOBODY, "", nobody),), nobody)

    return of


def policy(**parts: Any) -> SecurityPolicy:
    return SecurityPolicy.model_validate(parts)


USUAL = policies()
ALL_TYPES = ("authenticator-app", "security-key", "phone", "email", "security-questions", "recovery-codes")
REACHABLE = {"phone", "email"}
UNHURRIED = Sending("en", Allowance(sends=1000, pause=timedelta()))
"""As many codes as one likes."""
EVERYTHING = policy(two_step={"methods": ALL_TYPES}, password_reset={"methods": ALL_TYPES}, app_passwords=True)
ANYTHING = policies(nobody=EVERYTHING)


def member_of(*organizations: str, info: SecurityInfo | None = None) -> SecurityInfo:
    """Let an account belong to organizations, the first of which is its home."""
    memberships = {id_: Membership(sequence="1", member=True, home=id_ == organizations[0]) for id_ in organizations}
    return (info or SecurityInfo()).changed(memberships=memberships)


def right_code(info: SecurityInfo, method_id: str, facts: Facts = NOW) -> str:
    method = info.methods[method_id]
    if isinstance(method, Reachable):
        assert method.sent
        return method.sent.code.value
    assert isinstance(method, AuthenticatorApp)
    return pyotp.TOTP(method.key.value).at(facts.now)


def wrong_code(info: SecurityInfo, method_id: str, facts: Facts = NOW) -> str:
    """Give a code that is right neither now nor a step off."""
    method = info.methods[method_id]
    assert isinstance(method, AuthenticatorApp)
    totp = pyotp.TOTP(method.key.value)
    right = {totp.generate_otp(totp.timecode(facts.now) + drift) for drift in (-1, 0, 1)}
    return next(code for code in ("000000", "000001", "000002", "000003") if code not in right)


def wish(type_: str, **more: Any) -> contract.AddMethod:
    needed: dict[str, Any] = {}
    match type_:
        case "security-questions":
            needed = {"answers": [{"question_id": "first-pet", "answer": "Fido"}]}
        case "phone":
            needed = {"number": {"country": "SE", "typed": "070-174 06 05"}}
        case "email":
            needed = {"address": "somebody@home.example"}
    return contract.AddMethod.model_validate({"type": type_, **needed, **more})


def target(value: str = "+46701740605", way: Channel = "text") -> Target:
    """Give where a code goes; the same value has the same digest."""
    return Target(value=Secret(value), digest=f"digest of {value}", hint="•••05", way=way)


def made(type_: str, tag: str = "x") -> Any:
    """Make a method that counts at once; *tag* tells app passwords apart."""
    common = {"name": "", "started_at": NOW.now}
    match type_:
        case "app-password":
            return AppPassword(**common, digest=codes.digest(tag))
        case "recovery-codes":
            return RecoveryCodes(**common, codes=recovery_codes.sealable([codes.digest(code) for code in CODES]))
        case _:
            return SecurityQuestions(**common, answers={"first-pet": Secret("a hash")})


def started(
    info: SecurityInfo, type_: str = "authenticator-app", *, chance: int = 1, allowed: Policies = ANYTHING, **more: Any
) -> tuple[SecurityInfo, str]:
    facts, wanted = facts_at(chance=chance), wish(type_, **more)
    if type_ in REACHABLE:
        goal = target(f"{type_} {chance}", "text" if type_ == "phone" else "mail")
        decision = enrolling.start_reaching(info, facts, wish=wanted, target=goal, sending=UNHURRIED, policies=allowed)
    else:
        decision = enrolling.start_setup(info, facts, wish=wanted, language="en", policies=allowed)
    return decision.state, decision.answer["method_id"]


def confirmed(info: SecurityInfo, method_id: str, allowed: Policies = ANYTHING, facts: Facts = NOW) -> Any:
    """Finish a setup with what is right."""
    method = info.methods[method_id]
    if isinstance(method, AuthenticatorApp | Reachable):
        code = right_code(info, method_id, facts)
        return enrolling.confirm_code(info, facts, method_id=method_id, code=code, policies=allowed)
    credential = key(credential_id=method_id.encode()).register(method.challenge)
    return enrolling.confirm_credential(
        info, facts, method_id=method_id, credential=credential, party=PARTY, policies=allowed
    )


def with_methods(*types: str, info: SecurityInfo | None = None, chance: int = 1) -> tuple[SecurityInfo, list[str]]:
    """Give an account methods of these types, named by their numbers, and tell their ids."""
    state, ids = info or SecurityInfo(), []
    for number, type_ in enumerate(types, chance):
        if type_ in {"authenticator-app", "security-key", *REACHABLE}:
            state, method_id = started(state, type_, chance=number, name=str(number))
            state = confirmed(state, method_id).state
        else:
            decision = enrolling.add(
                state,
                facts_at(chance=number),
                wish=wish(type_, name=str(number)),
                made=made(type_, str(number)),
                language="en",
                policies=ANYTHING,
            )
            state, method_id = decision.state, decision.answer["method_id"]
        ids.append(method_id)
    return state, ids


def added(info: SecurityInfo, type_: str, *, tag: str = "another", allowed: Any = ANYTHING, **more: Any) -> Any:
    """Add a method that counts at once."""
    return enrolling.add(
        info,
        facts_at(chance=90),
        wish=wish(type_, **more),
        made=made(type_, tag),
        language="en",
        policies=allowed,
    )
