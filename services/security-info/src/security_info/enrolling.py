"""The rules of adding methods: start a setup, confirm it, or count at once. Pure."""

from collections.abc import Mapping
from typing import Any

from security_info import reaching
from security_info.methods import (
    KINDS,
    AuthenticatorApp,
    Email,
    Method,
    Phone,
    Reachable,
    SecurityKey,
    authenticator_app,
    kind_of,
    security_key,
)
from security_info.methods.reachable import Target
from security_info.methods.security_key import RelyingParty
from security_info.model import SecurityInfo
from security_info.policy import Policies, Policy
from shared.contracts import security_info as contract
from shared.contracts.event import Event
from shared.contracts.problem import FieldProblem, Invalid
from shared.deciding import Decision
from shared.facts import Facts
from shared.sealing import Secret

MOST_SETUPS = 5
"""Setups under way at once; starting another gives the oldest up."""
_USER_HANDLE_BYTES = 32


def start_setup(
    info: SecurityInfo, facts: Facts, *, wish: contract.AddMethod, language: str, policies: Policies
) -> Decision[SecurityInfo]:
    """Start setting a method up; what was given up or has ended makes room."""
    room = _room_for(info, facts, wish, policies)
    common = _common(info, facts, wish, language)
    method: Method
    if wish.type == "security-key":
        challenge = facts.secret("challenge", security_key.CHALLENGE_BYTES)
        method = SecurityKey(challenge=challenge, wants_discoverable=wish.discoverable, **common)
    else:
        method = AuthenticatorApp(key=Secret(authenticator_app.new_key(facts)), **common)
    method_id = facts.id("method")
    handle = info.user_handle or facts.secret("user-handle", _USER_HANDLE_BYTES)
    return Decision(room.with_method(method_id, method, user_handle=handle), {"method_id": method_id})


def start_reaching(
    info: SecurityInfo,
    facts: Facts,
    *,
    wish: contract.AddMethod,
    target: Target,
    sending: reaching.Sending,
    policies: Policies,
) -> Decision[SecurityInfo]:
    """Start setting up a phone or an address: a code goes there, and it counts once that has come back."""
    room = _room_for(info, facts, wish, policies)
    reaching.refuse_known(info, wish.type, target, besides=wish.replaces)
    method_id = facts.id("method")
    alone = reaching.given_up(room, target)
    counted, code, letter = reaching.send(alone, facts, sending, method_id=method_id, target=target)
    kind = Phone if wish.type == "phone" else Email
    method = kind(target=target, sent=code, **_common(info, facts, wish, sending.language))
    answer = {"method_id": method_id, "sent_to": target.digest}
    return Decision(counted.with_method(method_id, method), answer, letters=(letter,))


def add(
    info: SecurityInfo, facts: Facts, *, wish: contract.AddMethod, made: Method, language: str, policies: Policies
) -> Decision[SecurityInfo]:
    """Add a method that needs no confirmation."""
    if wish.replaces:
        reaching.refuse_managed(info.confirmed_method(wish.replaces))
    name = wish.name if wish.name and kind_of(made).can_be_renamed else free_name(info, wish.type, language)
    done = made.with_changes(name=name, started_at=facts.now, replaces=wish.replaces)
    return _counting(info, facts, facts.id("method"), done, policies(info.organizations()))


def confirm_code(
    info: SecurityInfo, facts: Facts, *, method_id: str, code: str | None, policies: Policies
) -> Decision[SecurityInfo]:
    """Finish a setup with a code; a wrong one costs an attempt, which is saved before it is refused."""
    if code is not None and isinstance(waiting := info.method(method_id), Reachable):
        return _confirm_sent(info, facts, method_id, waiting, code=code, policies=policies)
    method = info.setup(method_id, facts.now)
    if not isinstance(method, AuthenticatorApp) or code is None:
        raise Invalid(errors=[FieldProblem(pointer="/code" if code else "/credential", key="out_of_place")])
    policy = policies(info.organizations())
    _admit(info, policy, method.type, info.confirmed().get(method.replaces or ""))
    step = method.step_of(code, facts.now)
    if step is None:
        return _failed(info, method_id, method, contract.CodeIncorrect(attempts_left=method.attempts_left - 1))
    return _counting(info, facts, method_id, method.with_changes(used_step=step), policy)


