"""Where a system's token comes from: the environment, the identity provider, or the onebox of this folder."""

import json
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

import aiohttp
from yarl import URL

from onebox.directory import SYSTEM
from onebox.importing.away import AwayError, refused
from onebox.processes import SetupError
from onebox.token import running, safe, system_token
from shared.contracts.devices import WRITE

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750, section 2.1
_TIMEOUT = aiohttp.ClientTimeout(total=10)

Tokens = Callable[[], Awaitable[str]]


def portal_and_tokens(url: str | None, environment: Mapping[str, str] = os.environ) -> tuple[str, Tokens]:
    """Give the portal's origin, and how to get a token for it; SetupError where something is missing.

    `TOKEN` is a token; `ISSUER`, `CLIENT_ID` and `CLIENT_SECRET` get one by client credentials (RFC 6749, section 4.4),
    a new one for each request. Without any of them, onebox gives one for itself.
    """
    if token := environment.get("TOKEN", "").strip():
        if not _TOKEN.fullmatch(token):
            raise SetupError("What was given as a token is none.")
        return safe(url or running()["gateway"]), partial(_given, token)
    named = [environment.get(name, "") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")]
    if any(named):
        if not all(named):
            raise SetupError("ISSUER, CLIENT_ID and CLIENT_SECRET belong together.")
        _origin(named[0], "ISSUER")
        return safe(url or running()["gateway"]), partial(_asked, *named)
    noted = running()
    if url and safe(url) != noted["gateway"]:
        raise SetupError(f"Give a token for {url} in TOKEN, or ISSUER, CLIENT_ID and CLIENT_SECRET to get one.")
    return noted["gateway"], partial(system_token, noted["provider"], SYSTEM, noted["systems"][SYSTEM.client_id])


async def _given(token: str) -> str:
    return token


async def _asked(issuer: str, client_id: str, secret: str) -> str:
    """Ask the provider; AwayError where it may answer another time, SetupError where asking again makes no sense."""
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as http:
            address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            async with http.get(address, allow_redirects=False) as response:
                endpoint = _member(await _answer(response), "token_endpoint")
            _origin(endpoint, "The provider's token_endpoint")
            form = {"grant_type": "client_credentials", "client_id": client_id, "scope": WRITE}
            headers = {"Authorization": aiohttp.encode_basic_auth(client_id, secret)}
            async with http.post(endpoint, data=form, headers=headers, allow_redirects=False) as response:
                token = _member(await _answer(response), "access_token")
    except aiohttp.InvalidURL as error:
        raise SetupError(f"{error.url} is no address of a provider.") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise AwayError(f"The provider does not answer ({type(error).__name__}).") from error
    if not _TOKEN.fullmatch(token):
        raise SetupError("What the provider gives as a token is none.")
    return token


async def _answer(response: aiohttp.ClientResponse) -> dict[str, Any]:
    content = await response.read()
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if response.status != HTTPStatus.OK:
        said = answer if isinstance(answer, dict) else {}
        why = said.get("error_description") or said.get("error") or response.reason
        told = f"The provider gives no token: {response.url.path} says {response.status} ({why})."
        raise refused(told, response.status, response.headers)
    if not isinstance(answer, dict):
        raise SetupError(f"The provider gives no token: {response.url.path} answers no JSON object.")
    return answer


def _member(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise SetupError(f"The provider gives no token: it answers without {name}.")
    return value


def _origin(address: str, whose: str) -> str:
    """Give the origin of an address that has a path."""
    try:
        return safe(str(URL(address).origin()))
    except (ValueError, SetupError):
        raise SetupError(f"{whose} {address} is no https address; http is for this very machine.") from None
