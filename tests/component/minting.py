"""A small provider that gives any token out and tells the truth about each."""

import base64
import hmac
import json
import time

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"use": "sig"}, private=True)
KEY.ensure_kid()
STRANGER = RSAKey.generate_key(2048, {"kid": KEY.kid}, private=True)


class SmallProvider:
    """Publish metadata and keys, and tell what is known of opaque tokens."""

    def __init__(self):
        self.keys, self.opaque, self.asked, self.down = [KEY], {}, [], False
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/introspect", self._introspect)
        self.server = TestServer(app)

    @property
    def issuer(self):
        return str(self.server.make_url("/")).rstrip("/")

    async def _metadata(self, _request):
        return web.json_response(
            {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/keys",
                "introspection_endpoint": f"{self.issuer}/introspect",
            }
        )

    async def _keys(self, _request):
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def _introspect(self, request):
        if self.down:
            raise web.HTTPServiceUnavailable
        assert request.headers["Authorization"].startswith("Basic ")
        token = (await request.post())["token"]
        self.asked.append(token)
        return web.json_response(self.opaque.get(token, {"active": False}))


def claims(provider, **changed):
    told = {"iss": provider.issuer, "aud": ["portal"], "sub": "alice", "exp": int(time.time()) + 60} | changed
    return {name: value for name, value in told.items() if value is not None}


def signed(provider, typ="at+jwt", key=KEY, algorithm="RS256", **changed):
    header = {"alg": algorithm, "kid": KEY.kid, **({"typ": typ} if typ else {})}
    return jwt.encode(header, claims(provider, **changed), key, algorithms=[algorithm])


def by_hand(provider, algorithm, secret=b""):
    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head = {"alg": algorithm, "kid": KEY.kid, "typ": "at+jwt"}
    said = f"{part(json.dumps(head).encode())}.{part(json.dumps(claims(provider)).encode())}"
    return f"{said}.{part(hmac.digest(secret, said.encode(), 'sha256')) if secret else ''}"


def by_hand_with(token, algorithm, secret=b""):
    """Give a JWT with the claims and the header of *token*, signed as *algorithm* says, or not at all."""

    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head, content, _ = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(f"{head}==")) | {"alg": algorithm}
    said = f"{part(json.dumps(told).encode())}.{content}"
    return f"{said}.{part(hmac.digest(secret, said.encode(), 'sha256')) if secret else ''}"
