"""Which language, which regional format and which time zone a visitor reads in."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web
from babel import Locale, negotiate_locale
from multidict import MultiDictProxy

from gateway.keys import PSEUDO_LOCALE, SECURE
from gateway.preferences import Preferences
from shared.contracts.privacy import ZONES
from shared.contracts.problem import Malformed
from shared.telling.languages import DEFAULT, LANGUAGES, PSEUDO_LANGUAGES, locale_of, regional, regions_of

COOKIE = "language"
ZONE_COOKIE = "time_zone"
PREFERENCES = web.RequestKey("PREFERENCES", Preferences)
"""Where the preferences of who is signed in are noted on a request."""
_YEAR = 365 * 24 * 60 * 60
_LONGEST_PATH = 2000
_NONE = Preferences()


def language_of(request: web.Request) -> str:
    """Tell the visitor's language.

    It is the one that their organization locks or they prefer, else the one chosen in this browser, else the best of
    `Accept-Language` (RFC 9110), else English.
    """
    for chosen in (_preferences(request).language, request.cookies.get(COOKIE)):
        if chosen in LANGUAGES or (chosen in PSEUDO_LANGUAGES and chosen in languages_of(request.app)):
            return chosen
    wanted = _by_preference(request.headers.get("Accept-Language", ""))
    return negotiate_locale(wanted, list(LANGUAGES), sep="-") or DEFAULT


def languages_of(app: web.Application) -> Mapping[str, str]:
    """Give the languages that can be chosen, by their codes; the two that are for tests only where they are wanted."""
    return LANGUAGES | PSEUDO_LANGUAGES if app.get(PSEUDO_LOCALE) else LANGUAGES


def zone_of(request: web.Request) -> ZoneInfo | None:
    """Tell the time zone that the visitor prefers, else the one that their browser named in its cookie, or None."""
    return _zone(_preferences(request).time_zone) or browser_zone(request)


def browser_zone(request: web.Request) -> ZoneInfo | None:
    """Tell the time zone that the browser named in its cookie, which it does with JavaScript only."""
    return _zone(request.cookies.get(ZONE_COOKIE))


def calendar_of(request: web.Request, language: str) -> Locale:
    """Give the CLDR locale in which dates, times and numbers are written for the visitor."""
    return regional(language, _preferences(request).region or browser_region(request, language))


def browser_region(request: web.Request, language: str) -> str | None:
    """Tell the first region of `Accept-Language` by whose habits *language* is written, as in `sv-SE` or `en-US`."""
    tags = _by_preference(request.headers.get("Accept-Language", ""))
    known = regions_of(locale_of(language).language)
    named = (part.upper() for tag in tags for part in tag.split("-")[1:])
    return next((region for region in named if region in known), None)


def _preferences(request: web.Request) -> Preferences:
    return request.get(PREFERENCES) or _NONE


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name in ZONES else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local_path(wish: str, *, otherwise: str = "/") -> str:
    """Give *wish* if it is a path of this portal; anything that a browser may take for another site is not."""
    harmless = (
        len(wish) <= _LONGEST_PATH
        and wish.startswith("/")
        and not wish.startswith("//")
        and "\\" not in wish
        # Browsers drop tabs and line breaks from an address, which turns "/\t/host" into "//host".
        and all(sign > " " and sign != "\x7f" for sign in wish)
    )
    if not harmless:
        return otherwise
    parts = urlsplit(wish)
    return otherwise if parts.scheme or parts.netloc else wish


async def form_of(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    """Read a form that a browser sent; what no browser sends is `Malformed`."""
    try:
        return await request.post()
    except (ValueError, LookupError, web.RequestPayloadError) as error:
        raise Malformed from error


def keep_language(request: web.Request, response: web.Response, language: str) -> None:
    """Let this browser keep the language for a year."""
    response.set_cookie(
        COOKIE,
        language,
        max_age=_YEAR,
        path="/",
        samesite="Lax",
        httponly=True,
        secure=request.app.get(SECURE, request.secure),
    )


def _by_preference(header: str) -> list[str]:
    """Order the languages of an `Accept-Language` header, leaving out what is refused or malformed."""
    weighed = []
    for part in header.lower().split(","):
        tag, _, parameter = part.partition(";")
        name, _, weight = parameter.partition("=")
        try:
            quality = float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            quality = 0.0
        if tag.strip() and quality > 0:
            weighed.append((quality, DEFAULT if tag.strip() == "*" else tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]
