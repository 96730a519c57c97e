"""Bearer tokens for `/api`: a JWT access token by its signature, anything else by asking the provider."""

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact
from pydantic_core import from_json

from gateway.provider import Provider, TokenRefused
from gateway.settings import SystemBinding
from shared.contracts.problem import NotAllowed, NotSignedIn, Unavailable
from shared.identifying import SystemClient

KEPT_SECONDS = 60
_MOST_KEPT = 5_000
_MOST_REFUSED = 1_000
_ASKED_AT_ONCE = 16
_PATIENCE = 5.0
_LONGEST = 8192
_NAME_LENGTH = 32
_B64TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750, section 2.1
_OF_ID_TOKENS = frozenset({"nonce", "at_hash", "c_hash", "sid"})

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """The person whom an access token stands for; *session* names the token, to which proofs are bound."""

    account: str
    session: str
    issued_at: float | None
    auth_time: int | None
    amr: tuple[str, ...]


class BearerTokens:
    """Tell whose access token it is; each is asked about at most once in `KEPT_SECONDS`."""

    def __init__(
        self,
        provider: Provider,
        *,
        audiences: frozenset[str],
        account_claim: str,
        scope_claim: str = "scope",
        systems: Mapping[str, SystemBinding] = MappingProxyType({}),
        issue_time_as_auth_time: bool = False,
    ) -> None:
        self._provider = provider
        self._audiences = audiences
        self._account_claim = account_claim
        self._scope_claim = scope_claim
        self._systems = systems
        self._issue_time_as_auth_time = issue_time_as_auth_time
        self._jwt_claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": provider.issuer}, exp={"essential": True}, aud={"essential": True}
        )
        self._known: OrderedDict[bytes, tuple[float, Claims]] = OrderedDict()
        # Apart from the good ones, so that a flood of nonsense cannot push them out.
        self._refused: OrderedDict[bytes, float] = OrderedDict()
        self._checking: dict[bytes, asyncio.Task[Claims]] = {}
        self._asking = asyncio.Semaphore(_ASKED_AT_ONCE)

    async def person(self, token: str) -> TokenHolder:
        """Tell whose token it is, or raise `NotSignedIn`; a system's stands for no person."""
        claims = await self.claims(token)
        account = account_in(claims, self._account_claim)
        if account is None or self._own_client(claims) is not None:
            raise NotSignedIn
        issued_at = _moment(claims.get("iat"))
        auth_time = _moment(claims.get("auth_time"))
        if auth_time is None and self._issue_time_as_auth_time:
            auth_time = issued_at
        amr = claims.get("amr")
        return TokenHolder(
            account=account,
            session=f"token.{hashlib.sha256(token.encode()).hexdigest()[:_NAME_LENGTH]}",
            issued_at=issued_at,
            auth_time=None if auth_time is None else int(auth_time),
            amr=tuple(str(means) for means in amr) if isinstance(amr, list) else (),
        )

    async def system(self, token: str) -> SystemClient:
        """Tell which system's own token it is (RFC 6749, section 4.4); others are `NotAllowed`."""
        claims = await self.claims(token)
        client_id = self._own_client(claims)
        binding = self._systems.get(client_id) if client_id else None
        if client_id is None or binding is None:
            raise NotAllowed
        return SystemClient(
            client_id=client_id,
            scopes=_scopes(claims.get(self._scope_claim)),
            organizations=binding.organizations,
            acts_for=binding.acts_for,
        )

    def _own_client(self, claims: Claims) -> str | None:
        """Name the client whose own token it is: its subject is the client, nobody, or the one that is configured."""
        client_id = claims.get("client_id", claims.get("azp"))
        if not isinstance(client_id, str):
            return None
        binding = self._systems.get(client_id)
        subject = claims.get("sub", claims.get(self._account_claim, client_id))
        return client_id if subject in {client_id, binding.subject if binding else client_id} else None

    async def claims(self, token: str) -> Claims:
        """Give the claims of a live access token for us, or raise `NotSignedIn`."""
        if len(token) > _LONGEST or not _B64TOKEN.fullmatch(token):
            raise NotSignedIn
        digest = hashlib.sha256(token.encode()).digest()
        moment = time.time()
        if (known := self._known.get(digest)) and known[0] > moment:
            return known[1]
        if self._refused.get(digest, 0) > moment:
            raise NotSignedIn
        checking = self._checking.get(digest)
        if checking is None:
            checking = self._checking[digest] = asyncio.create_task(self._found_out(digest, token))
            checking.add_done_callback(lambda _task: self._checking.pop(digest, None))
        return await asyncio.shield(checking)

    async def _found_out(self, digest: bytes, token: str) -> Claims:
        until = time.time() + KEPT_SECONDS
        try:
            claims = await self._checked(token)
        except TokenRefused as error:
            _keep(self._refused, digest, until, _MOST_REFUSED)
            raise NotSignedIn from error
        _keep(self._known, digest, (min(until, _number(claims, "exp", until)), claims), _MOST_KEPT)
        return claims

    async def _checked(self, token: str) -> Claims:
        typ, unverified = _looked_at(token)
        if typ == "at+jwt":  # RFC 9068
            claims: Claims = await self._provider.claims(token, self._jwt_claims, typ="at+jwt")
        elif unverified.get("typ") != "Bearer" and (
            unverified.keys() & _OF_ID_TOKENS or unverified.get("typ") in {"ID", "Refresh", "Logout"}
        ):
            raise TokenRefused("another kind of token")
        else:
            claims = await self._asked(token)
        audience = claims.get("aud") or ()
        if not self._audiences & {str(one) for one in ([audience] if isinstance(audience, str) else audience)}:
            raise TokenRefused("audience")
        if _number(claims, "exp", time.time() + 1) <= time.time():
            raise TokenRefused("expired")
        return claims

    async def _asked(self, token: str) -> Claims:
        try:
            async with asyncio.timeout(_PATIENCE), self._asking:
                claims = await self._provider.introspect(token)
        except TimeoutError as error:
            raise Unavailable from error
        if claims.get("active") is not True:
            raise TokenRefused("inactive")
        if claims.get("iss", self._provider.issuer) != self._provider.issuer:
            raise TokenRefused("issuer")
        if str(claims.get("token_type", "bearer")).lower() not in {"bearer", "access_token"}:
            raise TokenRefused("not an access token")
        return claims


