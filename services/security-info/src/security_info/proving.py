"""The rules of recent proof: what a person is asked, and whether the answer holds. Pure."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from security_info.methods import (
    AuthenticatorApp,
    Method,
    Phone,
    Reachable,
    RecoveryCodes,
    SecurityKey,
    codes,
    security_key,
)
from security_info.methods.kind import PROOF
from security_info.methods.reachable import SentCode
from security_info.methods.security_key import RelyingParty
from security_info.model import (
    CHALLENGE_LIFETIME,
    MOST_CHALLENGES,
    MOST_CHALLENGES_AT_ALL,
    AccessCode,
    Challenge,
    SecurityInfo,
)
from security_info.policy import NOBODY, Policies, named
from security_info.reaching import Sending, refuse_texts_to, send
from shared.contracts import security_info as contract
from shared.contracts.event import Event
from shared.contracts.organizations import AccountNotFound
from shared.contracts.problem import PROOF_SECONDS, FieldProblem, Invalid
from shared.deciding import Decision
from shared.facts import Facts
from shared.letters import Channel

_CLOCKS_APART = 30
"""Seconds that a provider's clock may be ahead."""
_SIX_DIGITS = re.compile(r"[0-9]{6}")
_BETWEEN_DIGITS = str.maketrans("", "", " -")
_KINDS = {
    "authenticator-app": "code",
    "phone": "sent_code",
    "recovery-codes": "recovery_code",
    "security-key": "credential",
}
_MEANS: Mapping[Channel, str] = {"text": "sms", "call": "tel", "mail": "email"}
"""What a code came by (RFC 8176)."""


def start(
    info: SecurityInfo,
    facts: Facts,
    *,
    wish: contract.StartProof,
    session: str,
    auth_time: int | None,
    sending: Sending,
    policies: Policies,
) -> Decision[SecurityInfo]:
    """Ask for a proof: with a method, else with the organization's code or by a recent sign-in."""
    if wish.method_id is not None:
        return _ask(info, facts, wish, session, sending)
    if info.live_access_code(facts.now):
        return _asked(info, facts, wish, session, kind="access_code")
    if info.proving():
        raise contract.MethodCannotProve
    home = info.home()
    if policies(info.organizations()).asks_for_access_code(home):
        raise contract.AccessCodeNeeded(organizations=list(named([home or NOBODY])))
    age = facts.now.timestamp() - auth_time if auth_time is not None else None
    if age is None or not -_CLOCKS_APART <= age <= PROOF_SECONDS:
        raise contract.SignInTooOld(max_age=PROOF_SECONDS)
    return _given(info, facts, session, wish.scopes, means="sign-in", amr=("pwd",))


def answer(
    info: SecurityInfo,
    facts: Facts,
    *,
    challenge_id: str,
    session: str,
    code: str | None,
    credential: Mapping[str, Any] | None,
    party: RelyingParty,
    policies: Policies,
) -> Decision[SecurityInfo]:
    """Take the answer to a challenge; a wrong one is counted before it is refused."""
    challenge = _live_challenge(info, challenge_id, session, facts.now)
    if (challenge.kind == "credential") != (credential is not None):
        pointer = "/code" if credential is None else "/credential"
        raise Invalid(errors=[FieldProblem(pointer=pointer, key="out_of_place")])
    after = _without_challenge(info, challenge_id)
    if challenge.kind == "access_code":
        return _take_access_code(info, after, facts, challenge, code or "")
    method = info.confirmed().get(challenge.method_id or "")
    if method is None or challenge.kind != _KINDS.get(method.type):
        raise contract.ChallengeEnded
    _refuse_locked(method.tries_for(PROOF).lock(facts.now), facts.now)
    given = partial(_given_with, after, facts, challenge)
    match method:
        case SecurityKey():
            answered = partial(method.answered, credential or {}, challenge.nonce, party)
            return _given_with_key(after, facts, challenge, partial(answered, policies(info.organizations()).key_rules))
        case AuthenticatorApp() if (step := method.step_of(_six_digits(code), facts.now)) is not None:
            return given(method.used(facts.now, PROOF, used_step=step), amr=("otp",))
        case Phone() if challenge.sent and challenge.sent.is_right(_six_digits(code), facts.now):
            return given(method.used(facts.now, PROOF), amr=(_MEANS[challenge.sent.way],))
        case RecoveryCodes() if left := method.without(code or ""):
            used = contract.RecoveryCodeUsed(method_id=challenge.method_id or "", remaining=left.remaining)
            return given(left.used(facts.now, PROOF), amr=("otp",), also=(used,))
    return _wrong(info, facts, challenge, method)


