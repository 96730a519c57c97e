"""Codes that we draw and people type: no letters or digits that look alike, and only digests are kept."""

import hashlib
import hmac

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: 5 bits a sign."""
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def drawn(chance: bytes, length: int) -> str:
    """Make a code of *length* signs from as many unguessable bytes."""
    if len(chance) < length:
        raise ValueError("too little chance")
    return "".join(_ALPHABET[byte & 31] for byte in chance[:length])


def grouped(code: str, size: int = 4) -> str:
    """Give the code in groups, for reading."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def digest(code: str) -> bytes:
    """Give what is kept of a code, however it was typed; it has 60 random bits or more, so a plain hash does."""
    return hashlib.sha256(code.upper().translate(_MISREAD).encode()).digest()


def same(code: str, kept: bytes) -> bool:
    """Tell whether a typed code is the one that was kept."""
    return hmac.compare_digest(digest(code), kept)
