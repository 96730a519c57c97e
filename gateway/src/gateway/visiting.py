"""What a page handler gets: who visits, in which language, and the services to ask."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiohttp import web

from gateway.handlers import Handlers
from gateway.services import Services
from gateway.sessions import Session
from shared.asking import Call
from shared.calling import Answer, Service
from shared.contracts.endpoint import Endpoint
from shared.deciding import Actor, Command
from shared.facts import now
from shared.identifying import Principal
from shared.measuring import REQUEST_ID
from shared.proving import PROOF_HEADER

SESSION = web.RequestKey("SESSION", Session)
"""Where the live session is noted on a request."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page by a person who is signed in."""

    request: web.Request
    session: Session
    principal: Principal
    language: str
    services: Services
    own: Handlers
    """What the gateway answers of its own, asked with `call()`."""
    forget_cookie: Callable[[web.Response], web.Response]
    """Lets the browser forget a session that is over."""
    deadline: float
    """Seconds that a section of the overview may take."""

    async def ask(
        self, service: Service, endpoint: Endpoint, *, query: Mapping[str, str] | None = None, **path: str
    ) -> Answer:
        """Ask a service on the visitor's behalf; read the answer with `Answer.read(model)`."""
        return await service.call(endpoint, self.principal, path=path, query=query, headers=self._headers(endpoint))

    async def command(
        self, service: Service, endpoint: Endpoint, *, command: str, body: Mapping[str, Any] | None = None, **path: str
    ) -> Answer:
        """Give a command once: *command* is the id that the form brought, so that a repeated form does no harm."""
        headers = self._headers(endpoint) | ({"Idempotency-Key": command} if command else {})
        return await service.call(endpoint, self.principal, path=path, body=body, headers=headers)

    def call(self, what: str = "ask", *, command: str = "", **path: str) -> Call:
        """Give the call of an endpoint of the gateway's own; *command* is the id that the form brought."""
        person = self.principal
        actor = Actor("user", person.account, person.client)
        given = Command(command or uuid.uuid4().hex, what, actor, self.request[REQUEST_ID])
        return Call(caller=person, command=given, path=path)

    def _headers(self, endpoint: Endpoint) -> dict[str, str]:
        headers = {"X-Request-Id": self.request[REQUEST_ID]}
        if proof := self.session.proof_for(endpoint.needs_proof, now()):
            headers[PROOF_HEADER] = proof
        return headers


Page: TypeAlias = Callable[[Visit], Awaitable[web.StreamResponse]]
