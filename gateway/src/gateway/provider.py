"""The OpenID Connect provider: its metadata and keys, kept fresh, and the calls that the gateway makes to it."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Generic, TypeVar

import aiohttp
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr
from yarl import URL

from shared.contracts.problem import Unavailable

_FRESH = 3600.0
_TRIED_AT_MOST_EVERY = 30.0
_TIMEOUT = aiohttp.ClientTimeout(total=5)
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures only: a token with `none` or a symmetric algorithm is refused."""

Thing = TypeVar("Thing")

_log = structlog.get_logger(__name__)


class _Kept(Generic[Thing]):
    """Something fetched: renewed when it is an hour old, and kept while it cannot be.

    Tries are at least half a minute apart, so neither an outage nor a flood of unknown keys makes everyone wait.
    """

    def __init__(self) -> None:
        self.kept: Thing | None = None
        self._fetched_at = self._tried_at = -math.inf
        self._fetching = asyncio.Lock()

    async def value(self, fetch: Callable[[], Awaitable[Thing]], *, again: bool = False) -> Thing:
        async with self._fetching:
            moment = time.monotonic()
            stale = again or moment - self._fetched_at > _FRESH
            if self.kept is None or (stale and moment - self._tried_at > _TRIED_AT_MOST_EVERY):
                self._tried_at = moment
                try:
                    self.kept = await fetch()
                    self._fetched_at = moment
                except Unavailable:
                    if self.kept is None:
                        raise
            return self.kept


class TokenRefused(Exception):  # noqa: N818  # reads as what it says
    """A token is not one that this provider issued for us."""


class Provider:
    """Speak with one OpenID Connect provider."""

    def __init__(self, issuer: str, client_id: str, client_secret: SecretStr, http: aiohttp.ClientSession) -> None:
        self.issuer = issuer
        self.client_id = client_id
        basic = aiohttp.encode_basic_auth(client_id, client_secret.get_secret_value())
        self._headers = {"Authorization": basic}
        self._http = http
        self._metadata: _Kept[Mapping[str, Any]] = _Kept()
        self._keys: _Kept[KeySet] = _Kept()

    async def metadata(self) -> Mapping[str, Any]:
        """Give the provider's metadata (OpenID Connect Discovery 1.0), at most an hour old while it answers."""
        return await self._metadata.value(self._discover)

    async def _discover(self) -> dict[str, Any]:
        found = await self._get_json(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            _log.error("the provider names another issuer than was configured")
            raise Unavailable
        return found

    def origins(self) -> str:
        """Name the origins that a form may send a browser to, as far as they are known."""
        known: Mapping[str, Any] = self._metadata.kept or {}
        places = [self.issuer, *(known.get(name) for name in ("authorization_endpoint", "end_session_endpoint"))]
        urls = [URL(str(place)) for place in places if place]
        return " ".join(sorted({str(url.origin()) for url in urls if url.absolute}))

    async def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
        """Exchange an authorization code for tokens; one that does not hold is `TokenRefused`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
        return await self._post((await self.metadata())["token_endpoint"], form)

    async def introspect(self, token: str) -> Mapping[str, Any]:
        """Ask what an opaque token stands for (RFC 7662)."""
        endpoint = (await self.metadata()).get("introspection_endpoint")
        if not endpoint:
            raise TokenRefused("the provider has no introspection")
        return await self._post(endpoint, {"token": token, "token_type_hint": "access_token"})

    async def claims(self, token: str, registry: jwt.JWTClaimsRegistry, *, typ: str | None = None) -> dict[str, Any]:
        """Check a JWT's signature, type and claims; unknown keys are looked for once more."""
        try:
            decoded = await self._decoded(token)
            if typ is not None and str(decoded.header.get("typ", "")).lower().removeprefix("application/") != typ:
                raise TokenRefused("typ")
            registry.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from error
        return decoded.claims

    async def _decoded(self, token: str) -> jwt.Token:
        keys = await self._keys.value(self._fetch_keys)
        try:
            return jwt.decode(token, keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            newer = await self._keys.value(self._fetch_keys, again=True)
            if newer is keys:
                raise
            return jwt.decode(token, newer, algorithms=_ALGORITHMS)

    async def _fetch_keys(self) -> KeySet:
        found = await self._get_json((await self.metadata())["jwks_uri"])
        try:
            return KeySet.import_key_set(found)  # type: ignore[arg-type]  # JSON from outside
        except (JoseError, ValueError, KeyError, TypeError) as error:
            _log.warning("the identity provider's keys cannot be read")
            raise Unavailable from error

    async def _get_json(self, url: str) -> dict[str, Any]:
        try:
            async with self._http.get(url, timeout=_TIMEOUT) as response:
                response.raise_for_status()
                found: dict[str, Any] = await response.json(content_type=None)
                return found
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            _log.warning("the identity provider does not answer", error=type(error).__name__)
            raise Unavailable from error

    async def _post(self, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            async with self._http.post(url, data=form, headers=self._headers, timeout=_TIMEOUT) as response:
                if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise Unavailable
                answer: dict[str, Any] = await response.json(content_type=None)
                if response.status != HTTPStatus.OK:
                    raise TokenRefused(str(answer.get("error", response.status)))
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            _log.warning("the identity provider does not answer", error=type(error).__name__)
            raise Unavailable from error
