"""Sign in and out with OpenID Connect: authorization code flow with PKCE (RFC 7636), state and nonce."""

import hmac
import secrets
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

import structlog
from aiohttp import web
from joserfc import jwt

from gateway import sessions
from gateway.bearer import account_in
from gateway.clients import client_of
from gateway.flow import Flow, cookie_name
from gateway.keeping import SessionKeeper
from gateway.kept_out import kept_out
from gateway.language import PREFERENCES, language_of, local_path
from gateway.provider import Provider, TokenRefused
from gateway.sessions import Session
from gateway.settings import Settings
from shared.calling import Service
from shared.contracts.organizations import NOTE_CLAIMS, SignInClaims
from shared.contracts.problem import AccountDisabled, Problem, Unavailable
from shared.deciding import Actor, Command
from shared.identifying import Principal
from shared.sealing import SealError, Secret
from shared.telling.languages import locale_of

_FLOW_SECONDS = 600
_LEEWAY = 30
_TELLING = 1.0
"""Seconds that a sign-in waits for organizations."""
_log = structlog.get_logger(__name__)


@dataclass(eq=False, kw_only=True)
class SignInFailed(Problem):
    """The provider did not identify the person, or the answer does not belong to this browser's wish."""

    key: ClassVar[str] = "sign_in_failed"
    status: ClassVar[int] = 400