def _six_digits(code: str | None) -> str:
    """Give the digits of a code; one that has not six is a slip, not a guess."""
    digits = (code or "").translate(_BETWEEN_DIGITS)
    if not _SIX_DIGITS.fullmatch(digits):
        raise Invalid(errors=[FieldProblem(pointer="/code", key="six_digits")])
    return digits


def secrets_for(challenge_id: str, info: SecurityInfo) -> tuple[str, ...]:
    """Name the places of the secrets that the answer to a challenge is compared with."""
    challenge = info.challenges.get(challenge_id)
    if challenge is None:
        return ()
    place = f"methods.{challenge.method_id}"
    by_kind = {"code": f"{place}.key", "sent_code": f"challenges.{challenge_id}.sent.code"}
    return (by_kind.get(challenge.kind, f"{place}.codes"),)


def issue_access_code(
    info: SecurityInfo, facts: Facts, *, digest: bytes, lifetime: timedelta
) -> Decision[SecurityInfo]:
    """Let a temporary access code prove who the person is, once; nobody is let in whom no organization knows."""
    if info.home() is None:
        raise AccountNotFound
    ends = facts.now + lifetime
    after = info.changed(access_code=AccessCode(digest=digest, expires_at=ends))
    return Decision(after, news=(contract.AccessCodeIssued(expires_at=ends),))


def _ask(
    info: SecurityInfo, facts: Facts, wish: contract.StartProof, session: str, sending: Sending
) -> Decision[SecurityInfo]:
    method_id = wish.method_id or ""
    method = info.confirmed_method(method_id)
    if method_id not in info.proving():
        raise contract.MethodCannotProve
    _refuse_locked(method.tries_for(PROOF).lock(facts.now), facts.now)
    if not isinstance(method, Reachable):
        return _asked(info, facts, wish, session, kind=_KINDS[method.type])
    way = method.target.way if method.managed else wish.way or method.target.way
    if way == "text":
        refuse_texts_to(method.target.value.value)
    target = method.target.model_copy(update={"way": way})
    counted, code, letter = send(info, facts, sending, method_id=method_id, target=target)
    asked = _asked(counted, facts, wish, session, kind=_KINDS[method.type], sent=code)
    return dataclasses.replace(asked, answer={**asked.answer, "sent_to": target.digest}, letters=(letter,))


def _asked(
    info: SecurityInfo,
    facts: Facts,
    wish: contract.StartProof,
    session: str,
    *,
    kind: str,
    sent: SentCode | None = None,
) -> Decision[SecurityInfo]:
    waiting = {id_: one for id_, one in info.challenges.items() if facts.now < one.expires_at}
    own = [id_ for id_, one in waiting.items() if one.session == session]
    surplus = {*own[: -(MOST_CHALLENGES - 1)], *list(waiting)[: -(MOST_CHALLENGES_AT_ALL - 1)]}
    kept = {id_: one for id_, one in waiting.items() if id_ not in surplus}
    challenge_id = facts.id("challenge")
    challenge = Challenge.model_validate(
        {
            "kind": kind,
            "method_id": wish.method_id,
            "session": session,
            "scopes": wish.scopes,
            "expires_at": sent.expires_at if sent else facts.now + CHALLENGE_LIFETIME,
            "nonce": facts.secret("nonce", security_key.CHALLENGE_BYTES) if kind == "credential" else b"",
            "sent": sent,
        }
    )
    after = info.changed(challenges={**kept, challenge_id: challenge})
    return Decision(after, {"challenge_id": challenge_id})


