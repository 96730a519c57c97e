"""State → what is shown of it; only a setup shows a secret, and only while it lasts."""

import io
from collections.abc import Iterator
from datetime import datetime

import segno

from security_info.methods import (
    KINDS,
    AnyMethod,
    AuthenticatorApp,
    Email,
    Phone,
    Reachable,
    RecoveryCodes,
    SecurityKey,
    SecurityQuestions,
    authenticator_app,
    kind_of,
    security_key,
)
from security_info.methods.kind import SETUP_LIFETIME
from security_info.methods.models_of_keys import MODELS
from security_info.methods.security_key import RelyingParty
from security_info.model import SecurityInfo
from security_info.policy import NOBODY, PURPOSES, Policy, named
from security_info.quotas import Allowance
from security_info.reaching import again_at
from shared.contracts import security_info as contract


def security_info(
    info: SecurityInfo, policy: Policy, now: datetime, *, countries: frozenset[str] = frozenset()
) -> contract.SecurityInfo:
    """Show the methods that count and what policy makes of them; nothing sealed is opened for it.

    *countries* are those whose telephone numbers can be used.
    """
    confirmed = info.confirmed()
    there = list(confirmed.values())
    offers = [
        contract.Offer(
            type=kind.type,
            limit=kind.limit,
            registered=sum(method.type == kind.type and not method.managed for method in there),
            purposes=tuple(purpose for purpose in kind.purposes if not policy.barring(kind.type, purpose)),
            countries=tuple(sorted(countries)) if kind.type == "phone" else None,
        )
        for kind in KINDS.values()
    ]
    refusing: dict[str, tuple[str, ...]] = {kind.type: policy.refusing(kind.type) for kind in KINDS.values()}
    return contract.SecurityInfo(
        methods=tuple(_method(info, id_, policy, now) for id_ in confirmed),
        default_method=info.default_method,
        can_add=tuple(offer for offer in offers if not refusing[offer.type]),
        not_offered=tuple(
            contract.NotOffered(type=type_, organizations=named(organizations))
            for type_, organizations in refusing.items()
            if organizations
        ),
        requirements=tuple(_requirements(policy)),
        needs=tuple(policy.need(purpose, there) for purpose in PURPOSES),
        proof=_proof(info, policy, now),
    )


def method(info: SecurityInfo, method_id: str, policy: Policy, now: datetime) -> contract.Method:
    """Show one method."""
    info.confirmed_method(method_id)
    return _method(info, method_id, policy, now)


def app_setup(
    method_id: str, method: AuthenticatorApp, *, issuer: str, account_name: str
) -> contract.AuthenticatorAppSetup:
    """Show what an authenticator app needs: the key to type, and the same as a QR code."""
    uri = authenticator_app.uri(method.key.value, issuer=issuer, account_name=account_name)
    return contract.AuthenticatorAppSetup(
        method_id=method_id,
        name=method.name,
        replaces=method.replaces,
        issuer=issuer,
        account_name=account_name,
        key=authenticator_app.grouped(method.key.value),
        uri=uri,
        qr_svg=_qr_code(uri),
        expires_at=method.started_at + SETUP_LIFETIME,
    )


def key_setup(
    info: SecurityInfo, method_id: str, key: SecurityKey, policy: Policy, *, party: RelyingParty, account_name: str
) -> contract.SecurityKeySetup:
    """Show what a browser needs to make a credential."""
    return contract.SecurityKeySetup(
        method_id=method_id,
        name=key.name,
        replaces=key.replaces,
        options=security_key.creation_options(
            key,
            party,
            policy.key_rules,
            user_handle=info.user_handle or b"",
            user_name=account_name,
            others=info.keys().values(),
        ),
        expires_at=key.started_at + SETUP_LIFETIME,
    )


def code_setup(
    info: SecurityInfo, method_id: str, method: Reachable, now: datetime, allowance: Allowance
) -> contract.CodeSetup:
    """Show where a code went, and from when on another may follow."""
    target = method.asked(now)
    if method.sent is None or not isinstance(method, Phone | Email):
        raise contract.NothingToSend
    return contract.CodeSetup(
        method_id=method_id,
        type=method.type,
        name=method.name,
        hint=target.hint,
        way=target.way,
        replaces=method.replaces,
        changes=method.change is not None,
        code_expires_at=method.sent.expires_at,
        send_again_at=again_at(info, now, target.digest, allowance),
        expires_at=method.began_at() + SETUP_LIFETIME,
    )