def account_in(claims: Claims, claim: str) -> str | None:
    """Give the account that *claim* names; an empty one is none, or everyone without one would share it."""
    account = claims.get(claim)
    return account if isinstance(account, str) and account.strip() else None


def _moment(told: object) -> float | None:
    return told if isinstance(told, int | float) and not isinstance(told, bool) else None


def _scopes(told: object) -> frozenset[str]:
    """Read scopes, which come as one text (RFC 8693, section 4.2) or as a list."""
    several = told.split() if isinstance(told, str) else told if isinstance(told, list) else ()
    return frozenset(scope for scope in several if isinstance(scope, str))


def _looked_at(token: str) -> tuple[str | None, Claims]:
    """Look at a token's type and content without believing them; one that is no JWT has neither."""
    try:
        looked = extract_compact(token.encode())
        typ, content = looked.headers().get("typ"), from_json(looked.payload)
    except (JoseError, ValueError):
        return None, {}
    return str(typ).lower().removeprefix("application/"), content if isinstance(content, dict) else {}


def _number(claims: Claims, name: str, otherwise: float) -> float:
    value = claims.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(name)
    return value


def _keep(kept: OrderedDict[bytes, Any], digest: bytes, value: Any, most: int) -> None:
    kept[digest] = value
    if len(kept) > most:
        kept.popitem(last=False)
