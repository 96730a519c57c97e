"""Proofs as security-info signs them, for tests that are about something else than how they are come by."""

import hashlib
import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from onebox.secrets import Secrets
from shared.contracts.problem import PROOF_SECONDS
from shared.contracts.security_info import SCOPES
from shared.identifying import ALGORITHM
from shared.proving import PROOF_AUDIENCE, PROOF_HEADER, PROOF_ISSUER

TYPE = "proof+jwt"


class Prover:
    """Sign proofs with the key of this run's security-info, as it would, or with something changed."""

    def __init__(self, secrets: Secrets) -> None:
        self.key = OKPKey.import_key(json.loads(secrets.proof_key))

    def token(
        self,
        account: str,
        session: str,
        *,
        key: OKPKey | None = None,
        kid: str | None = None,
        typ: str | None = TYPE,
        **changed: Any,
    ) -> str:
        """Give a proof of an account in a session; a claim that is changed to None is left out."""
        moment = int(time.time())
        told = {
            "iss": PROOF_ISSUER,
            "aud": PROOF_AUDIENCE,
            "jti": "made-by-a-test",
            "sub": account,
            "sid": session,
            "scope": " ".join(SCOPES),
            "amr": ["otp"],
            "iat": moment,
            "exp": moment + PROOF_SECONDS,
        } | changed
        header: dict[str, Any] = {"alg": ALGORITHM, "kid": kid or self.key.kid, **({"typ": typ} if typ else {})}
        claims = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(header, claims, key or self.key, algorithms=[ALGORITHM])

    def header(self, account: str, session: str) -> dict[str, str]:
        """Give the header that carries a good proof."""
        return {PROOF_HEADER: self.token(account, session)}


def session_of(bearer: str) -> str:
    """Name the session that an access token is."""
    return f"token.{hashlib.sha256(bearer.encode()).hexdigest()[:32]}"
