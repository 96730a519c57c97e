"""The JSON API: every exposed endpoint under `/api`, answered here or passed through to its service as bytes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from gateway.bearer import BearerTokens
from gateway.clients import client_of
from gateway.keeping import Standings
from gateway.language import PREFERENCES, language_of
from gateway.proofs import ways_to_prove
from gateway.services import Services
from gateway.settings import Settings
from gateway.signing_in import SignIn
from gateway.visiting import SESSION
from gateway.words import with_words
from shared import serving
from shared.calling import Answer, Service
from shared.contracts import devices, organizations, pictures, privacy, security_info
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import NotAllowed, NotSignedIn, ProofNeeded
from shared.facts import now
from shared.identifying import Caller, Principal
from shared.measuring import REQUEST_ID
from shared.passing import Incoming, pass_on
from shared.proving import PROOF_HEADER
from shared.reading import read_limited
from shared.refusing import problem_response

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PASSED_ON = ("Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", PROOF_HEADER)


class Api:
    """Answer programs, by a person's session or by an access token."""

    def __init__(
        self, settings: Settings, signing_in: SignIn, tokens: BearerTokens, standings: Standings, services: Services
    ) -> None:
        self._settings = settings
        self._signing_in = signing_in
        self._tokens = tokens
        self._standings = standings
        self._services = services

    def routes(self, own: Mapping[Endpoint, Any]) -> Sequence[web.RouteDef]:
        """Give the routes, made from the endpoint tables; *own* are the gateway's own endpoints and their handlers."""
        tables = (
            (self._services.security_info, security_info.ENDPOINTS),
            (self._services.devices, devices.ENDPOINTS),
            (self._services.organizations, (*organizations.ENDPOINTS, *pictures.ENDPOINTS)),
            (self._services.privacy, privacy.ENDPOINTS),
        )
        passed = [
            _route(endpoint, (self._streamed_through if endpoint.lines else self._passed_through)(service, endpoint))
            for service, endpoints in tables
            for endpoint in endpoints
            if endpoint.exposed
        ]
        return [*(_route(endpoint, self._answered(endpoint, handler)) for endpoint, handler in own.items()), *passed]

    async def caller(self, request: web.Request, endpoint: Endpoint) -> Caller:
        """Tell on whose behalf the request is made; whoever sends a token is judged by it alone."""
        if authorization := request.headers.get("Authorization"):
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise NotSignedIn
            if endpoint.scope:
                return await self._tokens.system(token.strip())
            return await self._person(request, token.strip())
        found = await self._signing_in.session_of(request)
        if found is None:
            raise NotSignedIn
        if endpoint.scope:
            raise NotAllowed
        request[SESSION] = found[1]
        return self._signing_in.principal(request, *found)

    async def _person(self, request: web.Request, token: str) -> Principal:
        holder = await self._tokens.person(token)
        standing = await self._standings.of(holder.account)
        standing.refuse_token(holder.issued_at)
        standing.refuse_if_disabled()
        request[PREFERENCES] = standing.preferences
        return Principal(
            account=holder.account,
            session=holder.session,
            amr=holder.amr,
            auth_time=holder.auth_time,
            language=language_of(request),
            client=client_of(request, self._settings),
        )

    def _answered(self, endpoint: Endpoint, handler: serving.Handler) -> Answering:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await serving.answer(endpoint, handler, await self.caller(request, endpoint), request)

        return handle

    def _passed_through(self, service: Service, endpoint: Endpoint) -> Answering:
        async def handle(request: web.Request) -> web.StreamResponse:
            caller = await self.caller(request, endpoint)
            serving.admit(endpoint, caller)
            headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
            session = request.get(SESSION)
            if session and (proof := session.proof_for(endpoint.needs_proof, now())):
                headers.setdefault(PROOF_HEADER, proof)
            answer = await service.call(
                endpoint,
                caller,
                path=request.match_info,
                query=request.query,
                body=await read_limited(request, endpoint.body_limit) if endpoint.request else None,
                headers={**headers, "X-Request-Id": request[REQUEST_ID]},
            )
            if answer.ok:
                return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
            document = answer.problem().model_dump(mode="json", exclude_none=True)
            if document["key"] == ProofNeeded.key and isinstance(caller, Principal):
                document |= await ways_to_prove(self._services, caller)
            return problem_response(with_words(document, language_of(request)))

        return handle

    def _streamed_through(self, service: Service, endpoint: Endpoint) -> Answering:
        async def handle(request: web.Request) -> web.StreamResponse:
            caller = await self.caller(request, endpoint)
            serving.admit(endpoint, caller)
            headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
            headers["X-Request-Id"] = request[REQUEST_ID]
            incoming = Incoming(request)
            async with service.stream(endpoint, caller, body=incoming.whole_lines(), headers=headers) as answer:
                if isinstance(answer, Answer):
                    document = answer.problem().model_dump(mode="json", exclude_none=True)
                    return problem_response(with_words(document, language_of(request)))
                return await pass_on(request, incoming, answer)

        return handle


def _route(endpoint: Endpoint, answering: Answering) -> web.RouteDef:
    return web.route(endpoint.method, f"/api{serving.route_to(endpoint)}", answering)
