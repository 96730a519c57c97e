"""The composition of the gateway, and its table of contents."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from gateway import back_channel, documents, guards, pages
from gateway.accounts import Account
from gateway.api import Api
from gateway.bearer import BearerTokens
from gateway.branding import PREFIX as BRANDING
from gateway.handlers import Handlers
from gateway.keeping import SessionKeeper, Standings
from gateway.keys import BRAND, CHANGE_PASSWORD, PSEUDO_LOCALE, SECURE
from gateway.language import language_of
from gateway.pages import language, problems, prove, styleguide
from gateway.provider import Provider
from gateway.reactions import Reactions
from gateway.rendering import Assets, prepare
from gateway.services import Services
from gateway.sessions import Session
from gateway.settings import Settings
from gateway.signing_in import SignIn
from gateway.visiting import SESSION, Page, Visit
from gateway.words import with_words
from shared import refusing, serving
from shared.brokering import Broker
from shared.calling import Service
from shared.connecting import expire
from shared.contracts import gateway as contract
from shared.contracts import organizations, privacy
from shared.contracts.endpoint import BODY_LIMIT, Endpoint
from shared.contracts.event import Event
from shared.contracts.problem import NotSignedIn, Problem, Unavailable
from shared.identifying import Signer
from shared.measuring import measured, route_of
from shared.passing import end_when_stopping
from shared.running import patiently, process

NAME = "gateway"

ENDPOINTS: Mapping[Endpoint, Any] = {
    contract.GET_OVERVIEW: Handlers.get_overview,
    contract.GET_PRIVACY: Handlers.get_privacy,
    contract.GET_SESSIONS: Handlers.get_sessions,
    contract.END_SESSION: Handlers.end_session,
    contract.SIGN_OUT_EVERYWHERE: Handlers.sign_out_everywhere,
}
EVENTS: Mapping[type[Event], Any] = {
    contract.SessionsRevoked: Reactions.end_sessions,
    organizations.AccountDisabledByOrganization: Reactions.disable,
    organizations.AccountEnabledByOrganization: Reactions.enable,
    privacy.PreferencesChanged: Reactions.prefer,
}

STREAMS_AT_ONCE = 16
"""Streams of lines that may be open to one service: each keeps as many changes under way as it is let."""
_MONTH = 30 * 24 * 3600
"""Seconds that an ended session is kept: as long as the log, so that no news of it is lost with it."""
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(settings: Settings, broker: Broker | None = None) -> AsyncIterator[int]:
    """Run the gateway until the block ends; gives the port that it serves."""
    prepare(pseudo=settings.pseudo_locale)
    async with process(NAME, settings, broker) as own, _http() as http, _streams() as streams:
        store = await own.store(
            "sessions",
            Session,
            empty=_no_session,
            account_of=lambda key, session: session.account if session else key,
        )
        await patiently(partial(expire, own.collection("sessions"), "expires_at", _MONTH))
        standings = Standings(await own.store("accounts", Account, empty=Account))
        keeper = SessionKeeper(store, own.collection("sessions"), standings, idle=settings.idle)
        await patiently(keeper.prepare)
        services = _services(settings, http, streams)
        provider = Provider(settings.issuer, settings.client_id, settings.client_secret, http)
        signing_in = SignIn(settings, provider, keeper, services.organizations)
        with suppress(Unavailable):  # the policy for browsers names its addresses; it is asked again when needed
            await provider.metadata()
        tokens = BearerTokens(
            provider,
            audiences=settings.audiences,
            account_claim=settings.account_claim,
            scope_claim=settings.scope_claim,
            systems=settings.system_clients,
            issue_time_as_auth_time=settings.issue_time_as_auth_time,
        )
        api = Api(settings, signing_in, tokens, standings, services)
        handlers = Handlers(services, keeper, signing_in, deadline=settings.overview_deadline)

        def make(ready: Callable[[], Awaitable[dict[str, bool]]]) -> web.Application:
            app = web.Application(
                middlewares=[
                    measured(own.registry, trust_number=False),
                    guards.for_other_origins(settings),
                    _problems(),
                    guards.against_forgery(settings),
                ],
                client_max_size=BODY_LIMIT,
            )
            app[SECURE] = settings.secure
            app[PSEUDO_LOCALE] = settings.pseudo_locale
            app[CHANGE_PASSWORD] = settings.change_password_url or ""
            app[BRAND] = settings.brand()
            app[language.PREFER] = language.Switch(signing_in, services, handlers, settings.overview_deadline).prefer
            app.on_response_prepare.append(guards.security_headers(settings, provider.origins))
            serving.add_operations(app, ready, own.registry)
            end_when_stopping(app)
            app.add_routes(api.routes(serving.bound(ENDPOINTS, handlers)))
            app.add_routes(documents.routes(app[BRAND].name))
            app.router.add_get("/sign-in", signing_in.leave)
            app.router.add_get("/signed-in", signing_in.come_back)
            app.router.add_post("/sign-out", signing_in.sign_out)
            app.router.add_post(back_channel.PATH, back_channel.BackChannel(provider, keeper).log_out)
            app.router.add_get("/static/{name}", Assets.load().response)
            app.router.add_get(BRANDING + "{name}", app[BRAND].response)
            if settings.styleguide:
                app.router.add_get("/styleguide", styleguide.show)
            for (method, path), open_page in pages.OPEN_PAGES.items():
                app.router.add_route(method, path, open_page)
            for (method, path), page in pages.PAGES.items():
                scope = pages.NEEDS_PROOF.get((method, path))
                proved = partial(prove.proving, page=page, scope=scope) if scope else page
                app.router.add_route(method, path, _visited(proved, settings, signing_in, services, handlers))
            return app

        consumer = own.consumer(serving.bound(EVENTS, Reactions(standings, keeper)))
        async with own.serve(make, consumer) as port:
            yield port


def _services(settings: Settings, http: aiohttp.ClientSession, streams: aiohttp.ClientSession) -> Services:
    signer = Signer(settings.key())

    def service(name: str, url: str) -> Service:
        return Service(name, url, session=http, signer=signer, streams=streams)

    return Services(
        security_info=service("security-info", settings.security_info_url),
        devices=service("devices", settings.devices_url),
        organizations=service("organizations", settings.organizations_url),
        privacy=service("privacy", settings.privacy_url),
    )


def _no_session() -> Session | None:
    return None


@asynccontextmanager
async def _http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=256, limit_per_host=128),
        timeout=aiohttp.ClientTimeout(total=10, connect=2),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as http:
        yield http


@asynccontextmanager
async def _streams() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=STREAMS_AT_ONCE)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as streams:
        yield streams


def _visited(
    page: Page, settings: Settings, signing_in: SignIn, services: Services, handlers: Handlers
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def visit(request: web.Request) -> web.StreamResponse:
        found = await signing_in.session_of(request)
        if found is None:
            if request.method == "GET":
                target = quote(request.path_qs, safe="")
                return web.Response(status=303, headers={"Location": f"/sign-in?return_to={target}"})
            raise NotSignedIn
        session_id, session = found
        request[SESSION] = session
        return await page(
            Visit(
                request=request,
                session=session,
                principal=signing_in.principal(request, session_id, session),
                language=language_of(request),
                services=services,
                own=handlers,
                forget_cookie=signing_in.forget_cookie,
                deadline=settings.overview_deadline,
            )
        )

    return visit


def _problems() -> Middleware:
    """Tell problems to programs as JSON and to people as a page, both in their language."""

    async def told(request: web.Request, document: dict[str, Any]) -> web.StreamResponse:
        language = language_of(request)
        if request.path.startswith("/api/") or request.path.startswith("/health/"):
            return refusing.problem_response(with_words(document, language))
        return problems.respond(request, document, language, request.get(SESSION))

    @web.middleware
    async def middleware(request: web.Request, handler: guards.Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Problem as problem:
            return await told(request, problem.document())
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:  # a redirect is no problem
                raise
            return refusing.allowing(error, await told(request, refusing.framework_problem(error).document()))
        except ConnectionResetError:
            raise
        except Exception:  # noqa: BLE001  # the edge: what nobody foresaw becomes a 500 without its cause
            _log.exception("a request failed", method=request.method, route=route_of(request))
            return await told(request, Problem().document())

    return middleware
