"""What security-info is told by its environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import phonenumbers
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from joserfc.jwk import OKPKey
from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_core import from_json
from pydantic_settings import NoDecode

from security_info.methods.security_key import RelyingParty
from security_info.policy import DEFAULT
from security_info.quotas import Allowance
from shared.contracts.security_info import Country
from shared.contracts.security_policy import SecurityPolicy
from shared.letters import Channel
from shared.settings import SendingSettings

_SHORTEST_KEY = 32


def _certificates(told: object) -> tuple[bytes, ...]:
    """Read a PEM file of certificates."""
    if not isinstance(told, str):
        return told if isinstance(told, tuple) else ()
    try:
        found = load_pem_x509_certificates(Path(told).read_bytes())
    except (OSError, ValueError) as error:
        raise ValueError("no readable PEM file of certificates") from error
    return tuple(one.public_bytes(Encoding.PEM) for one in found)


class Settings(SendingSettings):
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

    target_key: SecretStr = Field(
        description="Counts the codes to a number or an address by a keyed hash: at least 32 bytes in hexadecimal."
    )
    phone_countries: tuple[Country, ...] = Field(
        default=(),
        description="The countries whose telephone numbers codes are sent to (ISO 3166-1 alpha-2), as JSON; "
        "without any, and without a webhook, there are no phones.",
    )
    codes_an_hour: int = Field(default=5, gt=0, description="To one account and to one number or address.")
    code_pause_seconds: float = Field(default=30, ge=0, description="Between two codes to one account.")
    texts_and_calls_an_hour: int = Field(
        default=1000, gt=0, description="The ceiling for all codes by text, and again for all by call."
    )
    code_mails_an_hour: int = Field(default=10_000, gt=0, description="The ceiling for all codes by e-mail.")

    @field_validator("target_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(bytes.fromhex(value.get_secret_value())) < _SHORTEST_KEY:
            raise ValueError("at least 64 hexadecimal digits are needed (32 bytes)")
        return value

    @field_validator("phone_countries")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(value) - phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f"no such country: {', '.join(sorted(unknown))}")
        return value

    def allowance(self) -> Allowance:
        """Give how many codes may be sent."""
        return Allowance(sends=self.codes_an_hour, pause=timedelta(seconds=self.code_pause_seconds))

    def ceilings(self) -> dict[Channel, int]:
        """Give how many codes may be sent at all, in an hour."""
        costly = self.texts_and_calls_an_hour
        return {"text": costly, "call": costly, "mail": self.code_mails_an_hour}

    def unavailable(self) -> frozenset[str]:
        """Name the types of methods that nothing is configured for."""
        phones = self.webhook_url is not None and self.phone_countries
        return frozenset({*(() if phones else ("phone",)), *(() if self.smtp_url else ("email",))})

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
