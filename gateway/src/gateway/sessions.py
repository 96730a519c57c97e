"""Who is signed in, since when: one session is one document, and the browser holds only a key to it."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from gateway.preferences import Preferences
from shared.contracts import gateway as contract
from shared.contracts.envelope import Client
from shared.deciding import Decision
from shared.facts import Facts
from shared.identifying import Principal
from shared.sealing import Secret

SEEN_EVERY = timedelta(minutes=5)
"""How coarse `seen_at` is; writing it with every request would make each read a write."""


class KeptProof(BaseModel):
    """A recent proof of who is there; it is good for this session alone, so it lies here unsealed."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    token: str
    scopes: tuple[str, ...]
    expires_at: datetime


class Session(BaseModel):
    """A person's session: what the provider said of them, and until when it holds."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    account: str
    subject: str | None = None
    secret_digest: bytes
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    name: str | None = None
    email: str | None = None
    provider_session: str | None = None
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    client: Client = Client()
    id_token: Secret | None = None
    proof: KeptProof | None = None
    preferences: Preferences = Preferences()

    def proof_for(self, scope: str | None, until: datetime) -> str | None:
        """Give the proof, where it is good for *scope* and lives until then."""
        proof = self.proof
        return proof.token if proof and scope in proof.scopes and until < proof.expires_at else None

    def opens_with(self, secret: str) -> bool:
        """Tell whether *secret* is the one that this session's browser was given."""
        return hmac.compare_digest(self.secret_digest, digest_of(secret))

    def lives(self, now: datetime, *, idle: timedelta) -> bool:
        """Tell whether the session still holds."""
        return self.ended_at is None and now < self.expires_at and now < self.seen_at + idle

    def principal(self, session_id: str, language: str) -> Principal:
        """Give the principal that the services are told."""
        return Principal(
            account=self.account,
            session=session_id,
            name=self.name,
            email=self.email,
            amr=self.amr,
            auth_time=self.auth_time,
            language=language,
            client=self.client,
        )


def digest_of(secret: str) -> bytes:
    """Give what is kept of a session's secret; it has 256 random bits, so a plain hash does."""
    return hashlib.sha256(secret.encode()).digest()


def start(
    _none: Session | None,
    facts: Facts,
    *,
    session_id: str,
    account: str,
    profile: Mapping[str, Any],
    lifetime: timedelta,
) -> Decision[Session | None]:
    """Start a session for a person whom the provider has just identified."""
    session = Session(
        account=account, started_at=facts.now, seen_at=facts.now, expires_at=facts.now + lifetime, **profile
    )
    return Decision(session, news=(contract.SessionStarted(session_id=session_id),))


def see(session: Session | None, facts: Facts) -> Decision[Session | None]:
    """Note that the session was used."""
    if session is None or session.ended_at:
        return Decision(session)
    return Decision(session.model_copy(update={"seen_at": facts.now}))


def keep_proof(session: Session | None, _facts: Facts, *, proof: KeptProof | None) -> Decision[Session | None]:
    """Keep a proof for what the person does next, or with none forget the one that was kept."""
    if session is None or session.ended_at:
        return Decision(session)
    return Decision(session.model_copy(update={"proof": proof}))


def prefer(session: Session | None, _facts: Facts, *, preferences: Preferences) -> Decision[Session | None]:
    """Note how the person reads, as they chose in this session, unless something newer is known."""
    if session is None or session.ended_at:
        return Decision(session)
    newest = preferences.unless_older(session.preferences)
    return Decision(session.model_copy(update={"preferences": newest}))


def end(session: Session | None, facts: Facts, *, session_id: str, reason: str) -> Decision[Session | None]:
    """End a session; its ID token and its proof go with it. The second time there is nothing left to do."""
    if session is None or session.ended_at:
        return Decision(session)
    return Decision(
        session.model_copy(update={"ended_at": facts.now, "id_token": None, "proof": None}),
        news=(contract.SessionEnded(session_id=session_id, reason=reason),),
    )


def end_own(
    session: Session | None, facts: Facts, *, session_id: str, account: str, reason: str
) -> Decision[Session | None]:
    """End a session as the person whose it is; any other is not found, whosever it is."""
    if session is None or session.account != account or session.ended_at:
        raise contract.SessionNotFound
    return end(session, facts, session_id=session_id, reason=reason)
