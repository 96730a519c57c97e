"""Where a system's token comes from: the environment, the identity provider, or the onebox of this folder."""

import os
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import aiohttp
from yarl import URL

from onebox.directory import SYSTEM
from onebox.processes import SetupError
from onebox.token import running, system_token
from shared.contracts.devices import WRITE

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750, section 2.1
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
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
        return safe(url or running()["gateway"]), partial(_asked, *named)
    noted = running()
    if url and safe(url) != noted["gateway"]:
        raise SetupError(f"Give a token for {url} in TOKEN, or ISSUER, CLIENT_ID and CLIENT_SECRET to get one.")
    return noted["gateway"], partial(system_token, noted["provider"], SYSTEM, noted["systems"][SYSTEM.client_id])


def safe(address: str) -> str:
    """Give the origin of an address; SetupError where a secret could be read on its way there."""
    try:
        url = URL(address)
        if url.path == "/" and (url.scheme == "https" or (url.scheme == "http" and url.host in _THIS_MACHINE)):
            return str(url.origin())
    except ValueError:  # no address at all
        pass
    raise SetupError(f"{address} is no https address without a path; http is for this very machine.")


async def _given(token: str) -> str:
    return token


async def _asked(issuer: str, client_id: str, secret: str) -> str:
    """Ask the provider; who cannot be reached is no mistake, and may be asked again."""
    safe(str(URL(issuer).origin()))
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
        async with http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration") as response:
            response.raise_for_status()
            endpoint = str((await response.json(content_type=None))["token_endpoint"])
        safe(str(URL(endpoint).origin()))
        form = {"grant_type": "client_credentials", "client_id": client_id, "scope": WRITE}
        headers = {"Authorization": aiohttp.encode_basic_auth(client_id, secret)}
        async with http.post(endpoint, data=form, headers=headers) as response:
            answer = await response.json(content_type=None)
    if "access_token" not in answer:
        raise SetupError(f"The provider gives no token: {answer.get('error_description') or answer.get('error')}")
    return str(answer["access_token"])
