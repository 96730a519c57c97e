"""Coarse facts of the program that a person uses: enough to recognise it, too little to follow anyone."""

from functools import lru_cache

from aiohttp import web
from ua_parser import parse

from gateway.settings import Settings
from shared.contracts.envelope import Client

_LONGEST = 64


def client_of(request: web.Request, settings: Settings) -> Client:
    """Derive browser and system from the User-Agent, and the place from what a trusted proxy tells."""
    browser, system = _program(request.headers.get("User-Agent", "")[:512].encode(errors="replace").decode())
    return Client(
        browser=browser,
        os=system,
        country=_told(request, settings.country_header),
        city=_told(request, settings.city_header),
    )


@lru_cache(maxsize=1024)
def _program(user_agent: str) -> tuple[str | None, str | None]:
    found = parse(user_agent)
    agent, system = found.user_agent, found.os
    browser = f"{agent.family} {agent.major}" if agent and agent.major else agent.family if agent else None
    return browser, system.family if system else None


def _told(request: web.Request, header: str | None) -> str | None:
    value = request.headers.get(header, "").strip() if header else ""
    return value[:_LONGEST] if value.isprintable() and value else None
