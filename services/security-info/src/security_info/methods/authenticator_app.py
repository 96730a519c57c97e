"""Authenticator apps: time-based one-time codes (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds)."""

import base64
import hmac
from datetime import datetime
from typing import Literal

import pyotp

from security_info.methods.kind import Kind, Method
from shared.facts import Facts
from shared.sealing import Secret

KIND = Kind(
    type="authenticator-app",
    limit=5,
    purposes=("two_step", "password_reset"),
    counts_for=frozenset({"two_step", "password_reset"}),
    names={"en": "Authenticator app", "sv": "Autentiseringsapp"},
    proves=True,
    can_be_default=True,
)
STEP = 30
"""Seconds that a code stands for."""
_DRIFT = (-1, 0, 1)
"""Steps that a clock may be off (RFC 6238, section 5.2)."""
_KEY_BYTES = 20


class AuthenticatorApp(Method):
    """An authenticator app; *used_step* is the last time step whose code was accepted."""

    type: Literal["authenticator-app"] = "authenticator-app"
    key: Secret
    used_step: int | None = None

    def step_of(self, code: str, now: datetime) -> int | None:
        """Tell the time step that *code* is right for, or None; the key must be opened."""
        return step_of(code, self.key.value, at=now, used=self.used_step)


def new_key(facts: Facts) -> str:
    """Draw a key of 160 bits (RFC 4226, section 4, R6), in Base32."""
    return base64.b32encode(facts.secret("authenticator-app", _KEY_BYTES)).decode()


def grouped(key: str) -> str:
    """Give the key in groups of four, for typing."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def uri(key: str, *, issuer: str, account_name: str) -> str:
    """Give the otpauth URI (Key Uri Format) that an app reads from the QR code."""
    return pyotp.TOTP(key).provisioning_uri(name=account_name, issuer_name=issuer)


def step_of(code: str, key: str, *, at: datetime, used: int | None) -> int | None:
    """Tell the time step that *code* is right for, or None.

    A step is used once: *used* is the last one that was accepted, and no step up to it counts any more.
    """
    totp = pyotp.TOTP(key)
    current = totp.timecode(at)
    matching = None
    for drift in _DRIFT:
        right = hmac.compare_digest(totp.generate_otp(current + drift), code)
        if right and (used is None or current + drift > used):
            matching = current + drift
    return matching
