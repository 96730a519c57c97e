"""What security-info is told by its environment."""

from pathlib import Path
from typing import Annotated

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from joserfc.jwk import OKPKey
from pydantic import BeforeValidator, Field, SecretStr
from pydantic_core import from_json
from pydantic_settings import NoDecode

from security_info.methods.security_key import RelyingParty
from security_info.policy import DEFAULT
from shared.contracts.security_policy import SecurityPolicy
from shared.settings import ProvedSettings


def _certificates(told: object) -> tuple[bytes, ...]:
    """Read a PEM file of certificates."""
    if not isinstance(told, str):
        return told if isinstance(told, tuple) else ()
    try:
        found = load_pem_x509_certificates(Path(told).read_bytes())
    except (OSError, ValueError) as error:
        raise ValueError("no readable PEM file of certificates") from error
    return tuple(one.public_bytes(Encoding.PEM) for one in found)


class Settings(ProvedSettings):
    port: int = 8082
    database: str = "security_info"
    issuer: str = Field(
        default="My Profile", max_length=60, description="How an authenticator app or a key names the organization."
    )
    proof_key: SecretStr = Field(description="Signs proofs: an Ed25519 private key as a JSON Web Key (RFC 8037).")
    relying_party_id: str = Field(
        description="The domain that security keys are registered for (WebAuthn, section 5.1.2); never changed."
    )
    origins: tuple[str, ...] = Field(min_length=1, description="The origins of the pages that use security keys.")
    attestation_roots: Annotated[tuple[bytes, ...], NoDecode, BeforeValidator(_certificates)] = Field(
        default=(),
        description="Path of a PEM file with the roots of makers of keys whose attestations are trusted.",
    )
    default_policy: SecurityPolicy = Field(
        default=DEFAULT, description="What holds where an organization says nothing, as JSON."
    )

    def proof_signing_key(self) -> OKPKey:
        """Give the key that signs proofs."""
        return OKPKey.import_key(from_json(self.proof_key.get_secret_value()))

    def relying_party(self) -> RelyingParty:
        """Tell who we are to security keys."""
        return RelyingParty(
            id=self.relying_party_id,
            name=self.issuer,
            origins=self.origins,
            attestation_roots=self.attestation_roots,
        )
