"""A security key in software: it makes what a browser hands on, with nothing wrong but what a test asks for."""

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

Algorithm = Literal["ES256", "EdDSA", "RS256", "ES384"]
COSE = {"ES256": -7, "EdDSA": -8, "RS256": -257, "ES384": -35}
NO_MODEL = bytes(16)
_UP, _UV, _BE, _BS, _AT = 1, 4, 8, 16, 64
_RSA_BITS = 2048


def encoded(content: bytes) -> str:
    """Give bytes as base64url without padding, as WebAuthn's JSON has them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Give the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(f"{text}==")


@dataclass(frozen=True)
class Told:
    """What one answer says; a test changes what is to be wrong."""

    challenge: bytes
    origin: str
    rp_id: str
    kind: str
    user_present: bool = True
    user_verified: bool = True
    backup_eligible: bool = False
    backed_up: bool = False

    def client_data(self) -> bytes:
        """Give the collected client data (WebAuthn, section 5.8.1)."""
        data = {
            "type": self.kind,
            "challenge": encoded(self.challenge),
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(data).encode()

    def authenticator_data(self, sign_count: int, attested: bytes = b"") -> bytes:
        """Give the authenticator data (WebAuthn, section 6.1)."""
        flags = (
            _UP * self.user_present
            | _UV * self.user_verified
            | _BE * self.backup_eligible
            | _BS * self.backed_up
            | _AT * bool(attested)
        )
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + sign_count.to_bytes(4, "big") + attested


@dataclass
class SoftwareKey:
    """One key with one credential; *count* None stands for a key that does not count, as synced passkeys do not."""

    rp_id: str
    origin: str
    algorithm: Algorithm = "ES256"
    credential_id: bytes = b"a credential id."
    aaguid: bytes = NO_MODEL
    count: int | None = 0
    attestation: Literal["none", "packed"] = "none"
    certified: tuple[Any, bytes] | None = field(default=None, repr=False)
    """The attestation key and certificate of its maker; without one it vouches for itself."""
    private: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.private = self.private or _new(self.algorithm)

    def register(self, challenge: bytes, **wrong: Any) -> dict[str, Any]:
        """Make a credential: `RegistrationResponseJSON`."""
        told = replace(self._told("webauthn.create", challenge), **wrong)
        attested = self.aaguid + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.public_key()
        data, client = told.authenticator_data(self._counted(), attested), told.client_data()
        statement: dict[str, Any] = {}
        if self.attestation == "packed":
            statement = self._statement(data + hashlib.sha256(client).digest())
        whole = cbor2.dumps({"fmt": self.attestation, "attStmt": statement, "authData": data})
        return self._json(client, attestationObject=encoded(whole), transports=["usb", "nfc"]) | {
            "clientExtensionResults": {"credProps": {"rk": True}}
        }

    def answer(self, challenge: bytes, **wrong: Any) -> dict[str, Any]:
        """Answer a challenge: `AuthenticationResponseJSON`."""
        told = replace(self._told("webauthn.get", challenge), **wrong)
        data, client = told.authenticator_data(self._counted()), told.client_data()
        signature = self.sign(data + hashlib.sha256(client).digest())
        return self._json(client, authenticatorData=encoded(data), signature=encoded(signature))

    def public_key(self) -> bytes:
        """Give the public key in COSE (RFC 9053)."""
        public, algorithm = self.private.public_key(), COSE[self.algorithm]
        match self.algorithm:
            case "EdDSA":
                return cbor2.dumps({1: 1, 3: algorithm, -1: 6, -2: public.public_bytes_raw()})
            case "RS256":
                numbers = public.public_numbers()
                modulus = numbers.n.to_bytes(_RSA_BITS // 8, "big")
                return cbor2.dumps({1: 3, 3: algorithm, -1: modulus, -2: numbers.e.to_bytes(3, "big")})
            case _:
                numbers, size = public.public_numbers(), public.key_size // 8
                curve = {"ES256": 1, "ES384": 2}[self.algorithm]
                x, y = numbers.x.to_bytes(size, "big"), numbers.y.to_bytes(size, "big")
                return cbor2.dumps({1: 2, 3: algorithm, -1: curve, -2: x, -3: y})

    def _statement(self, content: bytes) -> dict[str, Any]:
        if self.certified is None:
            return {"alg": COSE[self.algorithm], "sig": self.sign(content)}
        key, certificate = self.certified
        return {"alg": COSE["ES256"], "sig": key.sign(content, ec.ECDSA(SHA256())), "x5c": [certificate]}

    def sign(self, content: bytes) -> bytes:
        """Sign as the algorithm does."""
        signed: bytes
        match self.algorithm:
            case "EdDSA":
                signed = self.private.sign(content)
            case "RS256":
                signed = self.private.sign(content, padding.PKCS1v15(), SHA256())
            case "ES256":
                signed = self.private.sign(content, ec.ECDSA(SHA256()))
            case "ES384":
                signed = self.private.sign(content, ec.ECDSA(SHA384()))
        return signed

    def _told(self, kind: str, challenge: bytes) -> Told:
        return Told(challenge=challenge, origin=self.origin, rp_id=self.rp_id, kind=kind)

    def _counted(self) -> int:
        if self.count is None:
            return 0
        self.count += 1
        return self.count

    def _json(self, client: bytes, **response: Any) -> dict[str, Any]:
        id_ = encoded(self.credential_id)
        return {
            "id": id_,
            "rawId": id_,
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": {"clientDataJSON": encoded(client), **response},
        }


def _new(algorithm: Algorithm) -> Any:
    match algorithm:
        case "EdDSA":
            return ed25519.Ed25519PrivateKey.generate()
        case "RS256":
            return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
        case "ES384":
            return ec.generate_private_key(ec.SECP384R1())