def record(method_id: str, info: SecurityInfo) -> contract.MethodRecord:
    """Show what the organization put in, to it."""
    method = info.methods.get(method_id)
    if not isinstance(method, Reachable):
        raise contract.MethodNotFound
    return contract.MethodRecord(id=method_id, type=method.type, name=method.name, hint=method.target.hint)


def locks(info: SecurityInfo, now: datetime) -> contract.AccountLocks:
    """Show the locks of an account's methods to those who may lift them."""
    return contract.AccountLocks(
        locks=tuple(
            contract.LockOfMethod(method_id=id_, type=method.type, purpose=lock.purpose, until=lock.until)
            for id_, method in info.methods.items()
            for lock in _locks(method, now)
        )
    )


def _method(info: SecurityInfo, method_id: str, policy: Policy, now: datetime) -> contract.Method:
    method = info.methods[method_id]
    kind = kind_of(method)
    barred = {purpose: policy.barring(method.type, purpose) for purpose in kind.purposes}
    return contract.Method(
        id=method_id,
        type=method.type,
        name=method.name,
        purposes=tuple(purpose for purpose, organizations in barred.items() if not organizations),
        barred_by={purpose: named(organizations) for purpose, organizations in barred.items() if organizations},
        added_at=method.confirmed_at or method.started_at,
        last_used_at=method.last_used_at,
        is_default=info.default_method == method_id,
        can_be_default=kind.can_be_default,
        can_be_renamed=kind.can_be_renamed and not method.managed,
        needed_for=_needed_for(info, method_id, policy),
        locks=tuple(_locks(method, now)),
        key=_key(method) if isinstance(method, SecurityKey) else None,
        remaining=method.remaining if isinstance(method, RecoveryCodes) else None,
        questions=len(method.answers) if isinstance(method, SecurityQuestions) else None,
        managed=method.managed,
        hint=method.target.hint if isinstance(method, Reachable) else None,
        way=method.target.way if isinstance(method, Reachable) else None,
        changing_to=_changing_to(method, now) if isinstance(method, Reachable) else None,
    )


def _changing_to(method: Reachable, now: datetime) -> str | None:
    return method.change.target.hint if method.change and not method.change.ended(now) else None


def _needed_for(info: SecurityInfo, method_id: str, policy: Policy) -> tuple[str, ...]:
    there, left = list(info.confirmed().values()), list(info.without([method_id]).confirmed().values())
    return tuple(need.purpose for need in policy.lessened(there, left))


def _key(key: SecurityKey) -> contract.KeyFacts:
    return contract.KeyFacts(
        aaguid=key.aaguid,
        provider=MODELS.get(key.aaguid),
        attachment=key.attachment,
        transports=key.transports,
        discoverable=key.discoverable,
        synced=key.synced,
        user_verified=key.user_verified,
        attestation=key.attestation,
    )


def _locks(method: AnyMethod, now: datetime) -> Iterator[contract.Lock]:
    for purpose, tries in method.tries.items():
        if until := tries.lock(now):
            yield contract.Lock(purpose=purpose, until=until)


def _requirements(policy: Policy) -> Iterator[contract.Requirement]:
    for told in policy.told:
        if told.organization_id == NOBODY:
            continue
        for purpose in PURPOSES:
            methods = policy.methods_for(told, purpose)
            asks = "security-questions" in methods and purpose == "password_reset"
            yield contract.Requirement(
                organization_id=told.organization_id,
                organization_name=told.name,
                purpose=purpose,
                methods=methods,
                required=getattr(told.policy, purpose).required,
                questions=told.policy.questions.to_register if asks else None,
            )


def _proof(info: SecurityInfo, policy: Policy, now: datetime) -> contract.ProofOptions:
    proving = info.proving()
    methods = tuple(id_ for id_, method in proving.items() if method.type not in policy.unavailable)
    otherwise = None if methods else "sign_in"
    # What nothing here can serve proves nothing, and still keeps a sign-in from being enough.
    kept_out = not methods and (bool(proving) or policy.asks_for_access_code(info.home()))
    if info.live_access_code(now) or kept_out:
        otherwise = "temporary_access_code"
    return contract.ProofOptions(methods=methods, otherwise=otherwise)


def _qr_code(content: str) -> str:
    # Dark on light in both themes, with the four modules of quiet zone that ISO/IEC 18004 asks for.
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, dark="#000", light="#fff", nl=False
    )
    return out.getvalue().decode()
