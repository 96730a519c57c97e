"""What the application knows that single requests ask it for."""

from aiohttp import web

SECURE = web.AppKey("SECURE", bool)
"""Whether browsers come by TLS, which may end at a proxy."""
CHANGE_PASSWORD = web.AppKey("CHANGE_PASSWORD", str)
"""The provider's page for changing one's password; empty where there is none."""
