"""What the middlewares note on a request."""

from aiohttp import web

from gateway.sessions import Session

REQUEST_ID = web.RequestKey("REQUEST_ID", str)
SESSION = web.RequestKey("SESSION", Session)