def confirm_credential(
    info: SecurityInfo,
    facts: Facts,
    *,
    method_id: str,
    credential: Mapping[str, Any],
    party: RelyingParty,
    policies: Policies,
) -> Decision[SecurityInfo]:
    """Finish a setup with the credential that a security key made; one that does not hold costs an attempt."""
    method = info.setup(method_id, facts.now)
    if not isinstance(method, SecurityKey):
        raise Invalid(errors=[FieldProblem(pointer="/credential", key="out_of_place")])
    policy = policies(info.organizations())
    _admit(info, policy, method.type, info.confirmed().get(method.replaces or ""))
    try:
        done = method.registered(credential, party, policy.key_rules, info.keys().values())
    except contract.CredentialRefused as refused:
        return _failed(info, method_id, method, refused)
    return _counting(info, facts, method_id, done, policy)


def free_name(info: SecurityInfo, type_: str, language: str) -> str:
    """Name a method that the person did not name, apart from the others."""
    taken = {method.name for method in info.confirmed().values()}
    kind = KINDS[type_]
    word = kind.named(language)
    further = kind.further.get(language, kind.further.get("en", word))
    name, number = word if word not in taken else further, 2
    while name in taken:
        name, number = f"{word} {number}", number + 1
    return name


def _room_for(info: SecurityInfo, facts: Facts, wish: contract.AddMethod, policies: Policies) -> SecurityInfo:
    """Give the state with room for one more setup, or raise what keeps the type from being added."""
    replaced = info.confirmed_method(wish.replaces) if wish.replaces else None
    if replaced:
        reaching.refuse_managed(replaced)
    _admit(info, policies(info.organizations()), wish.type, replaced)
    setups = [id_ for id_, method in info.known().items() if not method.confirmed_at]
    under_way = [id_ for id_ in setups if not info.methods[id_].setup_ended(facts.now)]
    return info.without(id_ for id_ in setups if id_ not in under_way[-(MOST_SETUPS - 1) :])


def _common(info: SecurityInfo, facts: Facts, wish: contract.AddMethod, language: str) -> dict[str, Any]:
    name = wish.name or free_name(info, wish.type, language)
    return {"name": name, "started_at": facts.now, "replaces": wish.replaces}


def _confirm_sent(
    info: SecurityInfo, facts: Facts, method_id: str, method: Reachable, *, code: str, policies: Policies
) -> Decision[SecurityInfo]:
    """Finish a setup or a change with a code that was sent."""
    policy = policies(info.organizations())
    if method.change is None:
        info.setup(method_id, facts.now)
        _admit(info, policy, method.type, info.confirmed().get(method.replaces or ""))
    if refused := reaching.refuse_wrong(info, facts, method_id, code):
        return refused
    if method.change:
        return reaching.confirm_change(info, method_id, method)
    return _counting(info, facts, method_id, method.with_changes(sent=None), policy)


def _admit(info: SecurityInfo, policy: Policy, type_: str, replaced: Method | None) -> None:
    """Raise what keeps a method of this type from being added now, in the place of another where there is one."""
    reaching.refuse_barred(policy, type_)
    there = sum(method.type == type_ and not method.managed for method in info.confirmed().values())
    limit = KINDS[type_].limit
    if there - (replaced is not None and replaced.type == type_) >= limit:
        raise contract.MethodLimitReached(limit=limit)


def _counting(
    info: SecurityInfo, facts: Facts, method_id: str, method: Method, policy: Policy
) -> Decision[SecurityInfo]:
    """Let a method count from now on, in the place of the one that it replaces.

    One that is gone meanwhile needs no replacing: whoever has paired an app is not sent away for that.
    """
    replaced = info.confirmed().get(method.replaces or "")
    _admit(info, policy, method.type, replaced)
    done = method.with_changes(confirmed_at=facts.now, replaces=None)
    after = info.with_method(method_id, done)
    news: list[Event] = [contract.MethodAdded(method_id=method_id, method_type=done.type, name=done.name)]
    if replaced and method.replaces:
        if info.default_method == method.replaces and kind_of(done).can_be_default:
            after, told = after.with_default(method_id)
            news += told
        after = after.without([method.replaces])
        news.append(contract.MethodRemoved(method_id=method.replaces, method_type=replaced.type, name=replaced.name))
        policy.refuse_lessening(list(info.confirmed().values()), list(after.confirmed().values()))
    after, told = after.with_default_settled()
    return Decision(after, {"method_id": method_id}, (*news, *told))


def _failed(
    info: SecurityInfo, method_id: str, method: Method, refusal: contract.CodeIncorrect | contract.CredentialRefused
) -> Decision[SecurityInfo]:
    left = method.attempts_left - 1
    state = info.with_method(method_id, method.with_changes(attempts_left=left))
    if left:
        return Decision(state, refusal=refusal)
    return Decision(
        state,
        news=(contract.MethodSetupFailed(method_type=method.type),),
        refusal=contract.SetupEnded(reason="too_many_attempts"),
    )
