"""Requests as a browser sends them, for what is asked of them alone."""

from aiohttp import web
from aiohttp.test_utils import make_mocked_request


def a_request(**headers: str) -> web.Request:
    return make_mocked_request("GET", "/", headers=headers, app=web.Application())
