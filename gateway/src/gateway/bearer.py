"""Bearer tokens for `/api`: a JWT access token by its signature, anything else by asking the provider."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from gateway.provider import Provider, TokenRefused
from shared.contracts.problem import NotSignedIn

KEPT_SECONDS = 60
_MOST_KEPT = 5_000


class BearerTokens:
    """Tell whose access token it is; each is asked about at most once in `KEPT_SECONDS`."""

    def __init__(self, provider: Provider, *, audiences: frozenset[str], account_claim: str) -> None:
        self._provider = provider
        self._audiences = audiences
        self._account_claim = account_claim
        self._jwt_claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": provider.issuer}, exp={"essential": True}, aud={"essential": True}
        )
        self._known: OrderedDict[bytes, tuple[float, Mapping[str, Any] | None]] = OrderedDict()

    async def claims(self, token: str) -> Mapping[str, Any]:
        """Give the claims of a live access token for us, or raise `NotSignedIn`."""
        if not token.isascii():
            raise NotSignedIn
        digest = hashlib.sha256(token.encode()).digest()
        moment = time.time()
        known = self._known.get(digest)
        if known is None or known[0] <= moment:
            try:
                claims: Mapping[str, Any] | None = await self._checked(token)
            except TokenRefused:
                claims = None
            until = min(moment + KEPT_SECONDS, claims["exp"] if claims and "exp" in claims else moment + KEPT_SECONDS)
            known = self._known[digest] = (until, claims)
            if len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        if known[1] is None:
            raise NotSignedIn
        return known[1]

    def account(self, claims: Mapping[str, Any]) -> str:
        """Give the account that the claims name."""
        account = claims.get(self._account_claim)
        if not isinstance(account, str) or not account:
            raise NotSignedIn
        return account

    async def _checked(self, token: str) -> Mapping[str, Any]:
        if _type_of(token) == "at+jwt":  # RFC 9068; an ID token has another type and goes the other way
            claims: Mapping[str, Any] = await self._provider.claims(token, self._jwt_claims, typ="at+jwt")
        else:
            claims = await self._provider.introspect(token)
            if claims.get("active") is not True:
                raise TokenRefused("inactive")
            if claims.get("iss", self._provider.issuer) != self._provider.issuer:
                raise TokenRefused("issuer")
            if str(claims.get("token_type", "bearer")).lower() not in {"bearer", "access_token"}:
                raise TokenRefused("not an access token")
        audience = claims.get("aud", ())
        if not self._audiences & set([audience] if isinstance(audience, str) else audience):
            raise TokenRefused("audience")
        if claims.get("exp", time.time() + 1) <= time.time():
            raise TokenRefused("expired")
        return claims


def _type_of(token: str) -> str | None:
    try:
        typ = extract_compact(token.encode()).headers().get("typ")
    except (JoseError, ValueError):
        return None
    return str(typ).lower().removeprefix("application/") if typ else None
