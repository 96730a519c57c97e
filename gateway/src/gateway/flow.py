"""One sign-in on its way to the provider and back: all that is known of it lies in one cookie of the browser."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Self

_AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Flow:
    """A wish to sign in and then to go to *target*; state, nonce and PKCE verifier are derived from *secret*.

    So nothing is stored here and two tabs may sign in at once. *again* makes the provider ask for the password, also
    where it knows the person.
    """

    secret: str
    target: str
    again: bool = False

    @classmethod
    def begin(cls, target: str, *, again: bool) -> Self:
        """Begin a flow."""
        return cls(secrets.token_urlsafe(32), target, again)

    @classmethod
    def of_cookie(cls, value: str, state: str) -> Self | None:
        """Give the flow that a cookie holds, if it is the one that the provider's *state* answers to."""
        secret, _, rest = value.partition(".")
        target, _, mark = rest.partition(".")
        if not secret:
            return None
        flow = cls(secret, _from_base64url(target), mark == _AGAIN)
        return flow if hmac.compare_digest(state.encode(), flow.state.encode()) else None

    @property
    def cookie(self) -> str:
        """Give the value of the cookie."""
        parts = [self.secret, _base64url(self.target.encode()), *([_AGAIN] if self.again else [])]
        return ".".join(parts)

    @property
    def state(self) -> str:
        """Give `state`, which ties the provider's answer to this browser."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """Give `nonce`, which ties the ID token to this flow."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """Give the PKCE code verifier (RFC 7636)."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """Give its S256 code challenge."""
        return _base64url(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, purpose: str) -> str:
        return _base64url(hmac.digest(self.secret.encode(), purpose.encode(), hashlib.sha256))


def cookie_name(state: str) -> str:
    """Name the cookie of the flow with this *state*; each has its own."""
    return f"sign-in-{hashlib.sha256(state.encode()).hexdigest()[:12]}"


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _from_base64url(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return "/"
