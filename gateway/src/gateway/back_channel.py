"""Sessions that the provider ends: OpenID Connect Back-Channel Logout 1.0."""

import hashlib
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from joserfc import jwt

from gateway.keeping import SessionKeeper
from gateway.language import form_of
from gateway.provider import Provider, TokenRefused
from shared.contracts.problem import Malformed, Problem, TooLarge
from shared.deciding import Actor, Command

PATH = "/back-channel-logout"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LEEWAY = 30
_OLDEST = 300
"""Seconds; section 2.4 advises short lives, and what is older may have been seen before."""
_LONGEST = 16 * 1024
_log = structlog.get_logger(__name__)


class BackChannel:
    """Take the provider's word that someone signed out there."""

    def __init__(self, provider: Provider, keeper: SessionKeeper) -> None:
        self._provider = provider
        self._keeper = keeper
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            iat={"essential": True},
            jti={"essential": True},
            events={"essential": True},
        )

    async def log_out(self, request: web.Request) -> web.Response:
        """End the sessions that a logout token means; one that does not hold is refused (section 2.8).

        The same token again ends nothing that began after it, so none needs to be remembered.
        """
        try:
            token = (await form_of(request)).get("logout_token", "")
            await self._end(await self._checked(token if isinstance(token, str) else ""))
        except (TokenRefused, Malformed, TooLarge) as error:
            _log.warning("a logout token was refused", reason=str(error))
            return _answer(HTTPStatus.BAD_REQUEST, error="invalid_request")
        except Problem:  # the provider tries again, or tells its operator
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, error="temporarily_unavailable")
        return _answer(HTTPStatus.OK)

    async def _checked(self, token: str) -> dict[str, Any]:
        if not token or len(token) > _LONGEST:
            raise TokenRefused("size")
        claims = await self._provider.claims(token, self._claims)
        events = claims["events"]
        if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict) or "nonce" in claims:
            raise TokenRefused("no logout token")
        if not any(isinstance(claims.get(name), str) and claims[name] for name in ("sub", "sid")):
            raise TokenRefused("it names nobody")
        issued = claims["iat"]
        if isinstance(issued, bool) or not isinstance(issued, int | float) or time.time() - issued > _OLDEST:
            raise TokenRefused("age")
        return claims

    async def _end(self, claims: dict[str, Any]) -> None:
        named = {"subject": claims.get("sub"), "provider_session": claims.get("sid")}
        whose = {name: value for name, value in named.items() if isinstance(value, str) and value}
        # A whole second is added: tokens count in seconds, and a session of this very second is meant, too.
        until = datetime.fromtimestamp(claims["iat"] + 1, UTC)
        # Two tokens with one id are one command to each session.
        command = Command(id=_id_of(claims), digest="back-channel", actor=Actor("system", "identity-provider"))
        await self._keeper.end_all(whose, until=until, reason="ended_by_provider", command=command)


def _id_of(claims: dict[str, Any]) -> str:
    return hashlib.sha256(str(claims["jti"]).encode()).hexdigest()[:32]


def _answer(status: int, **members: str) -> web.Response:
    return web.json_response(members, status=status, headers={"Cache-Control": "no-store"})