class SignIn:
    """Lead a person to the provider and back, and keep their session."""

    def __init__(self, settings: Settings, provider: Provider, keeper: SessionKeeper, organizations: Service) -> None:
        self._settings = settings
        self._provider = provider
        self._keeper = keeper
        self._organizations = organizations
        self._id_token = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        )

    async def leave(self, request: web.Request) -> web.Response:
        """Send the browser to the provider; with `again` in the query, to prove anew who is there."""
        flow = Flow.begin(local_path(request.query.get("return_to", "/")), again="again" in request.query)
        query = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self._settings.scopes,
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": flow.challenge,
            "code_challenge_method": "S256",
            "ui_locales": locale_of(language_of(request)).language,
        }
        if self._settings.max_age is not None or flow.again:  # who is asked for an age has to tell `auth_time`
            query["max_age"] = str(self._settings.max_age or _FLOW_SECONDS)
        if flow.again:
            query["prompt"] = "login"
        endpoint = (await self._provider.metadata())["authorization_endpoint"]
        response = _see_other(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}")
        response.set_cookie(
            cookie_name(flow.state),
            flow.cookie,
            max_age=_FLOW_SECONDS,
            path="/signed-in",
            httponly=True,
            samesite="Lax",
            secure=self._settings.secure,
        )
        return response

    async def come_back(self, request: web.Request) -> web.Response:
        """Take the provider's answer, start a session and go on to where the person wanted to be."""
        state = request.query.get("state", "")
        flow = Flow.of_cookie(request.cookies.get(cookie_name(state), ""), state)
        if flow is None:
            raise SignInFailed
        if request.query.get("iss", self._provider.issuer) != self._provider.issuer:  # RFC 9207
            raise SignInFailed
        if error := request.query.get("error"):
            _log.info("the provider refused a sign-in", reason=error[:64])
            raise SignInFailed
        id_token, claims = await self._identified(request.query.get("code", ""), flow)
        if not await self._keeper.takes(claims[self._settings.account_claim], _seconds(claims.get("auth_time"))):
            return self._once_more(flow)
        await self._end(await self.session_of(request), "replaced")
        response = _see_other(local_path(flow.target))
        response.del_cookie(cookie_name(state), path="/signed-in")
        try:
            session_id, secret, session = await self._start(request, id_token, claims)
        except AccountDisabled:
            person = Principal(account=claims[self._settings.account_claim], language=language_of(request))
            raise await kept_out(self._organizations, person) from None
        await self._tell(self.principal(request, session_id, session))
        response.set_cookie(
            self._settings.session_cookie,
            f"{session_id}.{secret}",
            httponly=True,
            samesite="Lax",
            secure=self._settings.secure,
        )
        return response

    def _once_more(self, flow: Flow) -> web.Response:
        """Let the provider ask again: it knows this browser from before the person signed out everywhere."""
        if flow.again:
            raise SignInFailed
        response = _see_other(f"/sign-in?{urlencode({'again': '1', 'return_to': flow.target})}")
        response.del_cookie(cookie_name(flow.state), path="/signed-in")
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """End the session here, then at the provider (OpenID Connect RP-Initiated Logout 1.0)."""
        found = await self.session_of(request)
        farewell = await self.farewell(found[0]) if found else f"{self._settings.origin}/signed-out"
        await self._end(found, "signed_out")
        return self.forget_cookie(_see_other(farewell))

    def forget_cookie(self, response: web.Response) -> web.Response:
        """Let the browser forget its session."""
        response.del_cookie(self._settings.session_cookie, secure=self._settings.secure, httponly=True)
        return response

    async def farewell(self, session_id: str | None) -> str:
        """Tell where a browser goes from here: to the provider, unless it or the sealed hint is out of reach."""
        signed_out = f"{self._settings.origin}/signed-out"
        query = {"client_id": self._provider.client_id, "post_logout_redirect_uri": signed_out}
        try:
            endpoint = (await self._provider.metadata()).get("end_session_endpoint")
            opened = await self._keeper.with_hint(session_id) if session_id else None
        except (Unavailable, SealError) as error:
            _log.warning("signed out here, not at the provider", reason=type(error).__name__)
            return signed_out
        if not endpoint:
            return signed_out
        if opened and opened.id_token:
            query["id_token_hint"] = opened.id_token.value
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def session_of(self, request: web.Request) -> tuple[str, Session] | None:
        """Give the live session that the request's cookie is the key to; from then on its person's preferences hold."""
        found = await self._keeper.opened_with(request.cookies.get(self._settings.session_cookie, ""))
        if found:
            request[PREFERENCES] = found[1].preferences
        return found

    def principal(self, request: web.Request, session_id: str, session: Session) -> Principal:
        """Give the principal of a session, in the language of this request."""
        return session.principal(session_id, language_of(request))

    @property
    def _redirect_uri(self) -> str:
        return f"{self._settings.origin}/signed-in"

    async def _identified(self, code: str, flow: Flow) -> tuple[str, dict[str, Any]]:
        try:
            tokens = await self._provider.exchange(code, verifier=flow.verifier, redirect_uri=self._redirect_uri)
            id_token = str(tokens["id_token"])
            claims = await self._provider.claims(id_token, self._id_token)
        except (TokenRefused, KeyError) as error:
            _log.warning("a sign-in was refused", reason=str(error))
            raise SignInFailed from error
        if not hmac.compare_digest(str(claims["nonce"]), flow.nonce):
            raise SignInFailed
        if claims.get("azp", self._provider.client_id) != self._provider.client_id:
            raise SignInFailed
        if not self._fresh_enough(claims):
            raise SignInFailed
        if account_in(claims, self._settings.account_claim) is None:
            _log.error("the ID token lacks the account claim")
            raise SignInFailed
        return id_token, claims

    def _fresh_enough(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether the sign-in is as young as was asked (OpenID Connect Core 1.0, 3.1.3.7); not to say so fails."""
        if self._settings.max_age is None:
            return True
        auth_time = _seconds(claims.get("auth_time"))
        return auth_time is not None and time.time() - auth_time <= self._settings.max_age + _LEEWAY

    async def _start(self, request: web.Request, id_token: str, claims: Mapping[str, Any]) -> tuple[str, str, Session]:
        session_id, secret = str(uuid.uuid4()), secrets.token_urlsafe(32)
        profile = {
            "subject": _text(claims, "sub"),
            "secret_digest": sessions.digest_of(secret),
            "name": _text(claims, "name"),
            "email": _text(claims, "email"),
            "provider_session": _text(claims, "sid"),
            "amr": tuple(str(means) for means in claims.get("amr") or ()),
            "auth_time": _seconds(claims.get("auth_time")),
            "client": client_of(request, self._settings),
            "id_token": Secret(id_token),
        }
        session = await self._keeper.start(
            session_id,
            account=claims[self._settings.account_claim],
            profile=profile,
            lifetime=self._settings.session_lifetime,
        )
        request[PREFERENCES] = session.preferences
        return session_id, secret, session

    async def _tell(self, person: Principal) -> None:
        """Let organizations know what the sign-in told of the person; where it is away, the next sign-in does."""
        told = SignInClaims(name=person.name, email=person.email)
        with suppress(Problem):
            await self._organizations.call(NOTE_CLAIMS, person, body=told, deadline=_TELLING)

    async def _end(self, found: tuple[str, Session] | None, reason: str) -> None:
        if found:
            session_id, session = found
            rule = partial(sessions.end, session_id=session_id, reason=reason)
            actor = Actor("user", session.account, session.client)
            await self._keeper.end(session_id, rule, Command(uuid.uuid4().hex, "end", actor))


def _see_other(target: str) -> web.Response:
    return web.Response(status=303, headers={"Location": target, "Cache-Control": "no-store"})


def _seconds(moment: object) -> int | None:
    # RFC 7519 lets a NumericDate have a fraction.
    return int(moment) if isinstance(moment, int | float) else None


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value[:256] if isinstance(value, str) and value else None
