"""What the application knows that single requests ask it for."""

from aiohttp import web

from gateway.branding import Brand

SECURE = web.AppKey("SECURE", bool)
"""Whether browsers come by TLS, which may end at a proxy."""
PSEUDO_LOCALE = web.AppKey("PSEUDO_LOCALE", bool)
"""Whether the languages that are for tests only can be chosen."""
CHANGE_PASSWORD = web.AppKey("CHANGE_PASSWORD", str)
"""The provider's page for changing one's password; empty where there is none."""
BRAND = web.AppKey("BRAND", Brand)
"""What pages are called and look like, where it is not our own."""
