"""Authenticator apps: time-based one-time codes (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds)."""

import base64
import hmac
from datetime import datetime

import pyotp

from shared.facts import Facts

LIMIT = 5
NAMES = {"en": "Authenticator app", "sv": "Autentiseringsapp"}
"""What one is called that the person did not name."""
STEP = 30
"""Seconds that a code stands for."""
_DRIFT = (-1, 0, 1)
"""Steps that a clock may be off (RFC 6238, section 5.2)."""
_KEY_BYTES = 20


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
