"""What a page tells that the one before did: names travel in a cookie, so that no link makes us say them."""

from urllib.parse import quote, unquote

from aiohttp import web

from gateway.keys import SECURE

COOKIE = "told"
_SECONDS = 60
_LONGEST = 4_000


def tell(request: web.Request, response: web.Response, path: str, *names: str) -> None:
    """Let the page at *path*, which comes next, name what was done."""
    value = "&".join(quote(name, safe="") for name in names)
    if len(value) <= _LONGEST:
        response.set_cookie(
            COOKIE,
            value,
            path=path,
            max_age=_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.app.get(SECURE, request.secure),
        )


def told(request: web.Request, number: int) -> list[str]:
    """Give the *number* of names that were told; none where that is no longer known."""
    names = [unquote(name) for name in request.cookies.get(COOKIE, "").split("&")]
    return names if len(names) == number and all(names) else []
