"""Who is asking: a token that the gateway signs for one service and one minute."""

import time
from collections import OrderedDict
from typing import Any, Literal, TypeAlias

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.envelope import Client
from shared.contracts.problem import NotSignedIn

ALGORITHM = "Ed25519"
ISSUER = "gateway"
LIFETIME = 60
"""Seconds that a token lives; a minted one is used again for at most half of them."""
_LEEWAY = 5
"""Seconds that the clocks of two machines may be apart."""
_KEPT = 5_000


class Principal(BaseModel):
    """The person on whose behalf the gateway asks."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    account: str
    session: str | None = None
    name: str | None = None
    email: str | None = None
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    language: str = "en"
    client: Client = Client()


class SystemClient(BaseModel):
    """The system that asks, what it may ask for, and for which organizations it speaks."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    client_id: str
    scopes: frozenset[str] = frozenset()
    organizations: frozenset[str] = Field(default=frozenset(), description="`*` stands for every one.")
    acts_for: Literal["system", "administrator"] = "system"

    def speaks_for(self, organization_id: str | None) -> bool:
        """Tell whether the system is bound to an organization; what is of none belongs to those bound to every one."""
        return "*" in self.organizations or (organization_id is not None and organization_id in self.organizations)


Caller: TypeAlias = Principal | SystemClient


class Signer:
    """Mint tokens towards the services; only the gateway has the key."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self._minted: OrderedDict[tuple[Caller, str], tuple[float, str]] = OrderedDict()

    def token(self, caller: Caller, audience: str) -> str:
        """Give a token for *audience*, the one minted before while more than half of its life is left."""
        wanted = (caller, audience)
        moment = time.time()
        if (kept := self._minted.get(wanted)) and kept[0] > moment:
            return kept[1]
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "iat": int(moment),
            "exp": int(moment) + LIFETIME,
            **_told(caller),
        }
        minted = jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key, algorithms=[ALGORITHM])
        self._minted[wanted] = (moment + LIFETIME / 2, minted)
        if len(self._minted) > _KEPT:
            self._minted.popitem(last=False)
        return minted


class Verifier:
    """Check tokens in a service, each only once in its life."""

    def __init__(self, keys: KeySet, audience: str) -> None:
        self._keys = keys
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        self._known: OrderedDict[str, tuple[float, Caller]] = OrderedDict()

    def caller(self, authorization: str | None) -> Caller:
        """Tell who an `Authorization` header stands for; anything but a live token of ours is `NotSignedIn`."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn
        if (known := self._known.get(token)) and known[0] > time.time():
            return known[1]
        claims = self._checked(token)
        try:
            caller = _heard(claims)
        except (ValidationError, KeyError, TypeError) as error:
            raise NotSignedIn from error
        self._known[token] = (claims["exp"], caller)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return caller

    def _checked(self, token: str) -> dict[str, Any]:
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise NotSignedIn from error
        return decoded.claims


def _told(caller: Caller) -> dict[str, Any]:
    """Give the claims that tell who asks; whether a person or a system does is told by their names."""
    if isinstance(caller, SystemClient):
        return {"sub": caller.client_id, "system": caller.model_dump(mode="json", exclude={"client_id"})}
    return {"sub": caller.account, "principal": caller.model_dump(exclude={"account"}, exclude_none=True)}


def _heard(claims: dict[str, Any]) -> Caller:
    if "system" in claims:
        return SystemClient(client_id=claims["sub"], **claims["system"])
    return Principal(account=claims["sub"], **claims["principal"])


def new_key() -> OKPKey:
    """Make a signing key for the gateway."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM}, private=True)
    key.ensure_kid()
    return key
