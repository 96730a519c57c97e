"""A browser without a screen: it keeps cookies, follows redirects and fills the provider's forms in."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from typing import Any

import aiohttp
from yarl import URL

from onebox.accounts import DEMO_PASSWORD
from tests.conftest import Portal

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


class Browser:
    """One person's browser; what it sends to change something says that it came from the portal's own pages.

    It brings a proof along unless *proves* is false.
    """

    def __init__(self, portal: Portal, *, proves: bool = True) -> None:
        self._portal, self._proves = portal, proves
        self.proof: dict[str, str] = {}
        self._http = aiohttp.ClientSession(headers={"User-Agent": FIREFOX})

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def sign_in(self, account: str) -> None:
        """Sign in by the provider's forms."""
        address = URL(f"{self._portal.url}/sign-in").with_query(return_to="/api/overview")
        at, content = await self._through_the_forms(address, account)
        assert at == URL(f"{self._portal.url}/api/overview"), content
        if self._proves:
            self.proof = self._portal.prover.header(account, self.session.split(".")[0])

    async def tokens(self, account: str) -> dict[str, Any]:
        """Get tokens as the gateway would, by the code flow, without the gateway."""
        verifier = secrets.token_urlsafe(48)
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        provider = self._portal.provider
        metadata = await self._json("GET", f"{provider.issuer}/.well-known/openid-configuration")
        back = f"{self._portal.url}/signed-in"
        wish = {
            "client_id": provider.client_id,
            "response_type": "code",
            "redirect_uri": back,
            "scope": "openid profile email",
            "state": "s",
            "nonce": "n",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        # The gateway refuses the code, which is not its own wish: it is still there to be exchanged.
        at, _ = await self._through_the_forms(URL(metadata["authorization_endpoint"]).with_query(wish), account)
        form = {
            "grant_type": "authorization_code",
            "code": at.query["code"],
            "code_verifier": verifier,
            "redirect_uri": back,
        }
        basic = aiohttp.encode_basic_auth(provider.client_id, provider.client_secret)
        return await self._json("POST", metadata["token_endpoint"], data=form, headers={"Authorization": basic})

    async def __call__(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Call the API as a script of the portal's own pages would; give the status and the decoded answer."""
        more = {"json": body} if body is not None else {}
        sent = {"Origin": self._portal.url, "Sec-Fetch-Site": "same-origin", **self.proof, **(headers or {})}
        async with self._http.request(method, f"{self._portal.url}/api{path}", headers=sent, **more) as response:
            return response.status, await response.json(content_type=None) if response.content_length != 0 else None

    async def sign_out(self) -> URL:
        """Sign out, and give the provider's address that the portal sends to."""
        address, own = f"{self._portal.url}/sign-out", {"Origin": self._portal.url}
        async with self._http.post(address, headers=own, allow_redirects=False) as response:
            assert response.status == 303
            return URL(response.headers["Location"])

    @property
    def session(self) -> str:
        """The value of the session cookie."""
        return self._http.cookie_jar.filter_cookies(URL(self._portal.url))["profile"].value

    async def _through_the_forms(self, address: URL, account: str) -> tuple[URL, str]:
        at, page = await self._page("GET", address)
        for fields in ({"login": account}, {"password": DEMO_PASSWORD}):
            if str(at).startswith(self._portal.url):
                break
            proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert proof, page
            at, page = await self._page("POST", at, data={"csrf_token": proof[1], **fields})
        return at, page

    async def _page(self, method: str, address: URL, **sent: Any) -> tuple[URL, str]:
        async with self._http.request(method, address, **sent) as response:
            return response.url, await response.text()

    async def _json(self, method: str, address: str, **sent: Any) -> dict[str, Any]:
        async with self._http.request(method, address, **sent) as response:
            assert response.status == 200, await response.text()
            return await response.json()
