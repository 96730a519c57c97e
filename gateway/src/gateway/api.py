"""The JSON API: every exposed endpoint of every service under `/api`, passed through as bytes."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from gateway.bearer import BearerTokens, account_in
from gateway.clients import client_of
from gateway.language import language_of
from gateway.overview import overview_json
from gateway.settings import Settings
from gateway.signing_in import SignIn
from gateway.visiting import Services
from gateway.words import with_words
from shared import serving
from shared.calling import Service
from shared.contracts import gateway as contract
from shared.contracts import privacy, security_info
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import NotSignedIn
from shared.identifying import Principal
from shared.measuring import REQUEST_ID
from shared.reading import read_limited
from shared.refusing import problem_response

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PASSED_ON = ("Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")


class Api:
    """Answer programs, by a person's session or by an access token."""

    def __init__(self, settings: Settings, signing_in: SignIn, tokens: BearerTokens, services: Services) -> None:
        self._settings = settings
        self._signing_in = signing_in
        self._tokens = tokens
        self._services = services

    def routes(self) -> Sequence[web.RouteDef]:
        """Give the routes, made from the endpoint tables."""
        tables = ((self._services.security_info, security_info.ENDPOINTS), (self._services.privacy, privacy.ENDPOINTS))
        passed = [
            web.route(endpoint.method, f"/api{endpoint.path}", self._passed_through(service, endpoint))
            for service, endpoints in tables
            for endpoint in endpoints
            if endpoint.exposed
        ]
        return [web.get(f"/api{contract.GET_OVERVIEW.path}", self._overview), *passed]

    async def caller(self, request: web.Request) -> tuple[Principal, contract.Profile]:
        """Tell on whose behalf the request is made; whoever sends a token is judged by it alone."""
        if authorization := request.headers.get("Authorization"):
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise NotSignedIn
            claims = await self._tokens.claims(token.strip())
            account = account_in(claims, self._settings.account_claim)
            if account is None:
                raise NotSignedIn
            principal = Principal(
                account=account, language=language_of(request), client=client_of(request, self._settings)
            )
            return principal, contract.Profile(account=account)
        found = await self._signing_in.session_of(request)
        if found is None:
            raise NotSignedIn
        session = found[1]
        profile = contract.Profile(account=session.account, name=session.name, email=session.email)
        return self._signing_in.principal(request, *found), profile

    async def _overview(self, request: web.Request) -> web.StreamResponse:
        principal, profile = await self.caller(request)
        content = await overview_json(self._services, principal, profile, deadline=self._settings.overview_deadline)
        return serving.answered(contract.GET_OVERVIEW, content, request.headers.get("If-None-Match"))

    def _passed_through(self, service: Service, endpoint: Endpoint) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            principal, _ = await self.caller(request)
            headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
            answer = await service.call(
                endpoint,
                principal,
                path=request.match_info,
                query=request.query,
                body=await read_limited(request, endpoint.body_limit) if endpoint.request else None,
                headers={**headers, "X-Request-Id": request[REQUEST_ID]},
            )
            if answer.ok:
                return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
            document = answer.problem().model_dump(mode="json", exclude_none=True)
            return problem_response(with_words(document, language_of(request)))

        return handle
