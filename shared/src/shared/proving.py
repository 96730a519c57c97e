"""Recent proof: a token that security-info signs for one account, one session and what it is good for."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.contracts.problem import PROOF_SECONDS, ProofNeeded
from shared.identifying import ALGORITHM, Caller, SystemClient

PROOF_HEADER = "Proof"
PROOF_ISSUER = "security-info"
PROOF_AUDIENCE = "proof"
_TYPE = "proof+jwt"
_LEEWAY = 5
_LONGEST = 4096
_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved: by whom, in which session, by which means (RFC 8176), and what it is good for."""

    id: str
    account: str
    session: str
    scopes: tuple[str, ...]
    means: tuple[str, ...]
    given_at: datetime


class ProofSigner:
    """Sign proofs; only security-info has the key."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key

    def token(self, proof: Proof) -> str:
        """Give the token of a proof; it ends `PROOF_SECONDS` after the proof was given."""
        given_at = int(proof.given_at.timestamp())
        ends_at = int(self.ends(proof).timestamp())
        claims = {
            "iss": PROOF_ISSUER,
            "aud": PROOF_AUDIENCE,
            "jti": proof.id,
            "sub": proof.account,
            "sid": proof.session,
            "scope": " ".join(proof.scopes),
            "amr": list(proof.means),
            "iat": given_at,
            "exp": ends_at,
        }
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": _TYPE}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])

    @staticmethod
    def ends(proof: Proof) -> datetime:
        """Tell when a proof ends."""
        return proof.given_at.replace(microsecond=0) + timedelta(seconds=PROOF_SECONDS)


class ProofVerifier:
    """Check proofs in a service, each signature only once in its life."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": PROOF_ISSUER},
            aud={"essential": True, "value": PROOF_AUDIENCE},
            sub={"essential": True},
            sid={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        self._known: OrderedDict[str, tuple[float, str, str, frozenset[str]]] = OrderedDict()

    def check(self, token: str | None, caller: Caller, scope: str) -> None:
        """Raise `ProofNeeded` unless *token* is a live proof of this person in this session, good for *scope*."""
        if isinstance(caller, SystemClient) or not token or not caller.session:
            raise ProofNeeded(proof_scope=scope)
        expires_at, account, session, scopes = self._known.get(token) or self._heard(token, scope)
        if expires_at <= time.time() or (account, session) != (caller.account, caller.session) or scope not in scopes:
            raise ProofNeeded(proof_scope=scope)

    def _heard(self, token: str, scope: str) -> tuple[float, str, str, frozenset[str]]:
        if len(token) > _LONGEST:
            raise ProofNeeded(proof_scope=scope)
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
            claims = decoded.claims
            heard = (
                float(claims["exp"]),
                str(claims["sub"]),
                str(claims["sid"]),
                frozenset(str(claims.get("scope", "")).split()),
            )
        except (JoseError, ValueError, TypeError) as error:
            raise ProofNeeded(proof_scope=scope) from error
        if decoded.header.get("typ") != _TYPE:
            raise ProofNeeded(proof_scope=scope)
        self._known[token] = heard
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return heard