def _take_access_code(
    info: SecurityInfo, after: SecurityInfo, facts: Facts, challenge: Challenge, code: str
) -> Decision[SecurityInfo]:
    """Take a temporary access code; after too many wrong ones it is void."""
    kept = info.live_access_code(facts.now)
    if kept is None:
        raise contract.ChallengeEnded
    if codes.same(code, kept.digest):
        used = after.changed(access_code=None)
        return _given(used, facts, challenge.session, challenge.scopes, means="access-code", amr=("otp",))
    tries = kept.tries.failed(facts.now)
    if tries.locked_until:
        voided = contract.AccessCodeVoided()
        return Decision(after.changed(access_code=None), news=(voided,), refusal=contract.AccessCodeVoid())
    missed = info.changed(access_code=kept.model_copy(update={"tries": tries}))
    return Decision(missed, refusal=contract.CodeIncorrect(attempts_left=tries.left))


def _wrong(info: SecurityInfo, facts: Facts, challenge: Challenge, method: Method) -> Decision[SecurityInfo]:
    method_id = challenge.method_id or ""
    tries = method.tries_for(PROOF).failed(facts.now)
    after = info.with_method(method_id, method.tried(PROOF, tries))
    until = tries.lock(facts.now)
    if until is None:
        return Decision(after, refusal=contract.CodeIncorrect(attempts_left=tries.left))
    locked = contract.MethodLocked(
        method_id=method_id, method_type=method.type, name=method.name, purpose=PROOF, until=until
    )
    return Decision(after, news=(locked,), refusal=_locked(until, facts.now))


def _given_with(
    after: SecurityInfo,
    facts: Facts,
    challenge: Challenge,
    method: Any,
    *,
    amr: tuple[str, ...],
    also: tuple[Event, ...] = (),
) -> Decision[SecurityInfo]:
    method_id = challenge.method_id or ""
    state = after.with_method(method_id, method)
    return _given(
        state, facts, challenge.session, challenge.scopes, means=method.type, amr=amr, method_id=method_id, also=also
    )


def _given_with_key(
    after: SecurityInfo, facts: Facts, challenge: Challenge, answered: Callable[[], SecurityKey]
) -> Decision[SecurityInfo]:
    try:
        key = answered()
    except contract.CredentialRefused as refused:
        return Decision(after, refusal=refused)  # the challenge was answered, and is not answered twice
    means = ("swk" if key.synced else "hwk", *(("user",) if key.user_verified else ()))
    return _given_with(after, facts, challenge, key.used(facts.now, PROOF), amr=means)


def _given(
    state: SecurityInfo,
    facts: Facts,
    session: str,
    scopes: tuple[str, ...],
    *,
    means: str,
    amr: tuple[str, ...],
    method_id: str | None = None,
    also: tuple[Event, ...] = (),
) -> Decision[SecurityInfo]:
    """Give the proof: what it says is kept with the command, so that a repeated one is given the same."""
    method = state.methods.get(method_id or "")
    proved = contract.IdentityProved(
        method_id=method_id,
        method_type=method.type if method else None,
        name=method.name if method else None,
        means=means,
        scopes=scopes,
    )
    proof = {"id": facts.id("proof"), "session": session, "scopes": list(scopes), "amr": list(amr), "at": facts.now}
    return Decision(state, {"proof": proof}, (*also, proved))


def _live_challenge(info: SecurityInfo, challenge_id: str, session: str, now: datetime) -> Challenge:
    challenge = info.challenges.get(challenge_id)
    if challenge is None or challenge.session != session or now >= challenge.expires_at:
        raise contract.ChallengeEnded
    return challenge


def _without_challenge(info: SecurityInfo, challenge_id: str) -> SecurityInfo:
    return info.changed(challenges={id_: one for id_, one in info.challenges.items() if id_ != challenge_id})


def _refuse_locked(until: datetime | None, now: datetime) -> None:
    if until:
        raise _locked(until, now)


def _locked(until: datetime, now: datetime) -> contract.MethodIsLocked:
    return contract.MethodIsLocked(until=until, retry_after=int((until - now).total_seconds()) + 1)
