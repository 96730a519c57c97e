"""Every request has a number, a trace and a duration."""

import time
import uuid
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from opentelemetry import trace
from opentelemetry.propagate import extract
from prometheus_client import CollectorRegistry, Histogram

REQUEST_ID = web.RequestKey("REQUEST_ID", str)
"""The number of the request; it goes along to services and into the news as `correlationid`."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_tracer = trace.get_tracer(__name__)


def measured(registry: CollectorRegistry, *, trust_number: bool) -> Middleware:
    """Give the middleware that numbers, traces and times requests by route, which holds no ids.

    *trust_number* takes the number that the caller gives, as services do from the gateway.
    """
    duration = Histogram("request_seconds", "Time to answer", ["method", "route", "status"], registry=registry)

    @web.middleware
    async def measure(request: web.Request, handler: _Handler) -> web.StreamResponse:
        begun = time.perf_counter()
        given = request.headers.get("X-Request-Id") if trust_number else None
        number = request[REQUEST_ID] = given or uuid.uuid4().hex
        route = route_of(request)
        status = 500
        with (
            structlog.contextvars.bound_contextvars(correlation=number),
            _tracer.start_as_current_span(
                f"{request.method} {route}",
                context=extract(request.headers),
                kind=trace.SpanKind.SERVER,
                attributes={"http.request.method": request.method, "http.route": route},
            ) as span,
        ):
            try:
                response = await handler(request)
                status = response.status
            finally:
                span.set_attribute("http.response.status_code", status)
                duration.labels(request.method, route, status).observe(time.perf_counter() - begun)
        return response

    return measure


def route_of(request: web.Request) -> str:
    """Name the matched route, which holds no ids, instead of the path, which does."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"
