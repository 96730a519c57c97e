"""What every request passes and every answer carries."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from gateway.back_channel import PATH as BACK_CHANNEL
from gateway.settings import Settings
from shared.contracts.problem import NotAllowed
from shared.measuring import REQUEST_ID

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SHARED = {"Access-Control-Expose-Headers": "ETag, Location, Retry-After, WWW-Authenticate, X-Request-Id"}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Proof"
    ),
    "Access-Control-Max-Age": "600",
}


def from_elsewhere(request: web.Request, origin: str) -> bool:
    """Tell whether another site made the browser send this (Fetch Metadata, else Origin; one of them is needed)."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site != "same-origin"
    return request.headers.get("Origin") != origin


def against_forgery(settings: Settings) -> Middleware:
    """Refuse changes that another site makes a browser send."""

    def counts_on_cookie(request: web.Request) -> bool:
        if request.path == BACK_CHANNEL:  # the provider's own server calls; its signed token is what counts
            return False
        # Under /api a token is judged alone, and without a session there is nothing to borrow; the pages never look
        # at Authorization, which a browser can be made to send (Basic).
        if not request.path.startswith("/api/"):
            return True
        return settings.session_cookie in request.cookies and not request.headers.get("Authorization")

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        changes = request.method not in _SAFE
        if changes and counts_on_cookie(request) and from_elsewhere(request, settings.origin):
            raise NotAllowed
        return await handler(request)

    return guard


def for_other_origins(settings: Settings) -> Middleware:
    """Let scripts of configured origins call /api with an access token (Fetch: CORS); cookies stay out of it."""
    allowed = frozenset(settings.cors_origins)

    @web.middleware
    async def share(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not allowed or not request.path.startswith("/api/"):
            return await handler(request)
        origin = request.headers.get("Origin")
        asks_first = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        known = origin in allowed
        response = web.Response(status=204) if asks_first and known else await handler(request)
        response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Origin")))
        if origin and known:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers.update(_PREFLIGHT if asks_first else _SHARED)
        return response

    return share


def security_headers(
    settings: Settings, provider_origins: Callable[[], str]
) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Give the hook that sets the security headers of every answer."""

    async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        headers.pop("Server", None)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        # A browser applies form-action to where a form's answer redirects to: signing out goes on to the provider.
        headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            f"connect-src 'self'; form-action 'self' {provider_origins()}; base-uri 'none'; frame-ancestors 'none'"
        )
        if settings.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        headers.setdefault("Cache-Control", "no-store")
        if id_ := request.get(REQUEST_ID):
            headers["X-Request-Id"] = id_

    return set_headers
