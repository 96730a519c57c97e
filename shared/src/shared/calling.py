"""Call an endpoint of a service; its answer is passed on as bytes or read as its model."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
import structlog
from opentelemetry import trace
from opentelemetry.propagate import inject
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from yarl import URL

from shared.asking import BRIEFLY
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import Problem, ProblemDetails, Unavailable
from shared.identifying import Caller, Signer

Model = TypeVar("Model", bound=BaseModel)
STREAM_PATIENCE = 90.0
"""Seconds in which a service that is sent lines must answer some; longer than it waits itself."""
ROOM_PATIENCE = 2.0
"""Seconds that a stream waits for room among the others, connecting included."""
_PASSED_ON = ("ETag", "Cache-Control", "Retry-After", "Content-Type")
_log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered, unread."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        """Tell whether it is what was asked for, not a problem."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES or self.status == HTTPStatus.NOT_MODIFIED

    def read(self, model: type[Model]) -> Model:
        """Give the answer as *model*, or raise the problem that the service answered with."""
        if not self.ok:
            raise Refused(details=self.problem())
        return model.model_validate_json(self.body)

    def problem(self) -> ProblemDetails:
        """Read the problem; an answer that is none stands for one that nobody foresaw."""
        try:
            return ProblemDetails.model_validate_json(self.body)
        except ValidationError:
            return ProblemDetails.model_validate(Problem().document())


class Refused(Problem):
    """A service refused, with the problem details that it gave."""

    def __init__(self, details: ProblemDetails) -> None:
        super().__init__()
        self.details = details

    def document(self) -> dict[str, Any]:
        """Give the service's own document."""
        return self.details.model_dump(mode="json", exclude_none=True)


class Service:
    """Call the endpoints of one service.

    *deadline* is in seconds and covers the whole call; a service that cannot be reached or is late raises
    `Unavailable`. A command carries its id, so that calling again does not carry it out again. *streams* has
    connections of its own, as many as streams may be open: they last, and must take none from the other calls.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        session: aiohttp.ClientSession,
        signer: Signer,
        deadline: float = 5.0,
        streams: aiohttp.ClientSession | None = None,
    ) -> None:
        self.name = name
        self._url = URL(url)
        self._session = session
        self._streams = streams
        self._signer = signer
        self._deadline = deadline

    async def call(
        self,
        endpoint: Endpoint,
        caller: Caller,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: bytes | Mapping[str, Any] | BaseModel | None = None,
        headers: Mapping[str, str] | None = None,
        deadline: float | None = None,
    ) -> Answer:
        """Call *endpoint* on behalf of *caller*."""
        sent = {**(headers or {}), "Authorization": f"Bearer {self._signer.token(caller, self.name)}"}
        if endpoint.changes and "Idempotency-Key" not in sent:
            # The client repeats a request by itself when a kept connection turns out to be gone.
            sent |= {"Idempotency-Key": uuid.uuid4().hex, BRIEFLY: "yes"}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        url = self._url.join(URL(endpoint.path.format_map(_quoted(path or {})), encoded=True))
        with _tracer.start_as_current_span(f"{self.name} {endpoint.name}", kind=trace.SpanKind.CLIENT):
            inject(sent)
            try:
                async with (
                    asyncio.timeout(deadline or self._deadline),
                    self._session.request(
                        endpoint.method,
                        url.with_query(query) if query else url,
                        data=body if isinstance(body, bytes) or body is None else to_json(body),
                        headers=sent,
                        allow_redirects=False,
                    ) as response,
                ):
                    if response.status == HTTPStatus.UNAUTHORIZED and not _wants_proof(response.headers):
                        _log.error("a service does not take our token", service=self.name)
                        raise Unavailable
                    content = await response.read()
                    passed = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
                    return Answer(response.status, content, passed)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                _log.warning("a service does not answer", service=self.name, error=type(error).__name__)
                raise Unavailable from error

    @asynccontextmanager
    async def stream(
        self,
        endpoint: Endpoint,
        caller: Caller,
        *,
        body: AsyncIterator[bytes],
        headers: Mapping[str, str],
    ) -> AsyncIterator[Answer | AsyncIterator[bytes]]:
        """Call an endpoint of lines: gives the bytes of the answer as they come, or all of it where it is a problem.

        `Unavailable` where it does not begin, or too many are open; what breaks it off later is raised where its bytes
        are read.
        """
        if self._streams is None:
            raise TypeError(f"{self.name} was given no connections for streams")
        sent = {**headers, "Authorization": f"Bearer {self._signer.token(caller, self.name)}"}
        patience = aiohttp.ClientTimeout(total=None, connect=ROOM_PATIENCE, sock_read=STREAM_PATIENCE)
        inject(sent)
        url = self._url.join(URL(endpoint.path, encoded=True))
        try:
            # Told what comes before it comes: the client would keep the head back until there is a line.
            async with self._streams.request(
                endpoint.method, url, data=body, headers=sent, expect100=True, allow_redirects=False, timeout=patience
            ) as response:
                if response.status == HTTPStatus.OK:
                    yield response.content.iter_any()
                elif response.status == HTTPStatus.UNAUTHORIZED:
                    _log.error("a service does not take our token", service=self.name)
                    raise Unavailable
                else:
                    yield Answer(response.status, await response.read(), {})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("a service ended a stream", service=self.name, error=type(error).__name__)
            raise Unavailable from error


async def asked(
    service: Service,
    endpoint: Endpoint,
    caller: Caller,
    *,
    deadline: float,
    query: Mapping[str, str] | None = None,
) -> Answer | None:
    """Ask where one can do without: no answer within *deadline* seconds, or a refusal, is None."""
    try:
        answer = await service.call(endpoint, caller, query=query, deadline=deadline)
    except Problem:
        return None
    return answer if answer.ok else None


def _wants_proof(headers: Mapping[str, str]) -> bool:
    """Tell a person's missing proof (RFC 9470) from a token of ours that is not taken."""
    return "insufficient_user_authentication" in headers.get("WWW-Authenticate", "")


def _quoted(path: Mapping[str, str]) -> dict[str, str]:
    """Quote path parameters, dots too, so that one cannot become another path."""
    return {name: quote(value, safe="", errors="replace").replace(".", "%2E") for name, value in path.items()}
